import type { RouteInput } from '@interpulse/api/routes/all-routes.ts';
import { authorize, type Verb } from '@interpulse/domain/access/authorize.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import { flowRunThing } from '@interpulse/domain/flow-run/flow-access.ts';
import { listFlowRuns } from '@interpulse/store/flow-runs/list-flow-runs.ts';
import type { OwnedFlowRun } from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { applyFlowEvent } from '../../flow-runs/apply-flow-event.ts';
import { demand, visibleTo, type Call } from '../handler.ts';
import { flowRunFilterOf } from './flow-run-filter.ts';

type Selection = Pick<RouteInput<'cancelFlowRuns'>['body'], 'flowRunIds' | 'filter'>;

/** Flow runs that are canceled side by side. */
const sideBySide = 8;

/**
 * The flow runs that a request is for and with which the caller may do what it wants to.
 * @throws DomainError when it names none, too many, or one that the caller may not see.
 */
export async function selectFlowRuns(
  call: Call,
  { flowRunIds, filter }: Selection,
  verb: Verb,
  isFit: (run: OwnedFlowRun) => boolean,
): Promise<OwnedFlowRun[]> {
  const { hub, who } = call;
  if ((flowRunIds === undefined) === (filter === undefined)) {
    throw new DomainError('invalid', 'say which flow runs: either "flowRunIds" or "filter"');
  }
  const most = flowLimits.flowRunsPerBulk;
  const wanted = filter
    ? flowRunFilterOf(call, filter)
    : { ...visibleTo(who), ids: flowRunIds ?? [] };
  const runs = await listFlowRuns(hub.db, { ...wanted, limit: most + 1 });
  if (runs.length > most) {
    const message = `more than ${most} flow runs are meant; narrow the filter, or take several`;
    throw new DomainError('exhausted', message);
  }
  if (flowRunIds === undefined) {
    return runs.filter(
      (run) => isFit(run) && authorize(who, verb, flowRunThing(run, run)) === 'allowed',
    );
  }
  const found = new Set<string>(runs.map(({ id }) => id));
  const unknown = flowRunIds.find((id) => !found.has(id));
  if (unknown !== undefined) throw new DomainError('notFound', `there is no flow run ${unknown}`);
  for (const run of runs) demand(who, verb, flowRunThing(run, run), `flow run ${run.id}`);
  return runs.filter(isFit);
}

/** Cancels those of a selection that have not ended; says how many. */
export async function cancelSelection(
  call: Call,
  body: RouteInput<'cancelFlowRuns'>['body'],
): Promise<{ count: number; dryRun: boolean }> {
  const runs = await selectFlowRuns(call, body, 'run', ({ endedAt }) => endedAt === null);
  if (body.dryRun) return { count: runs.length, dryRun: true };
  return { count: await cancelRuns(call, runs), dryRun: false };
}

/** Cancels flow runs, each in a transaction of its own; how many it was not too late for. */
export async function cancelRuns(
  { hub, who }: Call,
  runs: readonly Pick<OwnedFlowRun, 'id'>[],
): Promise<number> {
  const event = { kind: 'canceled' as const, by: who.name, reason: 'asked for' };
  const left = [...runs];
  let count = 0;
  const work = async (): Promise<void> => {
    for (let run = left.pop(); run !== undefined; run = left.pop()) {
      const { id } = run;
      if (await hub.transaction((tx) => applyFlowEvent(hub, tx, id, event))) count += 1;
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  return count;
}
