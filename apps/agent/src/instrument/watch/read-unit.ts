import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WatchConfig } from '../../config/watch-config.ts';
import type { FileVersion } from '../told-journal.ts';
import { readWriterState } from './read-writer-state.ts';
import type { Evidence } from './settle.ts';
import type { WatchedPaths } from './watched-paths.ts';

/** A file of a folder that is told as one. */
export interface UnitFile {
  path: string;
  sizeBytes: number;
  modifiedMilliseconds: number;
}

/** A file or folder as it is now. */
export interface UnitState {
  version: FileVersion;
  evidence: Evidence;
  /**
   * When something last happened to it, by the file system's clock. Unlike the time of its content
   * nobody can set it back: files that are copied keep their old times.
   */
  touchedMilliseconds: number;
  /** The files of a folder, by path; empty for a file. */
  files: UnitFile[];
}

/** Files of a folder looked at together. */
const filesAtOnce = 32;

/** A file that changes while it is looked at is looked at so often; then it is being written. */
const looksAtChanging = 3;

/** Looks at a file, and at what its rule asks for; null when it is not there, or no plain file. */
export async function readFileUnit(
  root: string,
  path: string,
  paths: WatchedPaths,
  { settle }: WatchConfig,
): Promise<UnitState | null> {
  const isHdf5 = typeof settle === 'object' && 'hdf5' in settle;
  let before = await readFileState(root, path);
  for (let look = 1; before !== null; look += 1) {
    const evidence: Evidence = {
      hasSentinel: await hasSentinel(root, path, paths),
      files: 1,
      isEmpty: before.version.sizeBytes === 0,
      writer: isHdf5 ? await readWriterState(join(root, path)) : 'unread',
    };
    const after = await readFileState(root, path);
    // What was read of a file says nothing of the version that it had before or has by now.
    if (after !== null && isSame(before.version, after.version)) return { ...after, evidence };
    if (after !== null && look === looksAtChanging) {
      const isWriting = { hasSentinel: false, writer: isHdf5 ? 'open' : 'unread' } as const;
      return { ...after, evidence: { ...evidence, ...isWriting } };
    }
    before = after;
  }
  return null;
}

async function readFileState(
  root: string,
  path: string,
): Promise<Omit<UnitState, 'evidence'> | null> {
  const stats = await lstat(join(root, path)).catch(() => null);
  if (stats === null || !stats.isFile()) return null;
  const { size: sizeBytes, mtimeMs: modifiedMilliseconds, ino: inode } = stats;
  const version = { path, sizeBytes, modifiedMilliseconds, inode };
  return { version, touchedMilliseconds: stats.ctimeMs, files: [] };
}

function isSame(one: FileVersion, other: FileVersion): boolean {
  return (
    one.sizeBytes === other.sizeBytes &&
    one.modifiedMilliseconds === other.modifiedMilliseconds &&
    one.inode === other.inode
  );
}

/** The same for a folder and all that is in it. @throws the system's error when it is not there. */
export async function readFolderUnit(
  root: string,
  path: string,
  paths: WatchedPaths,
  { settle }: WatchConfig,
): Promise<UnitState | null> {
  const found: string[] = [];
  const folders: string[] = [path];
  await listFiles(root, path, paths, { files: found, folders });
  const sentinel = paths.sentinelFor(path);
  const names = found.filter((each) => each !== sentinel).toSorted();
  const isMissing = typeof settle === 'object' && 'files' in settle && names.length < settle.files;
  const evidence: Evidence = {
    hasSentinel: await hasSentinel(root, path, paths),
    files: names.length,
    isEmpty: false,
    writer: 'unread',
  };
  const { ino: inode } = await lstat(join(root, path));
  // What cannot be whole yet need not be looked at file by file.
  const { files, touchedMilliseconds } = await readFiles(root, isMissing ? [] : names, folders);
  return {
    version: {
      path: `${path}/`,
      sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
      modifiedMilliseconds: files.reduce((last, it) => Math.max(last, it.modifiedMilliseconds), 0),
      inode,
    },
    touchedMilliseconds,
    evidence,
    files,
  };
}

async function listFiles(
  root: string,
  folder: string,
  paths: WatchedPaths,
  found: { files: string[]; folders: string[] },
): Promise<void> {
  for await (const entry of await opendir(join(root, folder))) {
    const path = `${folder}/${entry.name}`;
    if (paths.isHidden(entry.name) || paths.isIgnored(path)) continue;
    if (entry.isFile()) found.files.push(path);
    if (!entry.isDirectory()) continue;
    found.folders.push(path);
    await listFiles(root, path, paths, found);
  }
}

async function readFiles(root: string, names: readonly string[], folders: readonly string[]) {
  const files: UnitFile[] = [];
  let touchedMilliseconds = 0;
  const all = [...names, ...folders];
  for (let from = 0; from < all.length; from += filesAtOnce) {
    const some = all.slice(from, from + filesAtOnce).map(async (path) => {
      const stats = await lstat(join(root, path));
      const { size: sizeBytes, mtimeMs: modifiedMilliseconds, ctimeMs } = stats;
      touchedMilliseconds = Math.max(touchedMilliseconds, ctimeMs);
      return stats.isFile() ? [{ path, sizeBytes, modifiedMilliseconds }] : [];
    });
    files.push(...(await Promise.all(some)).flat());
  }
  return { files, touchedMilliseconds };
}

async function hasSentinel(root: string, path: string, paths: WatchedPaths): Promise<boolean> {
  const sentinel = paths.sentinelFor(path);
  if (sentinel === null) return false;
  return (await lstat(join(root, sentinel)).catch(() => null)) !== null;
}
