import { addSeconds } from '@interpulse/domain/time.ts';
import { canceledAttempts } from '@interpulse/store/jobs/lose-jobs.ts';
import { listSites } from '@interpulse/store/sites/read-sites.ts';
import { canceledTransfers } from '@interpulse/store/transfers/transfers.ts';
import type { Hub } from '../hub.ts';

/** Cancels are told again for this long; an agent that was away for longer reports its state. */
const toldForSeconds = 120;

/**
 * Tells the agents whose sessions are here what was canceled of late: by another hub, or with a job
 * whose inputs were on their way. An agent ends what it has of it, and knows nothing of the rest.
 */
export async function tellCancels(hub: Hub): Promise<void> {
  const since = addSeconds(hub.now(), -toldForSeconds);
  for (const site of await listSites(hub.db)) {
    if (hub.agents.get(site.id) === undefined) continue;
    const jobs = await canceledAttempts(hub.db, site.id, since);
    if (jobs.length > 0) hub.tell(site.id, { type: 'cancelJobs', jobs });
    const transferIds = await canceledTransfers(hub.db, site.id, since);
    if (transferIds.length > 0) hub.tell(site.id, { type: 'cancelTransfers', transferIds });
  }
}
