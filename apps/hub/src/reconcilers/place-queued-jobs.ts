import { limits } from '@interpulse/domain/limits.ts';
import type { Hub } from '../hub.ts';
import { placeJobsNow } from '../services/place-jobs-now.ts';

/**
 * Places queued jobs, the most urgent first. Jobs that no site can take are passed by, so that
 * those behind them in the queue are looked at too.
 */
export async function placeQueuedJobs(hub: Hub): Promise<void> {
  let passed = 0;
  for (;;) {
    const round = await hub.transaction((tx) => placeJobsNow(hub, tx, null, passed));
    if (round.considered < limits.jobsPerPlacement) return;
    passed += round.considered - round.placed;
  }
}
