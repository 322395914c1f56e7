import { statfsSync } from 'node:fs';
import { DomainError } from '@interpulse/domain/error.ts';
import { bytes } from '../output/quantities.ts';

/** A new database and an hour of shots take about this much. */
export const neededFreeBytes = 512 * 1024 ** 2;

/** Below this nothing can be written safely any more. */
export const leastFreeBytes = 64 * 1024 ** 2;

/** @throws DomainError exhausted, when fewer bytes than `needed` are free below a folder. */
export function requireFreeSpace(folder: string, needed: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  const message =
    `the disk is full: ${bytes(free)} free at ${folder}, ${bytes(needed)} needed; ` +
    'free some, or name a folder on another disk with --folder';
  throw new DomainError('exhausted', message);
}
