import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '@interpulse/domain/limits.ts';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';

/** How a task's process ended. */
export interface TaskEnd {
  /** `refused`: it never ran. */
  outcome: 'exited' | 'refused' | 'canceled' | 'timedOut';
  exitCode: number | null;
  signal: string | null;
  /** Why it did not end well, in a sentence; null for exit code 0. */
  reason: string | null;
  wallSeconds: number;
}

/** A task's process. */
export interface RunningTask {
  /** Null when it could not be started. */
  readonly pid: number | null;
  /** Resolves when it has ended, and never rejects. */
  readonly ended: Promise<TaskEnd>;
  /** Ends it: TERM, then KILL after the grace. */
  cancel(): void;
}

/** Timers hold at most so many milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Starts a task without a shell, as a process group of its own, with stdout and stderr in files of
 * those names in its work directory. When its first process has ended, the rest of the group goes.
 */
export function runTask(
  task: Pick<Task, 'argv' | 'cwd' | 'walltimeSeconds'>,
  environment: NodeJS.ProcessEnv,
): RunningTask {
  const startedMs = performance.now();
  const ended = Promise.withResolvers<TaskEnd>();
  const wallSeconds = (): number => (performance.now() - startedMs) / 1000;
  let child: ChildProcess;
  try {
    child = spawnInto(task, environment);
  } catch (error) {
    ended.resolve(refusal(task, error));
    return { pid: null, ended: ended.promise, cancel: () => undefined };
  }
  let endedBy: 'exited' | 'canceled' | 'timedOut' = 'exited';
  let killTimer: NodeJS.Timeout | undefined;
  const end = (why: 'canceled' | 'timedOut'): void => {
    if (endedBy !== 'exited' || child.exitCode !== null || child.signalCode !== null) return;
    endedBy = why;
    signalGroup(child.pid, 'SIGTERM');
    const graceMs = limits.killGraceSeconds * 1000;
    killTimer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs);
  };
  const walltimeMs = Math.min(task.walltimeSeconds * 1000, longestTimerMs);
  const walltimeTimer = setTimeout(() => end('timedOut'), walltimeMs);
  const settle = (settled: TaskEnd): void => {
    clearTimeout(walltimeTimer);
    clearTimeout(killTimer);
    ended.resolve(settled);
  };
  child.once('error', (error) => {
    if (child.pid === undefined) settle(refusal(task, error));
  });
  child.once('exit', (exitCode, signal) => {
    signalGroup(child.pid, 'SIGKILL');
    const reason = explain(endedBy, exitCode, signal, task.walltimeSeconds);
    settle({ outcome: endedBy, exitCode, signal, reason, wallSeconds: wallSeconds() });
  });
  return { pid: child.pid ?? null, ended: ended.promise, cancel: () => end('canceled') };
}

function spawnInto(task: Pick<Task, 'argv' | 'cwd'>, environment: NodeJS.ProcessEnv): ChildProcess {
  const files: number[] = [];
  try {
    for (const name of ['stdout', 'stderr']) files.push(openSync(join(task.cwd, name), 'w'));
    const [program = '', ...words] = task.argv;
    return spawn(program, words, {
      cwd: task.cwd,
      env: environment,
      detached: true,
      stdio: ['ignore', ...files],
    });
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** Kills what is left of a group; one that is gone already is no trouble. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has ended.
  }
}

function explain(
  endedBy: 'exited' | 'canceled' | 'timedOut',
  exitCode: number | null,
  signal: string | null,
  walltimeSeconds: number,
): string | null {
  if (endedBy === 'canceled') return 'it was canceled';
  if (endedBy === 'timedOut') {
    return `it ran longer than its walltime of ${walltimeSeconds} s and was ended; ask for more`;
  }
  if (signal !== null) return `it was ended by ${signal}${signalHint(signal)}`;
  return exitCode === 0 ? null : `it exited with code ${exitCode}; see its stderr`;
}

function signalHint(signal: string): string {
  return signal === 'SIGKILL' ? ' (often the system, for memory)' : '';
}

const faults: Record<string, (task: Pick<Task, 'argv' | 'cwd'>) => string> = {
  ENOENT: (task) =>
    existsSync(task.cwd)
      ? `the program ${task.argv[0]} was not found; is it on the site's PATH?`
      : 'its work directory is gone',
  EACCES: (task) => `the program ${task.argv[0]}, or its work directory, may not be used`,
  ENOSPC: () => 'no space left for its output; free some on the scratch collection',
  EDQUOT: () => 'the disk quota is used up; free some space on the scratch collection',
  EROFS: () => 'the work directory is on a read-only file system',
  E2BIG: () => 'its arguments and environment are longer than the system allows',
  EAGAIN: () => 'the system has no room for another process',
  EMFILE: () => 'the pilot has too many open files',
};

function refusal(task: Pick<Task, 'argv' | 'cwd'>, error: unknown): TaskEnd {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = faults[code]?.(task);
  const why = known ?? (error instanceof Error ? error.message : String(error));
  const reason = `it could not be started: ${why}`;
  return { outcome: 'refused', exitCode: null, signal: null, reason, wallSeconds: 0 };
}
