import { readyAtSites } from '@interpulse/store/jobs/lease-jobs.ts';
import { leaseAtSite } from '../agents/lease-jobs.ts';
import type { Hub } from '../hub.ts';

/** Leases what is ready at the sites whose agents' sessions are here. */
export async function leaseReady(hub: Hub): Promise<void> {
  for (const { siteId } of await readyAtSites(hub.db)) {
    if (hub.agents.get(siteId) === undefined) continue;
    await hub.transaction((tx) => leaseAtSite(hub, tx, siteId, { wait: true }));
  }
}
