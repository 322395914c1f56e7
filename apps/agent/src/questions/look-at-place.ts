import { DomainError } from '@interpulse/domain/error.ts';
import { baseName, parseLocation, type Location } from '@interpulse/domain/location.ts';
import type { Collections } from '../collections/collections.ts';
import { describeEntry, type FolderEntry } from './describe-entry.ts';

/**
 * What is at a location, links followed inside the collection; null where nothing is.
 *
 * @throws DomainError `notFound` for a collection that is not here, `invalid` for what leads out of
 * it, `forbidden`, `unavailable` when its root cannot be reached.
 */
export async function lookAtPlace(
  location: Location,
  collections: Collections,
): Promise<FolderEntry | null> {
  collections.get(parseLocation(location).collection);
  try {
    const path = await collections.existing(location);
    return { ...(await describeEntry(path)), name: baseName(location) };
  } catch (error) {
    const isMissing = error instanceof DomainError && missing.has(error.kind);
    if (isMissing || isGone(error)) return null;
    throw error;
  }
}

/** `conflict` is a file where a folder of the path should be. */
const missing: ReadonlySet<string> = new Set(['notFound', 'conflict']);

/** Deleted between two looks. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
