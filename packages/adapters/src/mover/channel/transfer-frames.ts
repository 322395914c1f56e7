import type { MovedFile } from '../mover.ts';
import { moverLimits } from '../mover-limits.ts';

/** A file or folder offered: number, kind, path at the destination, size, mtime in ms, mode. */
export type FileOffer = [
  file: number,
  kind: 'file' | 'folder',
  path: string,
  sizeBytes: number,
  modifiedMilliseconds: number,
  mode: number,
];

/**
 * The receiver's wish for a file. `send`: all chunks but those whose digests came in `have`.
 * `same`: a whole file of this size and time is there, its digest came in `have`.
 */
export type FileVerdict = [file: number, verdict: 'send' | 'same'];

/** The fate of a file; null for a folder that is there now. */
export type FileResult = [file: number, moved: MovedFile | null];

/** In place of a count of chunks in `end`: the receiver's file is the same. */
export const unchangedMark = 0xffff_ffff;

/** Chunks of a file. */
export function chunkCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / moverLimits.chunkBytes);
}

/** Bytes of one chunk: the last may be short. */
export function chunkBytesAt(sizeBytes: number, chunk: number): number {
  return Math.min(moverLimits.chunkBytes, sizeBytes - chunk * moverLimits.chunkBytes);
}
