import { lstat, opendir } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { pathSegments } from './collection-root.ts';
import type { CollectionRoot } from './collection-root.ts';
import { fileFault } from './file-fault.ts';
import type { MovedFile, MoveItem } from './mover.ts';
import { partTransfer } from './part-file.ts';

/** A file or folder found at the source. */
export interface SourceEntry {
  kind: 'file' | 'folder';
  /** Absolute, on this machine. */
  absolutePath: string;
  /** Relative to the source collection. */
  sourcePath: string;
  /** Relative to the destination collection. */
  destinationPath: string;
  sizeBytes: number;
  modifiedMilliseconds: number;
  /** Of the inode: moves with every write, also with one that puts the modification time back. */
  changedMilliseconds: number;
  /** Permission bits. */
  mode: number;
}

/** What listing yields: something to move, or the fate of what is not moved. */
export type Listed = { entry: SourceEntry } | { settled: MovedFile };

/** Walks the items of a plan, folders before their content. Never throws for a single path. */
export async function* listSource(
  root: CollectionRoot,
  items: readonly MoveItem[],
): AsyncGenerator<Listed> {
  for (const item of items) {
    try {
      const sourcePath = pathSegments(item.sourcePath).join('/');
      const absolutePath = await root.locateSource(sourcePath);
      const stats = await lstat(absolutePath);
      if (stats.isDirectory() && !item.recursive) {
        throw new DomainError(
          'invalid',
          `moving ${item.sourcePath}: it is a folder; ask for it with recursive`,
        );
      }
      const into = item.destinationPath === '' || item.destinationPath.endsWith('/');
      const destination = pathSegments(item.destinationPath);
      if (into && !stats.isDirectory()) destination.push(basename(sourcePath));
      yield* walk(absolutePath, sourcePath, destination.join('/'), stats);
    } catch (error) {
      yield failedListing(error, 'reading', item.sourcePath);
    }
  }
}

async function* walk(
  absolutePath: string,
  sourcePath: string,
  destinationPath: string,
  stats: Stats,
): AsyncGenerator<Listed> {
  if (stats.isFile() && partTransfer(basename(absolutePath)) !== null) {
    const reason = `${sourcePath} is the unfinished part of a file`;
    yield { settled: { path: destinationPath, sizeBytes: 0, xxh3: '', status: 'skipped', reason } };
    return;
  }
  if (stats.isFile()) {
    yield { entry: entryOf('file', absolutePath, sourcePath, destinationPath, stats) };
    return;
  }
  if (!stats.isDirectory()) {
    const what = stats.isSymbolicLink() ? 'a link; links are not followed' : 'not a plain file';
    const reason = `${sourcePath} is ${what}`;
    yield { settled: { path: destinationPath, sizeBytes: 0, xxh3: '', status: 'skipped', reason } };
    return;
  }
  yield { entry: entryOf('folder', absolutePath, sourcePath, destinationPath, stats) };
  try {
    for await (const child of await opendir(absolutePath)) {
      const path = join(absolutePath, child.name);
      const below = sourcePath === '' ? child.name : `${sourcePath}/${child.name}`;
      const target = destinationPath === '' ? child.name : `${destinationPath}/${child.name}`;
      try {
        yield* walk(path, below, target, await lstat(path));
      } catch (error) {
        yield failedListing(error, 'reading', below);
      }
    }
  } catch (error) {
    yield failedListing(error, 'listing the folder', sourcePath);
  }
}

function entryOf(
  kind: SourceEntry['kind'],
  absolutePath: string,
  sourcePath: string,
  destinationPath: string,
  stats: Stats,
): SourceEntry {
  return {
    kind,
    absolutePath,
    sourcePath,
    destinationPath,
    sizeBytes: kind === 'file' ? stats.size : 0,
    modifiedMilliseconds: stats.mtimeMs,
    changedMilliseconds: stats.ctimeMs,
    mode: stats.mode & 0o777,
  };
}

function failedListing(error: unknown, doing: string, path: string): Listed {
  return { settled: failedFile(path, 0, fileFault(error, doing, path)) };
}

/** The fate of a file that could not be moved. */
export function failedFile(path: string, sizeBytes: number, error: DomainError): MovedFile {
  const { message: reason, kind: errorKind } = error;
  return { path, sizeBytes, xxh3: '', status: 'failed', reason, errorKind };
}
