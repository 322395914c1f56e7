import { z } from 'zod';
import { secondsBetween } from '../time.ts';
import type { Instant } from '../time.ts';
import type { FlowDefinition } from './definition.ts';
import type { FlowState } from './states/state-kinds.ts';

/** What earlier runs of a flow teach of one of its states. */
export const expectedStateSchema = z.strictObject({
  /** Seconds in the state that half of the visits stayed below: one that hung is no news. */
  seconds: z.number().min(0),
  /** Time that nine of ten visits stayed below; as above where it is not known. */
  slowSeconds: z.number().min(0).exactOptional(),
  /** Mean number of visits in a run; 0.1 for a state that one run in ten came to. */
  visits: z.number().min(0),
});

/** See {@link expectedStateSchema}. */
export type ExpectedState = z.infer<typeof expectedStateSchema>;

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

/** Where a run is. */
export interface RunPlace {
  state: string;
  enteredAt: Instant;
  /** Visits of states so far, the present one among them; rounds of loops that are over. */
  visits?: Readonly<Record<string, number>>;
}

/**
 * The way from a state to the end as earlier runs went it, with the time for each state. At a
 * Choice it goes where most runs went. A loop is passed once, with the time for the rounds that are
 * left, and then left. Empty when nothing is known of any state on the way.
 */
export function expectedSteps(
  { States: states }: Pick<FlowDefinition, 'States'>,
  times: ExpectedTimes,
  from: RunPlace,
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
    const startSeconds = at;
    if (known !== undefined) at += secondsIn(name, known, from, now);
    steps.push({ state: name, startSeconds, endSeconds: at });
    name = likeliestNext(state, times, passed);
  }
  return isKnown ? steps : [];
}

/** The seconds for all visits of a state still to come, and for the rest of the present one. */
function secondsIn(name: string, known: ExpectedState, from: RunPlace, now: Instant): number {
  const isHere = name === from.state;
  const made = from.visits !== undefined && Object.hasOwn(from.visits, name);
  const before = made ? (from.visits?.[name] ?? 0) - (isHere ? 1 : 0) : 0;
  const rounds = Math.max(1, known.visits - before);
  if (!isHere) return known.seconds * rounds;
  const spent = Math.max(0, secondsBetween(from.enteredAt, now));
  return remainingSeconds(known, spent) + known.seconds * (rounds - 1);
}

/**
 * The rest of a visit. One that is over its usual time will not end this instant: it is likely to
 * go on for half as long as it has, up to the time of the slowest.
 */
function remainingSeconds({ seconds, slowSeconds = seconds }: ExpectedState, spent: number) {
  const beyond = Math.min(spent, slowSeconds - spent) / 2;
  return Math.max(0, seconds - spent, beyond);
}

function likeliestNext(
  state: FlowState,
  times: ExpectedTimes,
  passed: ReadonlySet<string>,
): string | null {
  if (state.Type !== 'Choice') return ('Next' in state ? state.Next : undefined) ?? null;
  const visitsOf = (name: string) => (Object.hasOwn(times, name) ? (times[name]?.visits ?? 0) : 0);
  const targets = [state.Default, ...state.Choices.map((rule) => rule.Next)];
  const named = targets.filter((name) => name !== undefined && !passed.has(name));
  return named.toSorted((a, b) => visitsOf(b ?? '') - visitsOf(a ?? ''))[0] ?? null;
}
