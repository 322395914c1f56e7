import type { KnownHere } from '@interpulse/domain/flow/import/check-import.ts';
import { listApps } from '@interpulse/store/apps/apps.ts';
import { listCollections, listSites } from '@interpulse/store/sites/read-sites.ts';
import type { Hub } from '../hub.ts';

/** More apps than a hub has. */
const mostApps = 100_000;

/** Names that a mapping may lead to, and the providers that flows may use. */
export async function knownHere(hub: Hub): Promise<KnownHere> {
  const [collections, sites, apps] = await Promise.all([
    listCollections(hub.db),
    listSites(hub.db),
    listApps(hub.db, { limit: mostApps }),
  ]);
  const names = (things: readonly { name: string }[]): ReadonlySet<string> =>
    new Set(things.map(({ name }) => name));
  return {
    collections: names(collections),
    sites: names(sites),
    apps: names(apps.map(({ app }) => app)),
    isProvider: (address) => 'config' in hub.providers.choose(address),
  };
}
