import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';

/**
 * Copies files into a folder of their own below `place`, named by their content, and gives its
 * path. It appears whole or not at all, also when several agents do this at once.
 *
 * @param files by their paths in the folder, those that they are copied from.
 * @throws DomainError `unavailable` when the folder cannot be written.
 */
export async function layDown(
  place: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = join(place, await digestOf(files));
  if (await isFolder(folder)) return folder;
  let fresh: string | null = null;
  try {
    await mkdir(place, { recursive: true, mode: 0o700 });
    fresh = await mkdtemp(join(place, '.new-'));
    for (const [name, from] of Object.entries(files)) await copy(from, join(fresh, name));
    await rename(fresh, folder);
    return folder;
  } catch (cause) {
    if (fresh !== null) await rm(fresh, { recursive: true, force: true });
    // Another agent was faster.
    if (await isFolder(folder)) return folder;
    const why = cause instanceof Error ? cause.message : String(cause);
    const said = `laying down the pilots' program in ${place}: ${why}`;
    const remedy = 'free some space, or set "compute.pilotFolder" to a folder that nodes see';
    throw new DomainError('unavailable', `${said}; ${remedy}`, { cause });
  }
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await chmod(to, 0o755);
  const handle = await open(to, 'r');
  // The name promises the content, also after the machine has crashed.
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function digestOf(files: Readonly<Record<string, string>>): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, path] of Object.entries(files)) {
    hash.update(`${name}\0`);
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
    }
    hash.update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
