import { baseName, parseLocation, type Location } from '@interpulse/domain/location.ts';
import type { TransferItem } from '@interpulse/domain/transfer/transfer.ts';
import type { QueuedJob } from '@interpulse/store/jobs/place-jobs.ts';
import type { StoredSnapshot } from '@interpulse/store/sites/read-site-snapshots.ts';

/** What has to travel so that a job can run at a site. */
export interface Staging {
  /** Where inputs will lie that do not lie there yet, by parameter name. */
  stagedInputs: Record<string, Location>;
  /** What to move, by the collection it comes from. */
  itemsBySource: Map<string, TransferItem[]>;
}

/** Decides which inputs of a job travel to a site's scratch collection, and to which names. */
export function planStaging(job: QueuedJob, site: StoredSnapshot): Staging {
  const stagedInputs: Record<string, Location> = {};
  const itemsBySource = new Map<string, TransferItem[]>();
  for (const [name, location] of Object.entries(job.inputs)) {
    const { collection } = parseLocation(location);
    if (site.collections.includes(collection)) continue;
    const recursive = location.endsWith('/');
    const target = `${site.scratchCollection}:/jobs/${job.id}/in/${name}/${baseName(location)}`;
    stagedInputs[name] = target;
    const item = { source: location, destination: recursive ? `${target}/` : target, recursive };
    itemsBySource.set(collection, [...(itemsBySource.get(collection) ?? []), item]);
  }
  return { stagedInputs, itemsBySource };
}
