import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { promisedSize, superblockBytes } from './check-extent.ts';
import { Hdf5File } from './hdf5-file.ts';
import { loadHdf5 } from './hdf5-library.ts';
import { readSuperblock, superblockBytes as headBytes } from './read-superblock.ts';

const signature = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
/** A user block of any power of two from 512 may stand before the file proper. */
const lastSignatureOffset = 1 << 20;

const truncated =
  'the HDF5 file is truncated; copy it again, or wait until its writer has closed it';

/** How a file is opened. */
export interface OpenHdf5Options {
  /**
   * Also while a program writes it that lets others read meanwhile (SWMR): then what was there at
   * the opening is read. Not of a copy: where that is cut off, zeros would be read.
   */
  whileWritten?: boolean;
}

/** Whether a file begins as HDF5 files do; false for folders. Throws DomainError `notFound`. */
export function isHdf5(path: string): boolean {
  const descriptor = openForReading(path);
  try {
    const { size } = fstatSync(descriptor);
    const head = Buffer.alloc(signature.length);
    if (fstatSync(descriptor).isDirectory()) return false;
    for (let offset = 0; offset <= lastSignatureOffset; offset = Math.max(512, offset * 2)) {
      if (offset + head.length > size) return false;
      readSync(descriptor, head, 0, head.length, offset);
      if (head.equals(signature)) return true;
    }
    return false;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Opens an HDF5 file read-only; only what is asked for is read. Close it when done.
 *
 * @throws DomainError `notFound` when there is no such file, `forbidden` when it may not be read,
 * `invalid` when it is not HDF5, or truncated.
 */
export async function openHdf5(path: string, options: OpenHdf5Options = {}): Promise<Hdf5File> {
  if (!isHdf5(path)) {
    throw new DomainError('invalid', `cannot open ${path}: it is not an HDF5 file`);
  }
  // Of one that is shorter than promised the library leaks a handle, or reads for ever.
  if (isTruncated(path)) {
    throw new DomainError('invalid', `cannot open ${path}: ${truncated}`);
  }
  const library = await loadHdf5();
  try {
    const mode = options.whileWritten === true && isSharedByWriter(path) ? 'Sr' : 'r';
    return new Hdf5File(path, new library.File(resolve(path), mode), library);
  } catch (cause) {
    throw new DomainError('invalid', `cannot open ${path}: ${whyNot(cause)}`, { cause });
  }
}

/** Whether a program that writes the file lets others read it meanwhile. */
function isSharedByWriter(path: string): boolean {
  const { head } = beginningOf(path, headBytes);
  return readSuperblock(head)?.isSwmr === true;
}

function isTruncated(path: string): boolean {
  const { head, sizeBytes } = beginningOf(path, superblockBytes);
  if (!head.subarray(0, signature.length).equals(signature)) return false;
  return (promisedSize(head) ?? 0) > sizeBytes;
}

function beginningOf(path: string, bytes: number): { head: Buffer; sizeBytes: number } {
  const descriptor = openForReading(path);
  try {
    const head = Buffer.alloc(bytes);
    readSync(descriptor, head, 0, head.length, 0);
    return { head, sizeBytes: fstatSync(descriptor).size };
  } finally {
    closeSync(descriptor);
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new DomainError('notFound', `cannot open ${path}: File not found`, { cause });
    }
    throw new DomainError('forbidden', `cannot open ${path}: Permission denied`, { cause });
  }
}

function whyNot(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (text.includes('truncated file')) return truncated;
  if (text.includes('file is already open for write')) {
    return 'its writer still holds it; wait until it has closed the file';
  }
  return `the HDF5 file is damaged (${lastReason(text)})`;
}

/** HDF5 prints its whole call stack; the innermost line says what went wrong. */
function lastReason(text: string): string {
  const reasons = [...text.matchAll(/in \w+\(\): (.+)/g)].map((match) => match[1]);
  return reasons.at(-1) ?? text.split('\n')[0] ?? 'unknown reason';
}
