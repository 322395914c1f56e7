import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** The last bytes of a file as text, from the start of a character; null when it is empty. */
export async function readFileTail(path: string, maximumBytes: number): Promise<string | null> {
  let handle;
  try {
    // Opening a pipe that nobody writes to would wait for ever, and hold up the files of others.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(size, maximumBytes));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, size - bytes.length);
    if (bytesRead === 0) return null;
    let start = 0;
    // Continuation bytes of a character that was cut.
    while (size > bytes.length && start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
    return bytes.subarray(start, bytesRead).toString('utf8');
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
