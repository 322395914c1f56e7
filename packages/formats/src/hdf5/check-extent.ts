import { open } from 'node:fs/promises';

/** Where the superblock keeps the end of the file, by its version; addresses have 8 bytes. */
const endOffsets: Record<number, number> = { 0: 40, 1: 44, 2: 28, 3: 28 };

/**
 * Compares the length that a file's superblock promises with the length it has. The library
 * writes the superblock last, so that a file which it left open, or one that was cut off, shows.
 *
 * @throws Error when the file is not complete.
 */
export async function checkExtent(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(56);
    await handle.read(head, 0, head.length, 0);
    const offset = endOffsets[head[8] ?? -1];
    if (offset === undefined) throw new Error(`superblock version ${head[8]} is not known`);
    const promised = Number(head.readBigUInt64LE(offset));
    const { size } = await handle.stat();
    if (promised !== size) {
      throw new Error(`the file has ${size} bytes and its superblock says ${promised}`);
    }
  } finally {
    await handle.close();
  }
}
