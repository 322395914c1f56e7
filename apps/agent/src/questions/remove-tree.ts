import { constants } from 'node:fs';
import { lstat, open, opendir, readlink, rmdir, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { fileFault } from '@interpulse/adapters/mover/file-fault.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Location } from '@interpulse/domain/location.ts';

/** What was removed so far, and until when. */
export interface Removal {
  /** Of the monotonic clock. */
  endsAtMs: number;
  files: number;
  folders: number;
  /** The time was over. */
  hasMore: boolean;
}

const removalLimits = {
  /** Folders in folders; each is held open. */
  depth: 200,
  /** Files removed together. */
  atOnce: 32,
  /** Times that a folder is looked through while others write into it. */
  rounds: 5,
};

/**
 * Removes a file, a link, or a folder with all in it. Folders are held open on the way and names
 * looked up in them: who puts a link in the place of a folder meanwhile leads nobody out.
 *
 * @throws DomainError as the file system says; `invalid` when the folder was moved out of `root`.
 */
export async function removeTree(
  path: string,
  { location, root }: { location: Location; root: string },
  removal: Removal,
): Promise<void> {
  try {
    const folder = await OpenFolder.open(dirname(path));
    try {
      await folder.mustBeInside(root, location);
      await removeIn(folder, basename(path), removal, 0);
    } finally {
      await folder.close();
    }
  } catch (error) {
    throw fileFault(error, 'deleting', location);
  }
}

/** A folder that stays the same one, whatever becomes of its name. */
class OpenFolder {
  readonly #handle: FileHandle;
  readonly path: string;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.path = path;
  }

  static async open(path: string): Promise<OpenFolder> {
    const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
    const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    // Elsewhere than on Linux only names are known.
    const held = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path;
    return new OpenFolder(handle, held);
  }

  async mustBeInside(root: string, location: Location): Promise<void> {
    if (process.platform !== 'linux') return;
    const real = await readlink(this.path);
    if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return;
    throw new DomainError('invalid', `deleting ${location}: it was moved out of its collection`);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

async function removeIn(
  folder: OpenFolder,
  name: string,
  removal: Removal,
  depth: number,
): Promise<void> {
  const path = join(folder.path, name);
  const stats = await lstat(path).catch(undefinedIfMissing);
  if (stats === undefined) return;
  if (!stats.isDirectory()) {
    await unlink(path).catch(undefinedIfMissing);
    removal.files += 1;
    return;
  }
  if (depth >= removalLimits.depth) {
    throw new DomainError('exhausted', `folders are more than ${removalLimits.depth} deep`);
  }
  for (let round = 1; ; round += 1) {
    await emptyFolder(path, removal, depth);
    if (removal.hasMore) return;
    try {
      await rmdir(path);
      removal.folders += 1;
      return;
    } catch (error) {
      const isFull = error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY';
      if (!isFull || round >= removalLimits.rounds) throw error;
    }
  }
}

async function emptyFolder(path: string, removal: Removal, depth: number): Promise<void> {
  const folder = await OpenFolder.open(path);
  try {
    let files: string[] = [];
    const removeFiles = async (): Promise<void> => {
      await Promise.all(files.map((name) => removeIn(folder, name, removal, depth + 1)));
      files = [];
    };
    for await (const entry of await opendir(folder.path)) {
      removal.hasMore ||= performance.now() >= removal.endsAtMs;
      if (removal.hasMore) break;
      if (entry.isDirectory()) await removeIn(folder, entry.name, removal, depth + 1);
      else files.push(entry.name);
      if (files.length >= removalLimits.atOnce) await removeFiles();
    }
    await removeFiles();
  } finally {
    await folder.close();
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
