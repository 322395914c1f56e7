import type { Instant } from '../time.ts';
import type { FlowDefinition } from './definition.ts';
import { FlowTurn } from './flow-turn.ts';
import type {
  FlowEffect,
  FlowEvent,
  FlowLogLine,
  FlowProgress,
  FlowRefusal,
} from './flow-progress.ts';

/**
 * Takes a flow run on by several events, one after the other, as `advanceFlow` does by one: many
 * ends of one Map are one turn. `refusals` are in the order of the events, null for those taken.
 * @throws BranchesMissing, when the run was given in part and an event concerns more of it.
 */
export function advanceFlowBy(
  definition: FlowDefinition,
  run: FlowProgress,
  events: readonly FlowEvent[],
  now: Instant,
): {
  run: FlowProgress;
  effects: FlowEffect[];
  log: FlowLogLine[];
  refusals: (FlowRefusal | null)[];
} {
  const turn = new FlowTurn(definition, run, now);
  const refusals = events.map((event) => turn.take(event));
  return { ...turn.result(), refusals };
}
