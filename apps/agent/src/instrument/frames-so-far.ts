import { open } from 'node:fs/promises';
import { readSuperblock, superblockBytes } from '@interpulse/formats/hdf5/read-superblock.ts';
import type { Hdf5Reader } from '../questions/hdf5-reader.ts';

/** What is not counted by then is told without its frames. */
const patienceMs = 1_000;

/**
 * How many frames of a file that is written can be read already; 0 while none can, for the file is
 * no HDF5 file, has no series of images, or is in the middle of a change. Reads no frame. Never
 * rejects.
 */
export async function framesSoFar(reader: Hdf5Reader, path: string): Promise<number> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), patienceMs);
  try {
    if (!(await mayBeRead(path))) return 0;
    const answer = await Promise.race([reader.ask({ ask: 'frames', file: path }), late]);
    return answer !== null && 'value' in answer ? Number(answer.value) : 0;
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether it begins as an HDF5 file that its writer lets others read, as far as it says. */
async function mayBeRead(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(superblockBytes);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const block = readSuperblock(head.subarray(0, bytesRead));
    return block !== null && (block.isOpenForWriting !== true || block.isSwmr);
  } finally {
    await handle.close();
  }
}
