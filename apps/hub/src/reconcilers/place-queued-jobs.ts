import { limits } from '@interpulse/domain/limits.ts';
import { nextQueuedAt, type JobKind } from '@interpulse/store/jobs/place-jobs.ts';
import type { Hub } from '../hub.ts';
import { noteNothingQueued } from '../services/choose-sites.ts';
import { placeJobsNow } from '../services/place-jobs-now.ts';

/**
 * Places queued jobs, the most urgent first. Kinds of jobs that no site can take are passed by, so
 * that those behind them in the queue are looked at too. Answers when the next job may be tried
 * again that failed.
 */
export async function placeQueuedJobs(hub: Hub): Promise<string | null> {
  const passed: JobKind[] = [];
  for (;;) {
    const round = await hub.transaction((tx) => placeJobsNow(hub, tx, null, { passed }));
    passed.push(...round.unplaced);
    if (round.considered < limits.jobsPerPlacement) break;
  }
  if (passed.length === 0) noteNothingQueued(hub);
  return nextQueuedAt(hub.db, hub.now());
}
