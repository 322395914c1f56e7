import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { digestOf, digestText } from '@interpulse/adapters/mover/file-digest.ts';

/** What a process saw that looked at one name all the time. */
export interface NameSightings {
  /** Looks taken. */
  lookCount: number;
  /** Looks that found a file. */
  seenCount: number;
  /** Looks that found a file of another content than the whole one. */
  partialCount: number;
}

/** Looks at a name from another process until `stop`. */
export function watchName(path: string, wholeDigest: string): { stop(): Promise<NameSightings> } {
  const child = fork(import.meta.filename, ['name-watcher', path, wholeDigest]);
  return {
    stop: () =>
      new Promise((resolve) => {
        child.once('message', (seen) => {
          resolve(seen as NameSightings);
          child.disconnect();
        });
        child.send('stop');
      }),
  };
}

function lookOn(path: string, wholeDigest: string): void {
  const seen: NameSightings = { lookCount: 0, seenCount: 0, partialCount: 0 };
  const look = (): void => {
    seen.lookCount += 1;
    try {
      const content = readFileSync(path);
      seen.seenCount += 1;
      if (digestText(digestOf(content)) !== wholeDigest) seen.partialCount += 1;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  };
  const timer = setInterval(look, 1);
  process.once('message', () => {
    clearInterval(timer);
    look();
    process.send?.(seen);
  });
}

const [, , mode, path, wholeDigest] = process.argv;
if (mode === 'name-watcher' && path !== undefined && wholeDigest !== undefined) {
  lookOn(path, wholeDigest);
}
