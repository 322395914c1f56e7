import { appendEvents } from '../events/append-events.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';

/** What people change of a flow run. */
export interface FlowRunChange {
  label?: string | undefined;
  /** Replace the old ones. */
  tags?: Record<string, string> | undefined;
  managers?: string[] | undefined;
  monitors?: string[] | undefined;
}

/** Changes a flow run's label, tags and people, and notes who did. */
export async function changeFlowRun(
  tx: Executor,
  run: { id: string; project: string },
  change: FlowRunChange,
  by: { actor: string; at: string },
): Promise<void> {
  await tx.query(
    `update flow_runs set label = coalesce($2, label), tags = coalesce($3::jsonb, tags),
       managers = coalesce($4::text[], managers), monitors = coalesce($5::text[], monitors)
     where id = $1`,
    [
      run.id,
      change.label ?? null,
      change.tags === undefined ? null : jsonb(change.tags),
      change.managers ?? null,
      change.monitors ?? null,
    ],
  );
  const subject = { subjectType: 'flowRun' as const, subjectId: run.id, flowRunId: run.id };
  const data = { changed: Object.keys(change) };
  const event = { ...subject, ...by, kind: 'flowRun.changed', project: run.project, data };
  await appendEvents(tx, [event]);
}
