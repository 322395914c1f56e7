import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Reads `count` bytes from `start` on, fewer where the file ends before. */
export async function readRange(path: string, start: number, count: number): Promise<Uint8Array> {
  // Opening a pipe that nobody writes to would wait for ever, and hold up the files of others.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(count);
    let filled = 0;
    while (filled < count) {
      const { bytesRead } = await handle.read(bytes, filled, count - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
