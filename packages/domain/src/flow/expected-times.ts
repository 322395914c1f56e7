import { z } from 'zod';
import { secondsBetween } from '../time.ts';
import type { Instant } from '../time.ts';
import type { FlowDefinition } from './definition.ts';
import type { FlowState } from './states/state-kinds.ts';

/** What earlier runs of a flow teach of one of its states. */
export const expectedStateSchema = z.strictObject({
  /** Mean time in the state for one visit, in seconds. */
  seconds: z.number().min(0),
  /** Mean number of visits in a run; 0.1 for a state that one run in ten came to. */
  visits: z.number().min(0),
});

/** What earlier runs teach, by the names of states. */
export const expectedTimesSchema = z.record(z.string(), expectedStateSchema);

/** See {@link expectedTimesSchema}. */
export type ExpectedTimes = z.infer<typeof expectedTimesSchema>;

/** A state on the way that a run is expected to take. */
export interface ExpectedStep {
  state: string;
  /** Seconds from now until it begins; 0 for the state that the run is in. */
  startSeconds: number;
  endSeconds: number;
}

/**
 * The way from a state to the end as earlier runs went it, with the time for each state. At a
 * Choice it goes where most runs went. A loop is passed once, with the time for all its rounds.
 * Empty when nothing is known of any state on the way.
 */
export function expectedSteps(
  { States: states }: Pick<FlowDefinition, 'States'>,
  times: ExpectedTimes,
  from: { state: string; enteredAt: Instant },
  now: Instant,
): ExpectedStep[] {
  const steps: ExpectedStep[] = [];
  const passed = new Set<string>();
  let isKnown = false;
  let at = 0;
  for (let name: string | null = from.state; name !== null && !passed.has(name);) {
    passed.add(name);
    const state = Object.hasOwn(states, name) ? states[name] : undefined;
    if (state === undefined) break;
    const known = Object.hasOwn(times, name) ? times[name] : undefined;
    isKnown ||= known !== undefined;
    const whole = known === undefined ? 0 : known.seconds * Math.max(1, known.visits);
    const spent = name === from.state ? secondsBetween(from.enteredAt, now) : 0;
    const startSeconds = at;
    at += Math.max(0, whole - Math.max(0, spent));
    steps.push({ state: name, startSeconds, endSeconds: at });
    name = likeliestNext(state, times);
  }
  return isKnown ? steps : [];
}

function likeliestNext(state: FlowState, times: ExpectedTimes): string | null {
  if (state.Type !== 'Choice') return ('Next' in state ? state.Next : undefined) ?? null;
  const visitsOf = (name: string) => (Object.hasOwn(times, name) ? (times[name]?.visits ?? 0) : 0);
  const targets = [state.Default, ...state.Choices.map((rule) => rule.Next)];
  const named = targets.filter((name) => name !== undefined);
  return named.toSorted((a, b) => visitsOf(b) - visitsOf(a))[0] ?? null;
}
