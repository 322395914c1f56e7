import { expectedTimesSchema } from '@interpulse/domain/flow/expected-times.ts';
import {
  predictFlowRun,
  type FlowRunPrediction,
} from '@interpulse/domain/flow/predict-flow-run.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import type { OwnedFlowRun } from '@interpulse/store/flow-runs/read-flow-runs.ts';
import type { Hub } from '../hub.ts';

/**
 * When a flow run will end, by what its Choices go by: what was known when it began. One without a
 * deadline kept none of it; the last runs of its flow say, then. Who is in a transaction gives it:
 * to wait for another connection there is to wait for those who wait for one as well.
 */
export async function predictRun(
  hub: Hub,
  run: OwnedFlowRun,
  db: Executor = hub.db,
): Promise<FlowRunPrediction | null> {
  const { standing, flowName, deadlineAt } = run;
  const own = standing?.branches.find(({ path }) => path.length === 0);
  if (standing === null || own === undefined) return null;
  const definition = await hub.definitions.get(flowName, run.flowVersion, db);
  const kept = expectedTimesSchema.safeParse(standing.expected).data ?? {};
  const now = hub.now();
  const times =
    Object.keys(kept).length > 0
      ? kept
      : await hub.expectedTimes.get(db, flowName, definition, now);
  const { state, enteredAt, wait } = own;
  const place = { state, enteredAt, wait, visits: standing.visits };
  return predictFlowRun(definition, times, { place, deadlineAt }, now);
}
