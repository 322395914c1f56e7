import { open } from 'node:fs/promises';

/** Where the superblock keeps the end of the file, by its version; addresses have 8 bytes. */
const endOffsets: Record<number, number> = { 0: 40, 1: 44, 2: 28, 3: 28 };

/** Bytes of a file's beginning that {@link promisedSize} looks at. */
export const superblockBytes = 56;

/**
 * The length that the superblock promises, or undefined where it is of a kind that we do not
 * know. The library writes it last, so that a file which it left open shows.
 *
 * @param head the first {@link superblockBytes} of the file.
 */
export function promisedSize(head: Buffer): number | undefined {
  const version = head[8] ?? -1;
  const offset = endOffsets[version];
  const addressBytes = version < 2 ? head[13] : head[9];
  if (offset === undefined || addressBytes !== 8) return undefined;
  return Number(head.readBigUInt64LE(offset));
}

/** Compares the length of a file with the promised one. Throws Error when they differ. */
export async function checkExtent(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(superblockBytes);
    await handle.read(head, 0, head.length, 0);
    const promised = promisedSize(head);
    const { size } = await handle.stat();
    if (promised !== size) {
      throw new Error(`the file has ${size} bytes and its superblock says ${promised}`);
    }
  } finally {
    await handle.close();
  }
}
