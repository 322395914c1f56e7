import { signalName, type SeenJob } from '../seen-job.ts';

/** The attributes of a job that are read, as text; empty where the answer has none. */
export interface PbsJob {
  batchJobId: string;
  name: string;
  state: string;
  /** `node1/0*8+node2/0*8` */
  execHost: string;
  comment: string;
  exitStatus: string;
  runCount: string;
  holdTypes: string;
  /** When it was queued, in local time: `Sat Nov 21 13:07:20 2026`. */
  queuedTime: string;
  /** When it was queued, in microseconds since 1970; something else in old releases. */
  queueRank: string;
  /** When it is expected to start, in local time. */
  estimatedStart: string;
}

type State = SeenJob['state'];

/** The letters of qstat(1B); anything else is unknown. */
const states: Readonly<Record<string, State>> = {
  Q: 'queued',
  H: 'queued',
  W: 'queued',
  T: 'queued',
  R: 'running',
  B: 'running',
  S: 'running',
  U: 'running',
  E: 'running',
  F: 'ended',
  X: 'ended',
};

/** One job of PBS's in our words. */
export function meaning(job: PbsJob): SeenJob {
  const { batchJobId, name, comment, runCount } = job;
  const state = states[job.state] ?? 'unknown';
  const runs = Number(runCount) || 0;
  // What waits again has had all its runs already; what runs is in its last.
  const restarts = state === 'queued' ? runs : Math.max(0, runs - 1);
  const words = comment === '' ? null : comment;
  const end = state === 'ended' ? readExit(job.exitStatus) : noExit;
  return {
    batchJobId,
    name,
    state,
    hosts: state === 'queued' ? [] : readHosts(job.execHost),
    expectedAt: state === 'queued' ? readLocalTime(job.estimatedStart, zoneSeconds(job)) : null,
    restarts,
    exitCode: end.exitCode,
    signal: end.signal,
    reason: state === 'ended' ? endReason(end, words) : state === 'unknown' ? job.state : words,
    isHopeless: state === 'queued' && isHopeless(job),
  };
}

interface Exit {
  exitCode: number | null;
  signal: string | null;
  /** It was never started, or its end was not told. */
  isUntold: boolean;
}

const noExit: Exit = { exitCode: null, signal: null, isUntold: true };

/** 256 and more are signals; negative ones say that it was never started. */
function readExit(text: string): Exit {
  if (!/^-?\d+$/.test(text)) return noExit;
  const status = Number(text);
  if (status < 0) return noExit;
  if (status < 256) return { exitCode: status, signal: null, isUntold: false };
  return { exitCode: null, signal: signalName(status - 256), isUntold: false };
}

/** PBS comments each end; only what ended otherwise than by itself needs the words. */
function endReason(exit: Exit, comment: string | null): string | null {
  return exit.isUntold ? comment : null;
}

/** A job on hold by the system, or one that no node of the server could ever run. */
function isHopeless({ state, holdTypes, comment }: PbsJob): boolean {
  if (/can never run/i.test(comment)) return true;
  return state === 'H' && /s/.test(holdTypes) && /fail/i.test(comment);
}

function readHosts(execHost: string): string[] {
  const names = execHost.split('+').map((part) => part.split('/')[0]?.trim() ?? '');
  return [...new Set(names.filter((name) => name !== ''))];
}

/** Seconds by which the times of this answer are ahead of UTC, from one that is told twice. */
function zoneSeconds({ queuedTime, queueRank }: PbsJob): number {
  const local = Date.parse(`${queuedTime} UTC`) / 1000;
  const seconds = Number(queueRank) / 1_000_000;
  const ahead = local - seconds;
  const isTime = Number.isFinite(ahead) && Math.abs(ahead) < 16 * 3600;
  // Zones differ by quarters of an hour.
  return isTime ? Math.round(ahead / 900) * 900 : 0;
}

function readLocalTime(text: string, aheadSeconds: number): string | null {
  const milliseconds = Date.parse(`${text} UTC`);
  if (text === '' || Number.isNaN(milliseconds)) return null;
  return new Date(milliseconds - aheadSeconds * 1000).toISOString();
}
