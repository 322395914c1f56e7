import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { checkExtent } from './check-extent.ts';
import { Hdf5Writer } from './hdf5-writer.ts';
import { loadHdf5 } from './hdf5-library.ts';

/**
 * Writes a new HDF5 file, replacing one of that name. The file is built under a temporary name in
 * the same folder (created when missing) and renamed when it is complete and on disk, so that
 * whoever watches the folder only ever sees whole files.
 *
 * @throws whatever `build` throws, and DomainError `unavailable` when the file cannot be written;
 * in both cases nothing is left behind.
 */
export async function writeHdf5(path: string, build: (writer: Hdf5Writer) => void): Promise<void> {
  const library = await loadHdf5();
  const target = resolve(path);
  const temporary = `${target}.${randomUUID().slice(0, 8)}.partial`;
  try {
    await mkdir(dirname(target), { recursive: true });
    const file = new library.File(temporary, 'w');
    try {
      build(new Hdf5Writer(file));
    } finally {
      file.close();
    }
    await checkExtent(temporary);
    await flushToDisk(temporary);
    await rename(temporary, target);
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof DomainError) throw cause;
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new DomainError('unavailable', `cannot write ${path}: ${reason}`, { cause });
  }
}

async function flushToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
