import { open, readFile } from 'node:fs/promises';
import { readSuperblock, superblockBytes } from '@interpulse/formats/hdf5/read-superblock.ts';
import type { WriterState } from './settle.ts';

/**
 * What an HDF5 file says of the program that writes it. @throws the system's error where the file
 * cannot be read.
 */
export async function readWriterState(path: string): Promise<WriterState> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(superblockBytes);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const block = readSuperblock(head.subarray(0, bytesRead));
    if (block === null || block.isOpenForWriting === true) return 'open';
    const { size, dev, ino } = await handle.stat({ bigint: true });
    if (block.endOfFileBytes !== null && BigInt(block.endOfFileBytes) > size) return 'open';
    if (block.isOpenForWriting === false) return 'closed';
    return (await isLocked(dev, ino)) ? 'open' : 'silent';
  } finally {
    await handle.close();
  }
}

/** Whether a program of this machine holds a file locked for writing, as the HDF5 library does. */
async function isLocked(device: bigint, inode: bigint): Promise<boolean> {
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  if (!locks.includes(`:${inode} `)) return false;
  // In the kernel's numbering of devices: 12 bits of major in the middle, minor around it.
  const major = Number((device >> 8n) & 0xfffn);
  const minor = Number((device & 0xffn) | ((device >> 12n) & 0xfff00n));
  const hex = (number: number): string => number.toString(16).padStart(2, '0');
  const name = ` ${hex(major)}:${hex(minor)}:${inode} `;
  return locks.split('\n').some((line) => line.includes(' WRITE ') && line.includes(name));
}
