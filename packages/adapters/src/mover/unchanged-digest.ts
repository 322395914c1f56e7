import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { FileDigest } from './file-digest.ts';
import { moverLimits } from './mover-limits.ts';

/**
 * The digest of the file at `path` if its size and modification time (to the millisecond) are
 * those given, so that it could be the same; null when it is not, or cannot be read.
 */
export async function unchangedDigest(
  path: string,
  like: { sizeBytes: number; modifiedMilliseconds: number },
): Promise<bigint | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch(() => null);
  if (handle === null) return null;
  try {
    const stats = await handle.stat();
    const apart = Math.abs(stats.mtimeMs - like.modifiedMilliseconds);
    if (!stats.isFile() || stats.size !== like.sizeBytes || apart >= 1) return null;
    const digest = new FileDigest();
    const buffer = Buffer.allocUnsafe(Math.min(like.sizeBytes, moverLimits.chunkBytes));
    for (let position = 0; position < like.sizeBytes;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return null;
      digest.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
    return digest.value();
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
