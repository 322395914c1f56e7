import { lstat, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { CollectionRoot } from '@interpulse/adapters/mover/collection-root.ts';
import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { parseLocation, type Location } from '@interpulse/domain/location.ts';
import type { Collections } from '../collections/collections.ts';
import { removeTree, type Removal } from './remove-tree.ts';

type DeleteQuestion = Extract<Question, { ask: 'deletePaths' }>;
type Deleted = Omit<Extract<Answer, { answer: 'deleted' }>, 'answer'>;

/** Which transfer works at one of some locations, or null. */
export type FindTransfer = (
  locations: readonly Location[],
) => { transferId: string; location: Location } | null;

/**
 * Deletes files and folders of collections, or only looks whether it would. All is looked at before
 * anything is deleted. A link is deleted itself, never what it points to. What takes longer than
 * `limits.deleteSeconds` is left for the next question.
 *
 * @throws DomainError `notFound`, `forbidden` in a collection that is read-only or for what holds
 * another one, `invalid` for a root, or a folder without `recursive`, `unavailable` while a
 * transfer works there.
 */
export async function deletePaths(
  question: DeleteQuestion,
  collections: Collections,
  inTheWay: FindTransfer,
): Promise<Deleted> {
  const deleted: Deleted = { files: 0, folders: 0, missing: 0, hasMore: false };
  const places: { location: Location; path: string; root: string }[] = [];
  for (const location of question.locations) {
    const place = await findPlace(location, question, collections);
    if (place === null) deleted.missing += 1;
    else places.push({ location, ...place });
  }
  const transfer = inTheWay(places.map(({ location }) => location));
  if (transfer !== null) {
    const { transferId, location } = transfer;
    const message = `deleting ${location}: transfer ${transferId} works there; wait`;
    throw new DomainError('unavailable', message);
  }
  if (question.checkOnly) return deleted;
  const endsAtMs = performance.now() + limits.deleteSeconds * 1000;
  const removal: Removal = { endsAtMs, files: 0, folders: 0, hasMore: false };
  for (const { location, path, root } of places) {
    await removeTree(path, { location, root }, removal);
    if (removal.hasMore) break;
  }
  const { files, folders, hasMore } = removal;
  return { ...deleted, files, folders, hasMore };
}

/** Where a thing that may be deleted is; null where nothing is. */
async function findPlace(
  location: Location,
  { recursive, ignoreMissing }: DeleteQuestion,
  collections: Collections,
): Promise<{ path: string; root: string } | null> {
  const { collection, path: given } = parseLocation(location);
  const { root, writable } = collections.get(collection);
  const refuse = (kind: DomainError['kind'], why: string) =>
    new DomainError(kind, `deleting ${location}: ${why}`);
  if (!writable) throw refuse('forbidden', 'the collection is read-only');
  const inside = given.replace(/^\/+|\/+$/g, '');
  if (inside === '') throw refuse('invalid', 'the root of a collection is never deleted');
  const opened = await CollectionRoot.open(root);
  const place = await opened.locateSource(inside).catch(nullIfMissing);
  const stats = place === null ? null : await lstat(place).catch(nullIfMissing);
  if (place === null || stats === null) {
    if (ignoreMissing) return null;
    throw refuse('notFound', 'it is not there');
  }
  if (!stats.isDirectory()) {
    if (given.endsWith('/')) throw refuse('invalid', 'it is not a folder; name it without "/"');
  } else if (!recursive) {
    throw refuse('invalid', 'it is a folder; say recursive to delete it with all in it');
  }
  if (await holdsCollection(place, collections)) {
    throw refuse('forbidden', 'a collection is in it; its root is never deleted');
  }
  return { path: place, root: opened.real };
}

async function holdsCollection(place: string, collections: Collections): Promise<boolean> {
  const roots = await Promise.all(
    collections.list().map(({ root }) => realpath(root).catch(() => root)),
  );
  return roots.some((root) => root === place || root.startsWith(place + sep));
}

/** What is not there is no fault here; a file where a folder should be is the same. */
function nullIfMissing(error: unknown): null {
  const kind = error instanceof DomainError ? error.kind : '';
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (kind === 'notFound' || kind === 'conflict' || code === 'ENOENT') return null;
  throw error;
}
