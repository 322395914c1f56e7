import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { describeEntry, type FolderEntry } from './describe-entry.ts';

const listingLimits = {
  /** Names looked at in one folder; the rest is left out. */
  names: 500_000,
  /** Entries looked at together. */
  atOnce: 64,
};

/** Which entries are asked for. */
export interface ListingWish {
  /** With `*` and `?`; without one, all but hidden names. */
  pattern?: string | undefined;
  limit?: number | undefined;
}

/**
 * The entries of a folder by name, and how many fit; links count as `other`. Of a larger folder the
 * first by name.
 *
 * @throws DomainError `invalid` when it is not a folder, `forbidden` when it may not be read.
 */
export async function listFolder(
  path: string,
  location: string,
  { pattern = '*', limit = limits.folderEntries }: ListingWish = {},
): Promise<{ entries: FolderEntry[]; total: number }> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(path)) {
      if (isLike(name, pattern)) names.push(name);
      if (names.length >= listingLimits.names) break;
    }
  } catch (cause) {
    const isFile = cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR';
    if (isFile) throw new DomainError('invalid', `${location} is a file, not a folder`, { cause });
    throw new DomainError('forbidden', `${location} may not be listed`, { cause });
  }
  const total = names.length;
  const wanted = names.toSorted().slice(0, limit);
  const entries: FolderEntry[] = [];
  for (let at = 0; at < wanted.length; at += listingLimits.atOnce) {
    const some = wanted.slice(at, at + listingLimits.atOnce);
    entries.push(...(await Promise.all(some.map((name) => lookAt(path, name)))));
  }
  return { entries, total };
}

/** Without backtracking into all that came before: names and patterns are others' words. */
function isLike(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const [letters, signs] = [[...name], [...pattern]];
  let [at, sign, star, resume] = [0, 0, -1, 0];
  while (at < letters.length) {
    if (signs[sign] === '*') {
      star = sign;
      resume = at;
      sign += 1;
    } else if (signs[sign] === '?' || signs[sign] === letters[at]) {
      at += 1;
      sign += 1;
    } else if (star >= 0) {
      sign = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  return signs.slice(sign).every((each) => each === '*');
}

async function lookAt(folder: string, name: string): Promise<FolderEntry> {
  try {
    return await describeEntry(join(folder, name));
  } catch {
    return { name, type: 'other', sizeBytes: null, modifiedAt: null };
  }
}
