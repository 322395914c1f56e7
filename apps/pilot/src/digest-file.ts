import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { pilotLimits } from './pilot-limits.ts';

/** The SHA-256 of a file's bytes, hexadecimal; null when it cannot be read. */
export async function digestFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(pilotLimits.digestChunkBytes);
  try {
    await using file = await open(path, 'r');
    for (;;) {
      // Piece by piece: what else a pilot has to do is done in between.
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytesRead));
    }
  } catch {
    return null;
  }
}
