import { addSeconds } from '@interpulse/domain/time.ts';
import { canceledAttempts } from '@interpulse/store/jobs/held-attempts.ts';
import { canceledTransfers } from '@interpulse/store/transfers/transfers.ts';
import type { Hub } from '../hub.ts';
import { tellCanceled } from '../services/cancel-and-tell.ts';

/** Cancels are told again for this long; an agent that was away for longer reports its state. */
const toldForSeconds = 120;

/**
 * Tells the agents whose sessions are here what was canceled of late: by another hub, or with a job
 * whose inputs were on their way. An agent ends what it has of it, and knows nothing of the rest.
 */
export async function tellCancels(hub: Hub): Promise<void> {
  const since = addSeconds(hub.now(), -toldForSeconds);
  for (const siteId of hub.agents.connected()) {
    const jobs = await canceledAttempts(hub.db, siteId, since);
    tellCanceled(hub, siteId, jobs);
    const transferIds = await canceledTransfers(hub.db, siteId, since);
    if (transferIds.length > 0) hub.tell(siteId, { type: 'cancelTransfers', transferIds });
  }
}
