import type { Fault } from '@interpulse/domain/error.ts';
import { collectionOf } from '@interpulse/domain/location.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import type { ReadRequest } from './read-job-requests.ts';
import {
  refuseCollections,
  type CollectionUse,
  type CollectionWork,
} from './refuse-collections.ts';

/** A place in a request that names a collection. */
interface NamedCollection {
  loc: Fault['loc'];
  name: string;
  verb: 'read' | 'write';
  work: CollectionWork;
}

/**
 * Inputs in collections that nobody offers would wait for ever; so would outputs. Those of other
 * projects are not for this work. `works` says of each request whose it is.
 */
export async function findLocationFaults(
  { kept }: Pick<Hub, 'kept'>,
  tx: HubTransaction,
  requests: readonly ReadRequest[],
  works: readonly CollectionWork[],
): Promise<Fault[]> {
  const named = requests.flatMap(({ request: { inputs, returnTo } }, index) => {
    const work = works[index] ?? { project: null, by: null };
    const of = (location: string, verb: 'read' | 'write', ...field: string[]): NamedCollection => {
      return { loc: ['jobs', index, ...field], name: collectionOf(location), verb, work };
    };
    const read = Object.entries(inputs).map(([name, at]) => of(at, 'read', 'inputs', name));
    return returnTo === null ? read : [...read, of(returnTo, 'write', 'returnTo')];
  });
  if (named.length === 0) return [];
  const sites = await kept.collections.get(
    tx,
    named.map(({ name }) => name),
  );
  const faults: Fault[] = [];
  const uses: (CollectionUse & Pick<Fault, 'loc'>)[] = [];
  for (const { loc, name, verb, work } of named) {
    const site = sites.get(name);
    const msg =
      site === undefined
        ? `there is no collection "${name}"; see \`interpulse collection list\``
        : verb === 'write' && !site.writable
          ? `collection "${name}" is read-only`
          : null;
    if (msg !== null) faults.push({ loc, msg, type: 'unknown_collection' });
    else uses.push({ loc, work, verb, collection: { name, project: site?.project ?? null } });
  }
  const reasons = await refuseCollections(tx, uses);
  for (const [index, { loc }] of uses.entries()) {
    const msg = reasons[index] ?? null;
    if (msg !== null) faults.push({ loc, msg, type: 'foreign_collection' });
  }
  return faults;
}
