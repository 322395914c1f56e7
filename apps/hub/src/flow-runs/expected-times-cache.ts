import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import { allStates } from '@interpulse/domain/flow/sub-flow.ts';
import type { ExpectedTimes } from '@interpulse/domain/flow/expected-times.ts';
import { secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { readExpectedTimes } from '@interpulse/store/flow-runs/read-expected-times.ts';

/** So many of the last runs teach what the next will take. */
const lastRuns = 30;
/** What was learned is good for so long; then it is learned anew, behind the one who asked. */
const freshSeconds = 20;
/** Who comes so late learns it himself. */
const staleSeconds = 600;
/** That there is nothing to learn from changes with the first run that ends. */
const emptySeconds = 1;
const mostKept = 500;

/** How long the states of flows take, as their last runs did. */
export interface ExpectedTimesCache {
  /** Nobody waits here for a connection that is another's, nor for one while he holds his own. */
  get(
    db: Executor,
    flowName: string,
    definition: Pick<FlowDefinition, 'States'>,
    now: Instant,
  ): Promise<ExpectedTimes>;
}

interface LearnedStates {
  own: string[];
  /** Inside Parallel and Map states. */
  inner: string[];
}

interface Learned {
  at: Instant;
  times: ExpectedTimes;
  isLearning: boolean;
}

/** Makes an empty cache; what is known already is learned anew over `background`. */
export function createExpectedTimesCache(background: Executor): ExpectedTimesCache {
  const known = new Map<string, Learned>();
  const learn = async (db: Executor, flowName: string, states: LearnedStates, now: Instant) => {
    const times = await readExpectedTimes(db, flowName, { ...states, lastRuns });
    if (known.size >= mostKept) known.delete(known.keys().next().value ?? '');
    known.set(keyOf(flowName, states), { at: now, times, isLearning: false });
    return times;
  };
  return {
    async get(db, flowName, definition, now) {
      const own = Object.keys(definition.States);
      const states = { own, inner: innerStates(definition) };
      const found = known.get(keyOf(flowName, states));
      if (found === undefined) return learn(db, flowName, states, now);
      const ageSeconds = Math.abs(secondsBetween(found.at, now));
      const isEmpty = Object.keys(found.times).length === 0;
      if (ageSeconds >= (isEmpty ? emptySeconds : staleSeconds)) {
        return learn(db, flowName, states, now);
      }
      if (ageSeconds >= freshSeconds && !found.isLearning) {
        found.isLearning = true;
        const again = (): void => void (found.isLearning = false);
        learn(background, flowName, states, now).catch(again);
      }
      return found.times;
    },
  };
}

/** Versions of a flow may have other states. */
function keyOf(flowName: string, { own, inner }: LearnedStates): string {
  return JSON.stringify([flowName, own, inner]);
}

function innerStates(definition: Pick<FlowDefinition, 'States'>): string[] {
  const all = allStates({ StartAt: '', States: definition.States });
  return [...all.keys()].filter((name) => !Object.hasOwn(definition.States, name));
}
