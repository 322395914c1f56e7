import { lstat, opendir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CollectionRoot } from './collection-root.ts';
import type { MovePlan } from './mover.ts';
import { partPath, partTransfer } from './part-file.ts';

/**
 * Removes what a transfer that will not go on has left of unfinished files at its destination, and
 * answers how many there were. Folders that cannot be read are passed over.
 */
export async function removeParts(
  rootPath: string,
  { transferId, items }: Pick<MovePlan, 'transferId' | 'items'>,
): Promise<number> {
  const root = await CollectionRoot.open(rootPath);
  let removed = 0;
  for (const { sourcePath, destinationPath, recursive } of items) {
    const into = destinationPath === '' || destinationPath.endsWith('/');
    const path = into ? `${destinationPath}${basename(sourcePath)}` : destinationPath;
    const file = await root.locateSource(path).catch(() => null);
    if (file !== null && (await remove(partPath(file, transferId)))) removed += 1;
    if (!recursive) continue;
    const folder = await root.locateSource(destinationPath).catch(() => null);
    if (folder !== null) removed += await removeBelow(folder, transferId);
  }
  return removed;
}

/** Nothing is followed that is a link: the content of a folder went into it and not elsewhere. */
async function removeBelow(top: string, transferId: string): Promise<number> {
  let removed = 0;
  const isFolder = (await lstat(top).catch(() => null))?.isDirectory() === true;
  const folders = isFolder ? [top] : [];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for await (const child of await opendir(folder)) {
        const path = join(folder, child.name);
        if (child.isDirectory()) folders.push(path);
        const isPart = child.isFile() && partTransfer(child.name) === transferId;
        if (isPart && (await remove(path))) removed += 1;
      }
    } catch {
      // What cannot be read was not written by us.
    }
  }
  return removed;
}

function remove(path: string): Promise<boolean> {
  return unlink(path).then(
    () => true,
    () => false,
  );
}
