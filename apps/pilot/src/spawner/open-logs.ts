import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files for what a program writes. */
export interface Logs {
  stdout: number;
  stderr: number;
  close: () => void;
}

/** A work directory lies so deep below one that exists, with one for its job, one its attempt. */
const newLevels = 3;

/**
 * Opens the files for stdout and stderr in a work directory, and makes that where it is missing.
 *
 * @throws Error with the system's code.
 */
export function openLogs(cwd: string): Logs {
  const stdout = openInside(cwd, 'stdout');
  try {
    const stderr = openSync(join(cwd, 'stderr'), 'w');
    return {
      stdout,
      stderr,
      close: () => {
        closeSync(stdout);
        closeSync(stderr);
      },
    };
  } catch (error) {
    closeSync(stdout);
    throw error;
  }
}

function openInside(cwd: string, name: string): number {
  try {
    return openSync(join(cwd, name), 'w');
  } catch (error) {
    if (!isMissing(error)) throw error;
    makeFolder(cwd, newLevels);
    return openSync(join(cwd, name), 'w');
  }
}

/** Node's own recursive mkdir never returns where a file system has no room for folders (/proc). */
function makeFolder(path: string, levels: number): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (!isMissing(error) || levels <= 1) throw error;
    makeFolder(dirname(path), levels - 1);
    mkdirSync(path);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
