import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './is-alive.ts';

const graceMilliseconds = 2000;

/**
 * Ends pilots whose agent died before it could: a pilot outlives its agent so that the next one
 * finds it, but after `up` no next one comes. Known by their environment, which names our folder
 * (see {@link pilotMark}); where there is no `/proc` they end by themselves when no agent answers.
 */
export async function endStrayPilots(root: string): Promise<void> {
  const pids = strayPilots(root);
  for (const pid of pids) send(pid, 'SIGTERM');
  const endAt = Date.now() + graceMilliseconds;
  while (pids.some(isAlive) && Date.now() < endAt) await delay(20);
  for (const pid of pids) if (isAlive(pid)) send(pid, 'SIGKILL');
}

/** What agents of `up` have in their environment, and give to their pilots. */
export function agentEnvironment(root: string): { NODE_COMPILE_CACHE: string } {
  return { NODE_COMPILE_CACHE: join(root, 'compile-cache') };
}

function pilotMark(root: string): string {
  return `NODE_COMPILE_CACHE=${agentEnvironment(root).NODE_COMPILE_CACHE}`;
}

function strayPilots(root: string): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  const mark = `\0${pilotMark(root)}\0`;
  return names
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return `\0${readFileSync(`/proc/${name}/environ`, 'utf8')}`.includes(mark)
          ? [Number(name)]
          : [];
      } catch {
        // It belongs to somebody else, or has ended.
        return [];
      }
    });
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
