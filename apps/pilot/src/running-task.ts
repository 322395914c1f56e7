import { existsSync } from 'node:fs';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { CrewProcess } from './crew/crew.ts';
import type { ProcessEnd, ProcessHandlers } from './crew/spawner-slot.ts';
import type { ProcessUsage } from './spawner/spawner-messages.ts';

/** How a task ended. */
export interface TaskEnd {
  /** `refused`: it never ran; `lost`: its spawner, or its node, is gone. */
  outcome: 'exited' | 'refused' | 'canceled' | 'timedOut' | 'preempted' | 'lost';
  exitCode: number | null;
  signal: string | null;
  /** Why it did not end well, in a sentence; null for exit code 0. */
  reason: string | null;
  /** Null when it never ran. */
  usage: ({ wallSeconds: number } & ProcessUsage) | null;
}

/** Why a pilot ends a task. */
export type EndCause = 'canceled' | 'timedOut' | 'preempted';

/** Timers hold at most so many milliseconds. */
const longestTimerMs = 2 ** 31 - 1;

type OwnTask = Pick<Task, 'argv' | 'cwd' | 'resources'>;

/** A task's process, from its start to its end. */
export class RunningTask {
  /** Resolves when it has ended, and never rejects. */
  readonly ended: Promise<TaskEnd>;
  /** Null until it is known. */
  pid: number | null = null;
  /** ISO 8601; null until it is known. */
  startedAt: string | null = null;
  readonly #task: OwnTask;
  readonly #process: CrewProcess;
  readonly #resolve: (end: TaskEnd) => void;
  readonly #walltimeTimer: NodeJS.Timeout;
  readonly #begunMs = performance.now();
  #killTimer: NodeJS.Timeout | undefined;
  #killAtMs = Number.POSITIVE_INFINITY;
  #cause: EndCause | null = null;
  #hasEnded = false;

  /** `start` begins the process; `onBegan` is told when it has. */
  constructor(
    task: OwnTask,
    start: (handlers: ProcessHandlers) => CrewProcess,
    onBegan: (running: RunningTask) => void,
  ) {
    const { promise, resolve } = Promise.withResolvers<TaskEnd>();
    this.ended = promise;
    this.#resolve = resolve;
    this.#task = task;
    const walltimeMs = Math.min(task.resources.walltimeSeconds * 1000, longestTimerMs);
    this.#walltimeTimer = setTimeout(() => {
      this.end('timedOut', limits.killGraceSeconds);
    }, walltimeMs);
    this.#process = start({
      onBegan: (pid, startedAt) => {
        this.pid = pid;
        this.startedAt = startedAt;
        onBegan(this);
      },
      onEnded: (end) => this.#settle(end),
    });
  }

  /** Ends it: TERM, then KILL after the grace. The first cause stays, the shortest grace counts. */
  end(cause: EndCause, graceSeconds: number): void {
    if (this.#hasEnded) return;
    if (this.#cause === null) this.#process.signal('SIGTERM');
    this.#cause ??= cause;
    const killAtMs = performance.now() + graceSeconds * 1000;
    if (killAtMs >= this.#killAtMs) return;
    this.#killAtMs = killAtMs;
    clearTimeout(this.#killTimer);
    this.#killTimer = setTimeout(() => this.#process.signal('SIGKILL'), graceSeconds * 1000);
  }

  #settle(end: ProcessEnd): void {
    this.#hasEnded = true;
    clearTimeout(this.#walltimeTimer);
    clearTimeout(this.#killTimer);
    this.#resolve(this.#describe(end));
  }

  #describe(end: ProcessEnd): TaskEnd {
    if (end.kind === 'refused') return refusal(this.#task, end);
    if (end.kind === 'lost') {
      const wallSeconds = (performance.now() - this.#begunMs) / 1000;
      return {
        outcome: this.#cause ?? 'lost',
        exitCode: null,
        signal: null,
        reason: `the process that started it is gone: ${end.reason}`,
        usage: { wallSeconds, cpuSeconds: null, peakMemoryBytes: null },
      };
    }
    const { exitCode, signal, wallSeconds, cpuSeconds, peakMemoryBytes } = end;
    const usage = { wallSeconds, cpuSeconds, peakMemoryBytes };
    // Who used the grace to come to a good end has nothing to do again.
    const cause = this.#cause === 'preempted' && exitCode === 0 ? null : this.#cause;
    const reason = explain(cause, end, this.#task.resources.walltimeSeconds);
    return { outcome: cause ?? 'exited', exitCode, signal, reason, usage };
  }
}

function explain(
  cause: EndCause | null,
  { exitCode, signal }: { exitCode: number | null; signal: string | null },
  walltimeSeconds: number,
): string | null {
  switch (cause) {
    case 'canceled':
      return 'it was canceled';
    case 'preempted':
      return 'its nodes are taken for other work';
    case 'timedOut':
      return `it ran longer than its walltime of ${walltimeSeconds} s and was ended; ask for more`;
    case null:
      if (signal !== null) return `it was ended by ${signal}${signalHint(signal)}`;
      return exitCode === 0 ? null : `it exited with code ${exitCode}; see its stderr`;
  }
}

function signalHint(signal: string): string {
  return signal === 'SIGKILL' ? ' (often the system, for memory)' : '';
}

const faults: Record<string, (task: OwnTask) => string> = {
  ENOENT: (task) =>
    existsSync(task.cwd)
      ? `the program ${task.argv[0]} was not found; is it on the site's PATH?`
      : 'its work directory is gone',
  ENOTDIR: (task) => `${task.cwd} is not a folder`,
  EACCES: (task) => `the program ${task.argv[0]}, or its work directory, may not be used`,
  EPERM: (task) => `the program ${task.argv[0]}, or its work directory, may not be used`,
  ENOSPC: () => 'no space left for its output; free some on the scratch collection',
  EDQUOT: () => 'the disk quota is used up; free some space on the scratch collection',
  EROFS: () => 'the work directory is on a read-only file system',
  E2BIG: () => 'its arguments and environment are longer than the system allows',
  EAGAIN: () => 'the system has no room for another process',
  ENOMEM: () => 'the system has no memory for another process',
  EMFILE: () => 'the pilot has too many open files',
  EINVAL: () => 'one of its arguments or variables holds a zero byte',
};

function refusal(task: OwnTask, { code, message }: { code: string; message: string }): TaskEnd {
  const reason = `it could not be started: ${faults[code]?.(task) ?? message}`;
  return { outcome: 'refused', exitCode: null, signal: null, reason, usage: null };
}
