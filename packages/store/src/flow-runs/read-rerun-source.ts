import type { FlowLogEntry, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { listDocumentSteps } from './read-flow-steps.ts';

/** What is stored of a flow run that its document at any state can be rebuilt from. */
export interface RerunSource {
  input: JsonObject;
  /** The document with which it began: its input, or that of the flow run before it. */
  start: JsonObject;
  log: FlowLogEntry[];
}

/** Reads a flow run's input, first document and whole log. */
export async function readRerunSource(db: Executor, id: string): Promise<RerunSource> {
  const [documents] = await db.query<{ input: JsonObject; start: JsonObject }>(
    `select input, coalesce(start_document, input) as start from flow_runs where id = $1`,
    [id],
  );
  const log = await db.query<FlowLogEntry>(
    `select sequence, at, code, description, details from flow_log
     where flow_run_id = $1 order by sequence`,
    [id],
  );
  return { ...(documents ?? { input: {}, start: {} }), log };
}

const longestChain = 50;

/** Whether a flow run does another one again, which may have done that one again in turn. */
export async function doesAgain(db: Executor, flowRunId: string, of: string): Promise<boolean> {
  const [row] = await db.query<{ found: boolean }>(
    `with recursive chain(of, depth) as (
       select rerun_of, 1 from flow_runs where id = $1 and rerun_of is not null
       union all
       select r.rerun_of, c.depth + 1 from chain c join flow_runs r on r.id = c.of
       where r.rerun_of is not null and c.depth < ${longestChain})
     select exists (select from chain where of = $2) as found`,
    [flowRunId, of],
  );
  return row?.found === true;
}

/** The steps that a flow run took over from those it does again, in their order; the newest. */
export async function listTakenOver(db: Executor, flowRunId: string): Promise<FlowStep[]> {
  const chain = await db.query<{ of: string; step: number }>(
    `with recursive chain(of, step, depth) as (
       select rerun_of, rerun_step, 1 from flow_runs where id = $1 and rerun_step is not null
       union all
       select r.rerun_of, r.rerun_step, c.depth + 1 from chain c join flow_runs r on r.id = c.of
       where r.rerun_step is not null and c.depth < ${longestChain})
     select of, step from chain order by depth desc`,
    [flowRunId],
  );
  const steps: FlowStep[] = [];
  for (const { of, step } of chain) {
    steps.push(...(await listDocumentSteps(db, of, step)));
  }
  return steps.slice(-flowLimits.documentSteps);
}
