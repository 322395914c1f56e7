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

/** The new progress, and what to do. */
interface Advanced {
  run: FlowProgress;
  effects: FlowEffect[];
  log: FlowLogLine[];
}

/** What an event led to, or why it changed nothing. */
export type AdvanceResult = Advanced | { refusal: FlowRefusal };

/**
 * Takes a flow run on by one event, through all states that need not wait:
 *
 *     (new) ──started──▶ ACTIVE ──last state ended──────────────────▶ SUCCEEDED
 *                        │  ▲ │
 *           actionStalled│  │ ├──Fail state, uncaught error, limit──▶ FAILED
 *                        ▼  │ │
 *                    INACTIVE └──canceled───────────────────────────▶ ENDED
 *                           resumed; the action's end
 *
 *     a branch:  enter ──▶ done ──Next──▶ enter …         raise ──Retry──▶ wait ──timer──▶ enter
 *                  └──▶ wait ──actionEnded, timerFired──▶ done or raise └──Catch──▶ enter
 *
 *     Parallel, Map: wait ──last branch ended──▶ done      one branch failed ──▶ the others are
 *                                                          canceled, the state raises
 *     of which a race: wait ──first branch ended well──▶ done, the others are canceled
 *                           ──last branch failed───────▶ the state raises
 *
 * Pure: equal arguments give equal results, the arguments stay as they are. Events may come twice,
 * late, or for steps that are over; they are refused as values. `definition` is the one that the
 * run was started with. Effects and the new progress belong in one transaction.
 * @throws BranchesMissing, when the run was given in part and the event concerns more of it.
 */
export function advanceFlow(
  definition: FlowDefinition,
  run: FlowProgress,
  event: FlowEvent,
  now: Instant,
): AdvanceResult {
  const { refusals, ...result } = advanceFlowBy(definition, run, [event], now);
  const [refusal] = refusals;
  return refusal ? { refusal } : result;
}

/**
 * The same by several events, one after the other: many ends of one Map are one turn. `refusals`
 * are in the order of the events, null for those taken.
 * @throws BranchesMissing, when the run was given in part and an event concerns more of it.
 */
export function advanceFlowBy(
  definition: FlowDefinition,
  run: FlowProgress,
  events: readonly FlowEvent[],
  now: Instant,
): Advanced & { refusals: (FlowRefusal | null)[] } {
  const turn = new FlowTurn(definition, run, now);
  const refusals = events.map((event) => turn.take(event));
  return { ...turn.result(), refusals };
}
