import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Opens the files for stdout and stderr in a work directory, and makes that where it is missing.
 *
 * @throws Error with the system's code.
 */
export function openLogs(cwd: string): { stdout: number; stderr: number; close: () => void } {
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
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error;
    mkdirSync(cwd, { recursive: true });
    return openSync(join(cwd, name), 'w');
  }
}
