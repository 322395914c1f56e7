import { limits } from '@interpulse/domain/limits.ts';
import { nextQueuedAt, type JobKind } from '@interpulse/store/jobs/place-jobs.ts';
import type { Hub } from '../hub.ts';
import { noteWaitsForLimit } from '../services/choose-sites.ts';
import { placeJobsNow } from '../services/place-jobs-now.ts';

/**
 * Places queued jobs, the most urgent first. Kinds of jobs that no site can take are passed by, so
 * that those behind them in the queue are looked at too. Answers when the next job may be tried
 * again that failed.
 */
export async function placeQueuedJobs(hub: Hub): Promise<string | null> {
  const passed: JobKind[] = [];
  let waitsForLimit = false;
  let waitForLimits = false;
  for (;;) {
    const round = await hub.transaction((tx) =>
      placeJobsNow(hub, tx, null, { passed, waitForLimits }),
    );
    waitsForLimit ||= round.waitsForLimit;
    passed.push(...round.unplaced);
    // Of several hubs that give way to each other, each then waits for its turn.
    if (round.isHeldUp && !waitForLimits) waitForLimits = true;
    else if (round.considered < limits.jobsPerPlacement) break;
  }
  if (waitsForLimit) noteWaitsForLimit(hub);
  return nextQueuedAt(hub.db, hub.now());
}
