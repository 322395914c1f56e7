import { createHash } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { detectLayout } from '@interpulse/formats/image-series/detect-layout.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { OfferedFolder } from './agent-configs.ts';

/** A file or folder of the user's that can be analysed. */
export interface OwnData {
  path: string;
  app: 'xpcs' | 'tomo';
  /** Why that app, for people. */
  reason: string;
  location: string;
}

/** What is to be analysed, and the folders to offer for it. */
export interface CheckedData {
  data: OwnData[];
  offered: OfferedFolder[];
}

/**
 * Looks at each path before anything is started.
 * @throws DomainError invalid, with a fault for each path that cannot be analysed.
 */
export async function checkData(
  paths: readonly string[],
  app: 'xpcs' | 'tomo' | undefined,
): Promise<CheckedData> {
  const offered = new Map<string, string>();
  const faults: string[] = [];
  const data: OwnData[] = [];
  for (const given of paths) {
    const path = resolve(given);
    try {
      const isFolder = requireReadable(path, given);
      const found = await detectLayout(path);
      const root = dirname(path);
      const collection = collectionOf(root);
      offered.set(root, collection);
      // A slash at the end says that the whole folder travels.
      const location = `${collection}:/${basename(path)}${isFolder ? '/' : ''}`;
      const reason = app === undefined ? found.reason : 'you said so';
      data.push({ path, app: app ?? found.suggestedApp, reason, location });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      faults.push(why.includes(given) || why.includes(path) ? why : `${given}: ${why}`);
    }
  }
  if (faults.length > 0) {
    const listed = faults.map((msg, index) => ({ loc: ['--data', index], msg, type: 'data' }));
    throw new DomainError('invalid', faults.join('\ninterpulse: '), {
      faults: listed.length > 1 ? [] : listed,
    });
  }
  return { data, offered: [...offered].map(([root, collection]) => ({ collection, root })) };
}

/**
 * The name under which a folder is offered. The same folder always has the same, and no other has
 * it: datasets name their files by it, and are there after the next start with other data.
 */
function collectionOf(root: string): string {
  const name = basename(root)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 6);
  return `my-${name}-${digest}`;
}

/** Whether a path is a folder. @throws DomainError invalid, when it cannot be read. */
function requireReadable(path: string, given: string): boolean {
  try {
    const isFolder = statSync(path).isDirectory();
    accessSync(path, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK);
    return isFolder;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file or folder'
        : code === 'EACCES'
          ? 'you may not read it'
          : (cause as Error).message;
    throw new DomainError('invalid', `cannot read ${given}: ${why}`, { cause });
  }
}
