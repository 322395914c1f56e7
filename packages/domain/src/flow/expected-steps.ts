import { secondsBetween, type Instant } from '../time.ts';
import type { ExpectedState, ExpectedTimes } from './expected-times.ts';
import type { BranchWait } from './flow-progress.ts';
import type { FlowState } from './states/state-kinds.ts';
import { subFlowsOf, type SubFlow } from './sub-flow.ts';

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
  /** What it waits for there; the items of a Map that are under way. */
  wait?: BranchWait | null;
}

/**
 * The way from a state to the end as earlier runs went it, with the time for each state. At a
 * Choice it goes where most runs went. A loop is passed once, with the time for the rounds that are
 * left, and then left. A Parallel takes as long as its slowest branch, a race as its fastest; a Map
 * under way as long as the items that are left. Empty when nothing is known of any state on it.
 */
export function expectedSteps(
  { States: states }: Pick<SubFlow, 'States'>,
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
    const known = expectedOf(name, state, times);
    isKnown ||= known !== undefined;
    const startSeconds = at;
    at += secondsAt(name, state, known, { from, times, now }) ?? 0;
    isKnown ||= at > startSeconds;
    steps.push({ state: name, startSeconds, endSeconds: at });
    name = likeliestNext(state, times, passed);
  }
  return isKnown ? steps : [];
}

interface Standing {
  from: RunPlace;
  times: ExpectedTimes;
  now: Instant;
}

function secondsAt(
  name: string,
  state: FlowState,
  known: ExpectedState | undefined,
  { from, times, now }: Standing,
): number | null {
  const isHere = name === from.state;
  const items = isHere && state.Type === 'Map' ? mapSeconds(state, { from, times, now }) : null;
  if (items !== null) return items;
  return known === undefined ? null : secondsIn(name, known, from, now);
}

/** What is known of a state: of a Parallel by its branches, else as it was itself. */
function expectedOf(
  name: string,
  state: FlowState,
  times: ExpectedTimes,
): ExpectedState | undefined {
  const own = Object.hasOwn(times, name) ? times[name] : undefined;
  if (state.Type !== 'Parallel') return own;
  const branches = subFlowsOf(state).map(({ flow }) => wholeFlow(flow, times));
  const found = branches.filter((each) => each !== null);
  const isRace = state.CompleteWhen === 'First';
  // A branch of which nothing is known may be the slowest: the whole of it says more then.
  if (found.length === 0 || (found.length < branches.length && !isRace)) return own;
  const choose = isRace ? Math.min : Math.max;
  return {
    seconds: choose(...found.map(({ seconds }) => seconds)),
    slowSeconds: choose(...found.map(({ slowSeconds }) => slowSeconds)),
    visits: own?.visits ?? 1,
  };
}

/** The time from the start of a small flow to its end; null when nothing is known of it. */
function wholeFlow({ StartAt, States }: SubFlow, times: ExpectedTimes) {
  const starts = Object.hasOwn(times, StartAt) ? (times[StartAt]?.visits ?? 1) : 1;
  // It is started once for each branch or item: visits are counted in its own runs.
  const own = Object.entries(times).map(([name, known]): [string, ExpectedState] => {
    return [name, { ...known, visits: starts > 0 ? known.visits / starts : known.visits }];
  });
  const secondsBy = (pick: (known: ExpectedState) => number): number | null => {
    const picked = own.map(([name, known]): [string, ExpectedState] => {
      return [name, { visits: known.visits, seconds: pick(known) }];
    });
    const from = { state: StartAt, enteredAt: epoch };
    const way = expectedSteps({ States }, Object.fromEntries(picked), from, epoch);
    return way.at(-1)?.endSeconds ?? null;
  };
  const seconds = secondsBy((known) => known.seconds);
  const slowSeconds = secondsBy(({ slowSeconds: slow, seconds: usual }) => slow ?? usual);
  return seconds === null || slowSeconds === null ? null : { seconds, slowSeconds };
}

const epoch = '1970-01-01T00:00:00.000Z';

/**
 * The rest of a Map under way: the items that go on now, then those that are left, so many at a
 * time. An item takes as long as in earlier runs, or else as those of this one that have ended.
 */
function mapSeconds(state: FlowState, { from, times, now }: Standing): number | null {
  const { wait } = from;
  if (wait?.kind !== 'branches') return null;
  const { total, ended, started, mostAtOnce } = wait;
  const left = total - ended;
  if (left <= 0) return 0;
  const atOnce = Math.max(1, Math.min(mostAtOnce, total));
  const spent = Math.max(0, secondsBetween(from.enteredAt, now));
  const [flow] = subFlowsOf(state).map((place) => place.flow);
  const known = flow === undefined ? null : wholeFlow(flow, times);
  if (known === null) {
    if (ended === 0) return null;
    // Those that are under way are half done, on the whole.
    const done = ended + (started - ended) / 2;
    return (spent / done) * (total - done);
  }
  const roundsDone = Math.floor(ended / atOnce);
  const spentInRound = Math.max(0, spent - roundsDone * known.seconds);
  const roundsLeft = Math.ceil((total - roundsDone * atOnce) / atOnce);
  const rest = remainingSeconds({ ...known, visits: 1 }, spentInRound);
  return rest + known.seconds * (roundsLeft - 1);
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
