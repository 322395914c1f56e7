import { lstat, opendir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFault } from './file-fault.ts';
import { partTransfer } from './part-file.ts';

/**
 * Removes the parts of unfinished files below `root` that nobody wrote to for `olderThanSeconds`,
 * of one transfer or (null) of all. Returns their number. Folders that cannot be read are passed
 * over; a root that cannot be read throws.
 */
export async function cleanStaleParts(
  root: string,
  olderThanSeconds: number,
  transferId: string | null = null,
): Promise<number> {
  const before = Date.now() - olderThanSeconds * 1000;
  let removed = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    try {
      for await (const child of await opendir(folder)) {
        const path = join(folder, child.name);
        if (child.isDirectory()) folders.push(path);
        const named = child.isFile() ? partTransfer(child.name) : null;
        if (named === null || (transferId !== null && named !== transferId)) continue;
        const stats = await lstat(path).catch(() => null);
        if (stats === null || stats.mtimeMs > before) continue;
        removed += await unlink(path).then(
          () => 1,
          () => 0,
        );
      }
    } catch (error) {
      if (folder === root) throw fileFault(error, 'cleaning up', root);
    }
  }
  return removed;
}
