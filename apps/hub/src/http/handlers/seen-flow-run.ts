import type { Verb } from '@interpulse/domain/access/authorize.ts';
import type { FlowRunPrediction } from '@interpulse/domain/flow/predict-flow-run.ts';
import { flowRunThing } from '@interpulse/domain/flow-run/flow-access.ts';
import type { FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { findFlowRun, type OwnedFlowRun } from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { predictRun } from '../../flow-runs/predict-run.ts';
import type { Hub } from '../../hub.ts';
import { demand, type Call } from '../handler.ts';
import { existing } from './existing.ts';

/**
 * A flow run with which the caller may do what it wants to.
 * @throws DomainError notFound or forbidden.
 */
export async function seenFlowRun(
  { hub, who }: Pick<Call, 'hub' | 'who'>,
  id: string,
  verb: Verb,
): Promise<OwnedFlowRun> {
  const run = existing(await findFlowRun(hub.db, id), `flow run ${id}`);
  demand(who, verb, flowRunThing(run, run), `flow run ${id}`);
  return run;
}

/** Flow runs as the API shows them. */
export async function publicFlowRuns(hub: Hub, runs: readonly OwnedFlowRun[]): Promise<FlowRun[]> {
  return Promise.all(runs.map((run) => publicFlowRun(hub, run)));
}

/** A flow run as the API shows it; `db` is the caller's transaction, in one. */
export async function publicFlowRun(
  hub: Hub,
  run: OwnedFlowRun,
  db: Executor = hub.db,
): Promise<FlowRun> {
  const prediction = await predictRun(hub, run, db);
  return shownFlowRun(run, prediction);
}

/** A flow run as the API shows it, by whoever has foretold its end. */
export function shownFlowRun(run: OwnedFlowRun, prediction: FlowRunPrediction | null): FlowRun {
  const { ownerId: _, runManagers: __, runMonitors: ___, standing: ____, ...shown } = run;
  return { ...shown, predictedFinishAt: prediction?.finishAt ?? null };
}
