import { statfsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { findOutputs } from './find-outputs.ts';
import { pilotLimits } from './pilot-limits.ts';
import { readFileTail } from './read-file-tail.ts';
import { readPreview } from './read-preview.ts';
import type { TaskEnd } from './run-task.ts';

const host = hostname();

/** A report of a task with nothing known yet but what has happened, now. */
export function blankReport(
  pilotId: PilotId,
  { jobId, attempt }: Pick<Task, 'jobId' | 'attempt'>,
  event: JobReport['event'],
): JobReport {
  return {
    jobId,
    attempt,
    pilotId,
    event,
    at: fromMilliseconds(Date.now()),
    host,
    pid: null,
    argv: [],
    exitCode: null,
    signal: null,
    reason: null,
    usage: null,
    outputs: [],
    preview: null,
    stderrTail: null,
  };
}

/** The report of a task whose process has just begun. */
export function startedReport(pilotId: PilotId, task: Task, pid: number): JobReport {
  return { ...blankReport(pilotId, task, 'started'), pid, argv: toldArguments(task.argv) };
}

/**
 * The report of a task that has ended: its outputs, its preview, and why it failed. What a process
 * used is only known to who waited for it, and Node does not tell: null stands for not known.
 */
export async function endReport(
  pilotId: PilotId,
  task: Task,
  pid: number | null,
  end: TaskEnd,
): Promise<JobReport> {
  const { exitCode, signal, wallSeconds } = end;
  const at = fromMilliseconds(Date.now());
  const { outputs, fault } = await findOutputs(task);
  const reason = end.reason ?? fault;
  const event = end.outcome === 'canceled' ? 'canceled' : reason === null ? 'completed' : 'failed';
  const stderrTail =
    event === 'failed' ? await readFileTail(join(task.cwd, 'stderr'), limits.errorTailBytes) : null;
  return {
    ...blankReport(pilotId, task, event),
    at,
    pid,
    argv: pid === null ? toldArguments(task.argv) : [],
    exitCode,
    signal,
    reason: event === 'canceled' ? null : withLastWords(reason, task, stderrTail),
    usage: pid === null ? null : { wallSeconds, cpuSeconds: null, peakMemoryBytes: null },
    outputs,
    preview: await readPreview(task, outputs),
    stderrTail,
  };
}

/**
 * What a program said last often says all: the flow run and the list of jobs show it too. On a full
 * disk it could say nothing.
 */
function withLastWords(
  reason: string | null,
  { cwd }: Pick<Task, 'cwd'>,
  stderrTail: string | null,
): string | null {
  if (reason === null) return null;
  const words = stderrTail?.trim().split('\n').at(-1)?.slice(0, pilotLimits.lastWordsTold) ?? '';
  const said = words === '' || !reason.endsWith('stderr') ? reason : `${reason}: ${words}`;
  return isFull(cwd) ? `${said}; no space is left in ${cwd}` : said;
}

function isFull(folder: string): boolean {
  try {
    const { bavail, blocks } = statfsSync(folder);
    // Some file systems count no blocks.
    return blocks > 0 && bavail === 0;
  } catch {
    return false;
  }
}

/** A command of any length as people read it. */
function toldArguments(argv: readonly string[]): string[] {
  const { argumentsTold, argumentCharactersTold } = pilotLimits;
  const told = argv.slice(0, argumentsTold).map((word) => {
    return word.length > argumentCharactersTold
      ? `${word.slice(0, argumentCharactersTold)}…`
      : word;
  });
  const rest = argv.length - told.length;
  return rest > 0 ? [...told, `… and ${rest} more`] : told;
}
