import { limits } from '@interpulse/domain/limits.ts';
import type { Hub } from '../hub.ts';
import { placeJobsNow } from '../services/place-jobs-now.ts';

/** Places queued jobs, the most urgent first. Answers whether more wait than one round takes. */
export async function placeQueuedJobs(hub: Hub): Promise<boolean> {
  const { considered, placed } = await hub.transaction((tx) => placeJobsNow(hub, tx, null));
  return considered === limits.jobsPerPlacement && placed > 0;
}
