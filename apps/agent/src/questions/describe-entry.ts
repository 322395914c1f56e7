import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Answer } from '@interpulse/api/agent-messages/questions.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';

/** One name of a folder, as it is told. */
export type FolderEntry = Extract<Answer, { answer: 'folder' }>['entries'][number];

/** What is at a path; a link counts as `other`. @throws the error of the file system. */
export async function describeEntry(path: string): Promise<FolderEntry> {
  const stats = await lstat(path);
  const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return {
    name: basename(path),
    type,
    sizeBytes: type === 'file' ? stats.size : null,
    modifiedAt: fromMilliseconds(Math.floor(stats.mtimeMs)),
  };
}
