import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import type { FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import type { ItemCounts, StateCounts } from '@interpulse/domain/flow-run/step-counts.ts';
import type { Json } from '@interpulse/domain/json.ts';
import { countItems, countStates } from '@interpulse/store/flow-runs/count-flow-steps.ts';
import type { FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import type { Hub } from '../../hub.ts';
import { CostlyReads } from './costly-reads.ts';

/** The counts of a flow run; with more steps than this they are read once in a while. */
const manySteps = 1000;

interface Counts {
  stepCount: number;
  states: StateCounts[];
  items: ItemCounts[];
}

const reads = new WeakMap<Hub, CostlyReads<Counts>>();

function readsOf(hub: Hub): CostlyReads<Counts> {
  const known = reads.get(hub) ?? new CostlyReads<Counts>(({ stepCount }) => stepCount > manySteps);
  reads.set(hub, known);
  return known;
}

async function readCounts(hub: Hub, flowRunId: string): Promise<Counts> {
  const states = await countStates(hub.db, flowRunId);
  const stepCount = states.reduce((sum, { visits }) => sum + visits, 0);
  const items = await countItems(hub.db, flowRunId, states);
  return { stepCount, states, items };
}

/**
 * What a flow run's document says of all its steps, those that it has no room for too.
 * @param told with what actions under way say of themselves
 */
export async function countSteps(
  hub: Hub,
  { id }: Pick<FlowRun, 'id'>,
  told: readonly FlowStep[],
): Promise<Counts> {
  const { states, ...counts } = await readsOf(hub).get(id, () => readCounts(hub, id));
  const reasons = new Map(told.map(({ sequence, reason }) => [sequence, reason]));
  return {
    ...counts,
    states: states.map((state) => ({ ...state, reason: reasons.get(state.step) ?? state.reason })),
  };
}

/** The output as a flow run's document has it: a large one is to be asked for. */
export function documentOutput(output: Json): { output: Json; outputBytes: number | null } {
  if (output === null) return { output, outputBytes: null };
  const outputBytes = Buffer.byteLength(JSON.stringify(output));
  return { output: outputBytes > flowLimits.documentOutputBytes ? null : output, outputBytes };
}
