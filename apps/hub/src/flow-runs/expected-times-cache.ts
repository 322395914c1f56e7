import type { FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import type { ExpectedTimes } from '@interpulse/domain/flow/expected-times.ts';
import { secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { readExpectedTimes } from '@interpulse/store/flow-runs/read-expected-times.ts';

/** So many of the last runs teach what the next will take. */
const lastRuns = 30;
/** What was learned is good for so long. */
const freshSeconds = 20;
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
  const known = new Map<string, { at: Instant; times: Promise<ExpectedTimes> }>();
  return {
    async get(db, flowName, definition, now) {
      const found = known.get(flowName);
      if (found && Math.abs(secondsBetween(found.at, now)) < freshSeconds) return found.times;
      const times = readExpectedTimes(db, flowName, Object.keys(definition.States), lastRuns);
      if (known.size >= mostKept) known.delete(known.keys().next().value ?? '');
      known.set(flowName, { at: now, times });
      times.catch(() => known.delete(flowName));
      return times;
    },
  };
}
