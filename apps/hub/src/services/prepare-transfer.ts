import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { collectionOf } from '@interpulse/domain/location.ts';
import type { TransferItem } from '@interpulse/domain/transfer/transfer.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import type { CollectionSite } from '@interpulse/store/sites/read-sites.ts';
import type { NewTransfer } from '@interpulse/store/transfers/transfers.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { makeSecret } from '../secret.ts';
import {
  refuseCollections,
  type CollectionUse,
  type CollectionWork,
} from './refuse-collections.ts';

/** What a transfer is made of. */
export interface TransferRequest {
  items: TransferItem[];
  about: Omit<NewTransfer, 'items' | 'source' | 'destination' | 'secret'>;
}

/**
 * Checks the items of a transfer: one collection at each end, both known, the destination writable,
 * and who asks may read and write there.
 * @throws DomainError invalid, notFound or forbidden, with what to do.
 */
export async function prepareTransfer(
  hub: Pick<Hub, 'kept'>,
  tx: HubTransaction,
  { items, about }: TransferRequest,
  who: Principal,
): Promise<NewTransfer> {
  const sites = await sitesOfTransfers(hub, tx, [items]);
  const transfer = makeTransfer({ items, about }, sites);
  const [reason] = await refuseTransfers(tx, [{ transfer, by: who }], sites);
  if (reason) throw new DomainError('forbidden', reason);
  return transfer;
}

/** Why transfers may not be made by those whose they are, in their order; null where they may. */
export async function refuseTransfers(
  db: Executor,
  transfers: readonly { transfer: NewTransfer; by: CollectionWork['by'] }[],
  sites: ReadonlyMap<string, CollectionSite>,
): Promise<(string | null)[]> {
  const uses = transfers.flatMap(({ transfer: { source, destination, project }, by }) => {
    const of = (name: string, verb: 'read' | 'write'): CollectionUse => {
      const collection = { name, project: sites.get(name)?.project ?? null };
      return { work: { project, by }, verb, collection };
    };
    return [of(source, 'read'), of(destination, 'write')];
  });
  const reasons = await refuseCollections(db, uses);
  return transfers.map((_, index) => reasons[2 * index] ?? reasons[2 * index + 1] ?? null);
}

/** The sites of all collections that transfers name. */
export async function sitesOfTransfers(
  { kept }: Pick<Hub, 'kept'>,
  tx: HubTransaction,
  transfers: readonly (readonly TransferItem[])[],
): Promise<ReadonlyMap<string, CollectionSite>> {
  const names = transfers
    .flat()
    .flatMap(({ source, destination }) => [collectionOf(source), collectionOf(destination)]);
  return kept.collections.get(tx, names);
}

/**
 * Like {@link prepareTransfer}, where the sites were read for many.
 * @throws DomainError invalid or notFound, with what to do.
 */
export function makeTransfer(
  { items, about }: TransferRequest,
  sites: ReadonlyMap<string, CollectionSite>,
): NewTransfer {
  const bytes = Buffer.byteLength(JSON.stringify(items));
  if (bytes > limits.transferBytes) {
    const most = limits.transferBytes / 1024;
    const size = Math.ceil(bytes / 1024);
    const message = `the list of files takes ${size} KiB, at most ${most} travel`;
    throw new DomainError('invalid', `${message}; split it, or move whole folders`);
  }
  const source = onlyCollection(
    items.map((item) => item.source),
    'source',
  );
  const destination = onlyCollection(
    items.map((item) => item.destination),
    'destination',
  );
  for (const name of [source, destination]) {
    const site = sites.get(name);
    if (!site) {
      const hint = 'see `interpulse collection list` for those that exist';
      throw new DomainError('notFound', `there is no collection "${name}"; ${hint}`);
    }
    if (name === destination && !site.writable) {
      throw new DomainError(
        'invalid',
        `collection "${name}" is read-only at site ${site.siteName}`,
      );
    }
  }
  return { ...about, items, source, destination, secret: makeSecret('ticket') };
}

function onlyCollection(locations: string[], end: string): string {
  const names = new Set(locations.map(collectionOf));
  const [name] = names;
  if (name !== undefined && names.size === 1) return name;
  const list = [...names].join(', ');
  throw new DomainError('invalid', `a transfer has one ${end} collection, not ${list}; split it`);
}
