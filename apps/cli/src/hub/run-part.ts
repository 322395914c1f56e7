import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { DomainError } from '@interpulse/domain/error.ts';
import { partPath } from '../programs.ts';

/** Runs the hub or an agent in the foreground until it ends; its exit code becomes ours. */
export async function runPart(part: 'hub' | 'agent', args: readonly string[]): Promise<void> {
  const path = partPath(part);
  const child = spawn(process.execPath, [path, ...args], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child decides when to end.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        new DomainError('unavailable', `cannot start the ${part}: ${cause.message}`, { cause }),
      );
    });
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
