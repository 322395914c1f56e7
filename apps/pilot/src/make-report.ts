import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { findOutputs } from './find-outputs.ts';
import type { OwnFacts } from './own-facts.ts';
import { pilotLimits } from './pilot-limits.ts';
import { readFileTail } from './read-file-tail.ts';
import { readPreview } from './read-preview.ts';
import { withValue } from './read-value.ts';
import type { ProcessUsage } from './spawner/spawner-messages.ts';
import type { TaskEnd } from './running-task.ts';

/** What is known of a task that was started. */
export interface Begun {
  /** Null when it never ran, or nobody heard of it before it was lost. */
  pid: number | null;
  startedAt: string | null;
  /** As it was started, with its launcher and what comes around it. */
  argv: readonly string[];
  hosts: readonly string[];
  /** Ends what a launcher left behind, and tells what its ranks used; null where none was there. */
  settle: (() => Promise<ProcessUsage | null>) | null;
}

/** A report of a task with nothing known yet but what has happened, now. */
export function blankReport(
  { pilotId, host, user, versions }: OwnFacts,
  { jobId, attempt, appDigest, appVersion }: Task,
  event: JobReport['event'],
): JobReport {
  return {
    jobId,
    attempt,
    pilotId,
    event,
    at: fromMilliseconds(Date.now()),
    startedAt: null,
    host,
    hosts: [],
    user,
    pid: null,
    argv: [],
    appDigest,
    versions: appVersion === null ? { ...versions } : { ...versions, app: appVersion },
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
export function startedReport(facts: OwnFacts, task: Task, begun: Begun): JobReport {
  const blank = blankReport(facts, task, 'started');
  return { ...blank, ...told(begun, facts), argv: toldArguments(begun.argv) };
}

/** The report of a task that has ended: its outputs, its preview, and why it failed. */
export async function endReport(
  facts: OwnFacts,
  task: Task,
  begun: Begun,
  end: TaskEnd,
): Promise<JobReport> {
  const at = fromMilliseconds(Date.now());
  const usage = await usageOf(begun, end);
  // Another attempt writes its own: nobody waits for these, and the time is short.
  const isGivenBack = end.outcome === 'preempted' || end.outcome === 'lost';
  const { outputs, fault } = isGivenBack ? { outputs: [], fault: null } : await findOutputs(task);
  const reason = end.reason ?? fault;
  const event = eventOf(end, reason, task.attempt);
  const stderrTail =
    event === 'failed' || event === 'timedOut'
      ? await readFileTail(join(task.cwd, 'stderr'), limits.errorTailBytes)
      : null;
  return {
    ...blankReport(facts, task, event),
    ...told(begun, facts),
    at,
    argv: begun.pid === null ? toldArguments(begun.argv) : [],
    exitCode: end.exitCode,
    signal: end.signal,
    reason: event === 'canceled' ? null : withLastWords(reason, task, stderrTail),
    usage,
    outputs: await withValue(task, outputs),
    preview: await readPreview(task, outputs),
    stderrTail,
  };
}

async function usageOf({ settle }: Begun, { usage }: TaskEnd): Promise<JobReport['usage']> {
  const ofRanks = await settle?.();
  if (usage === null || ofRanks === undefined) return usage;
  return { ...usage, cpuSeconds: null, peakMemoryBytes: null, ...ofRanks };
}

function told(
  { pid, startedAt, hosts }: Begun,
  { host }: OwnFacts,
): Pick<JobReport, 'pid' | 'startedAt' | 'hosts' | 'host'> {
  return { pid, startedAt, hosts: [...hosts], host: hosts[0] ?? host };
}

/** What takes its pilot down each time is not tried for ever. */
function eventOf(end: TaskEnd, reason: string | null, attempt: number): JobReport['event'] {
  switch (end.outcome) {
    case 'canceled':
    case 'timedOut':
    case 'preempted':
      return end.outcome;
    case 'lost':
      return attempt < limits.attemptsPerJob ? 'preempted' : 'failed';
    case 'refused':
    case 'exited':
      return reason === null ? 'completed' : 'failed';
  }
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
