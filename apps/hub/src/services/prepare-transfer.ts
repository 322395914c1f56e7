import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import type { TransferItem } from '@interpulse/domain/transfer/transfer.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { findCollectionSite } from '@interpulse/store/sites/read-sites.ts';
import type { NewTransfer } from '@interpulse/store/transfers/transfers.ts';
import { makeSecret } from '../secret.ts';

/**
 * Checks the items of a transfer: one collection at each end, both known, the destination writable.
 * @throws DomainError invalid or notFound, with what to do.
 */
export async function prepareTransfer(
  db: Executor,
  items: TransferItem[],
  about: Omit<NewTransfer, 'items' | 'source' | 'destination' | 'secret'>,
): Promise<NewTransfer> {
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
    const site = await findCollectionSite(db, name);
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
  const names = new Set(locations.map((location) => parseLocation(location).collection));
  const [name] = names;
  if (name !== undefined && names.size === 1) return name;
  const list = [...names].join(', ');
  throw new DomainError('invalid', `a transfer has one ${end} collection, not ${list}; split it`);
}
