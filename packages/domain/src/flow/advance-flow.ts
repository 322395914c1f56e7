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

/** What an event led to: the new progress and what to do; or why it changed nothing. */
export type AdvanceResult =
  { run: FlowProgress; effects: FlowEffect[]; log: FlowLogLine[] } | { refusal: FlowRefusal };

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
  const turn = new FlowTurn(definition, run, now);
  const refusal = turn.take(event);
  return refusal === null ? turn.result() : { refusal };
}
