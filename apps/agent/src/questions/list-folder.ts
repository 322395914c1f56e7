import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '@interpulse/api/agent-messages/questions.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';

type FolderEntry = Extract<Answer, { answer: 'folder' }>['entries'][number];

const listingLimits = {
  /** Entries in one answer; a session message holds 2 MiB. */
  entries: 5_000,
  /** Entries looked at together. */
  atOnce: 64,
};

/**
 * The entries of a folder by name, without hidden ones; links count as `other`. Of a larger folder
 * the first 5,000 in the order of the file system.
 *
 * @throws DomainError `invalid` when it is not a folder, `forbidden` when it may not be read.
 */
export async function listFolder(path: string, location: string): Promise<FolderEntry[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(path)) {
      if (!name.startsWith('.')) names.push(name);
      if (names.length >= listingLimits.entries) break;
    }
  } catch (cause) {
    const isFile = cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR';
    if (isFile) throw new DomainError('invalid', `${location} is a file, not a folder`, { cause });
    throw new DomainError('forbidden', `${location} may not be listed`, { cause });
  }
  names.sort();
  const entries: FolderEntry[] = [];
  for (let at = 0; at < names.length; at += listingLimits.atOnce) {
    const some = names.slice(at, at + listingLimits.atOnce);
    entries.push(...(await Promise.all(some.map((name) => lookAt(path, name)))));
  }
  return entries;
}

async function lookAt(folder: string, name: string): Promise<FolderEntry> {
  try {
    const stats = await lstat(join(folder, name));
    const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
    const sizeBytes = type === 'file' ? stats.size : null;
    return { name, type, sizeBytes, modifiedAt: fromMilliseconds(Math.floor(stats.mtimeMs)) };
  } catch {
    return { name, type: 'other', sizeBytes: null, modifiedAt: null };
  }
}
