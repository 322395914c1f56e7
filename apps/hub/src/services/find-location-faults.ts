import type { Fault } from '@interpulse/domain/error.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { findCollectionSite, knownCollections } from '@interpulse/store/sites/read-sites.ts';
import type { ReadRequest } from './read-job-requests.ts';

/** Inputs in collections that nobody offers would wait for ever; so would outputs. */
export async function findLocationFaults(
  db: Executor,
  requests: readonly ReadRequest[],
): Promise<Fault[]> {
  const used = requests.flatMap(({ request: { inputs } }, index) =>
    Object.entries(inputs).map(([name, location]) => ({
      loc: ['jobs', index, 'inputs', name],
      collection: collectionOf(location),
    })),
  );
  const known = await knownCollections(db, [...new Set(used.map((each) => each.collection))]);
  const faults: Fault[] = used
    .filter(({ collection }) => !known.has(collection))
    .map(({ loc, collection }) => {
      const msg = `there is no collection "${collection}"; see \`interpulse collection list\``;
      return { loc, msg, type: 'unknown_collection' };
    });
  return [...faults, ...(await findReturnFaults(db, requests))];
}

async function findReturnFaults(db: Executor, requests: readonly ReadRequest[]): Promise<Fault[]> {
  const wanted = requests.flatMap(({ request: { returnTo } }, index) =>
    returnTo === null ? [] : [{ index, name: collectionOf(returnTo) }],
  );
  const refusals = new Map<string, string | null>();
  for (const name of new Set(wanted.map((each) => each.name))) {
    const site = await findCollectionSite(db, name);
    const readOnly = site?.writable === false ? `collection "${name}" is read-only` : null;
    const hint = `there is no collection "${name}"; see \`interpulse collection list\``;
    refusals.set(name, site === undefined ? hint : readOnly);
  }
  return wanted.flatMap(({ index, name }) => {
    const msg = refusals.get(name) ?? null;
    const loc = ['jobs', index, 'returnTo'];
    return msg === null ? [] : [{ loc, msg, type: 'unknown_collection' }];
  });
}

/** Of a location that was parsed. */
function collectionOf(location: string): string {
  return location.slice(0, location.indexOf(':'));
}
