import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import type { ExpectedTimes } from '@interpulse/domain/flow/expected-times.ts';
import { secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { readExpectedTimes } from '@interpulse/store/flow-runs/read-expected-times.ts';

/** So many of the last runs teach what the next will take. */
const lastRuns = 30;
/** What was learned is good for so long. */
const freshSeconds = 20;
/** That there is nothing to learn from changes with the first run that ends. */
const emptySeconds = 1;
const mostKept = 500;

/** How long the states of flows take, as their last runs did. */
export interface ExpectedTimesCache {
  get(
    db: Executor,
    flowName: string,
    definition: Pick<FlowDefinition, 'States'>,
    now: Instant,
  ): Promise<ExpectedTimes>;
}

/** Makes an empty cache. */
export function createExpectedTimesCache(): ExpectedTimesCache {
  const known = new Map<string, { at: Instant; lasts: number; times: Promise<ExpectedTimes> }>();
  return {
    async get(db, flowName, { States: states }, now) {
      const names = Object.keys(states);
      // Versions of a flow may have other states.
      const key = JSON.stringify([flowName, names]);
      const found = known.get(key);
      if (found && Math.abs(secondsBetween(found.at, now)) < found.lasts) return found.times;
      const times = readExpectedTimes(db, flowName, names, lastRuns);
      if (known.size >= mostKept) known.delete(known.keys().next().value ?? '');
      const entry = { at: now, lasts: freshSeconds, times };
      known.set(key, entry);
      times.then(
        (learned) => {
          if (Object.keys(learned).length === 0) entry.lasts = emptySeconds;
        },
        () => known.delete(key),
      );
      return times;
    },
  };
}
