import { observeRuns, type SeenRuns } from '@interpulse/store/jobs/observe-jobs.ts';
import { noteSitesWell } from '@interpulse/store/sites/watch-sites.ts';
import type { Hub } from '../hub.ts';

/** What was seen is written down this often at most; short jobs end by the hundred a second. */
const restMilliseconds = 1000;

interface Learning {
  seen: Map<string, SeenRuns>;
  writtenMs: number;
  timer: NodeJS.Timeout | undefined;
}

const learnings = new WeakMap<Hub, Learning>();

/**
 * Learns from runs that ended well: how long apps take at sites, what they leave behind, and that
 * the sites are well. It is written down beside the reports, at once after a rest and else a moment
 * later; what a hub that dies had not written down is seen again with the next runs.
 */
export function learnFromRuns(hub: Hub, runs: readonly SeenRuns[]): void {
  if (runs.length === 0) return;
  const learning = learnings.get(hub) ?? {
    seen: new Map(),
    writtenMs: -Infinity,
    timer: undefined,
  };
  learnings.set(hub, learning);
  for (const each of runs) add(learning.seen, each);
  if (learning.timer !== undefined) return;
  const waitMs = learning.writtenMs + restMilliseconds - performance.now();
  if (waitMs <= 0) return void write(hub, learning);
  learning.timer = setTimeout(() => void write(hub, learning), waitMs).unref();
}

function add(seen: Map<string, SeenRuns>, runs: SeenRuns): void {
  const key = `${runs.siteId} ${runs.app}`;
  const known = seen.get(key);
  if (known === undefined) return void seen.set(key, { ...runs });
  const count = known.count + runs.count;
  const share = runs.count / count;
  known.runSeconds += (runs.runSeconds - known.runSeconds) * share;
  known.outputBytes += (runs.outputBytes - known.outputBytes) * share;
  known.count = count;
}

async function write(hub: Hub, learning: Learning): Promise<void> {
  const seen = [...learning.seen.values()];
  learning.seen = new Map();
  learning.timer = undefined;
  learning.writtenMs = performance.now();
  try {
    const siteIds = [...new Set(seen.map(({ siteId }) => siteId))];
    await Promise.all([observeRuns(hub.db, seen), noteSitesWell(hub.db, siteIds)]);
  } catch (error) {
    hub.log.debug({ err: error }, 'what runs have shown was not written down');
  }
}
