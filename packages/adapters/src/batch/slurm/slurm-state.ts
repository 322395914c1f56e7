import { signalName } from '../seen-job.ts';

const queued = new Set([
  'PENDING',
  'CONFIGURING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'RESV_DEL_HOLD',
  'SPECIAL_EXIT',
]);
const running = new Set([
  'RUNNING',
  'COMPLETING',
  'SUSPENDED',
  'STOPPED',
  'SIGNALING',
  'STAGE_OUT',
  'RESIZING',
]);
const ended = new Set([
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TIMEOUT',
  'NODE_FAIL',
  'PREEMPTED',
  'BOOT_FAIL',
  'DEADLINE',
  'OUT_OF_MEMORY',
  'LAUNCH_FAILED',
  'RECONFIG_FAIL',
  'REVOKED',
]);

/**
 * Slurm's state in our words. Newer releases tell a state and flags: it has ended only when
 * nothing of it goes on.
 */
export function readState(words: readonly string[]): 'queued' | 'running' | 'ended' | 'unknown' {
  if (words.some((word) => word === 'COMPLETING' || word === 'STAGE_OUT')) return 'running';
  if (words.some((word) => queued.has(word))) return 'queued';
  if (words.some((word) => running.has(word))) return 'running';
  return words.some((word) => ended.has(word)) ? 'ended' : 'unknown';
}

/**
 * Reasons for waiting that no time cures. Slurm accepts such jobs and lets them wait for ever; see
 * the list of reasons in squeue(1).
 */
const hopelessReason = new RegExp(
  [
    '^Partition(TimeLimit|NodeLimit|Config)$',
    '^BadConstraints$',
    '^(Account|QOS)NotAllowed$',
    '^Invalid(Account|QOS)$',
    '^(Assoc|QOS)\\w*PerJob(Limit)?$',
    '^AssocMaxWallDurationPerJobLimit$',
    '^DependencyNeverSatisfied$',
    '^ReservationDeleted$',
    'requeued[ _]held$',
  ].join('|'),
  'i',
);

/** Whether a waiting job with this reason will never start. */
export function isHopeless(reason: string): boolean {
  return hopelessReason.test(reason);
}

/** How a job ended, from `3:0` or from the raw status of wait(2), such as 768. */
export function readExit(text: string): { exitCode: number | null; signal: string | null } {
  const pair = /^(\d+):(\d+)$/.exec(text);
  const raw = Number(text);
  const code = pair === null ? (raw >> 8) & 255 : Number(pair[1]);
  const signal = pair === null ? raw & 127 : Number(pair[2]);
  if (pair === null && !/^\d+$/.test(text)) return { exitCode: null, signal: null };
  return signal === 0
    ? { exitCode: code, signal: null }
    : { exitCode: null, signal: signalName(signal) };
}

/** Slurm's words for an end, without those that only repeat its exit code; null if none is left. */
export function explainEnd(state: string, reason: string): string | null {
  const silent = ['None', 'NonZeroExitCode', 'JobLaunchFailure', state, ''];
  const words = [
    ...(state === 'COMPLETED' || state === 'FAILED' ? [] : [state]),
    ...(silent.includes(reason) || reason.startsWith('RaisedSignal') ? [] : [reason]),
  ];
  return words.length === 0 ? null : words.join(', ');
}

/** What was ended from outside with status 0 did not end well by itself: nobody knows its code. */
export function toldExit(
  state: string,
  exit: { exitCode: number | null; signal: string | null },
): { exitCode: number | null; signal: string | null } {
  const isOwn = state === 'COMPLETED' || state === 'FAILED';
  return !isOwn && exit.exitCode === 0 ? { exitCode: null, signal: null } : exit;
}
