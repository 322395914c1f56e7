import { DomainError } from '@interpulse/domain/error.ts';
import { expandHosts } from '@interpulse/domain/site/expand-hosts.ts';
import type { SeenJob } from '../seen-job.ts';
import { explainEnd, isHopeless, readExit, readState, toldExit } from './slurm-state.ts';

/** Fields of a line, in their order; the name is last, since it may hold anything. */
const fields = [
  ['JobID', 'JOBID'],
  ['State', 'STATE'],
  ['RestartCnt', 'RESTART'],
  ['exit_code', 'EXIT'],
  ['StartTime', 'START'],
  ['NodeList', 'NODELIST'],
  ['Reason', 'REASON'],
  ['Name', 'NAME'],
] as const;

/** The argument of `squeue --Format` that {@link readSqueue} reads, with times as seconds. */
export const squeueFormat = fields.map(([name]) => `${name}:|`).join(',');

/** What one job is, before its meaning is told. */
export interface SqueueFields {
  batchJobId: string;
  name: string;
  states: readonly string[];
  reason: string;
  hosts: string;
  exit: string;
  restarts: number;
  /** Start or expected start, in seconds since 1970; 0 when there is none. */
  startSeconds: number;
}

/**
 * Reads the answer of `squeue` in {@link squeueFormat}, heading included: without it, an answer
 * that was cut short would read as the end of all jobs.
 *
 * @throws DomainError `unavailable` with the first line that was not understood.
 */
export function readSqueue(text: string): SeenJob[] {
  const [heading = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  const headings = heading.split('|');
  if (!fields.every(([, start], index) => headings[index]?.trim().startsWith(start))) {
    throw notUnderstood(heading);
  }
  return lines.map((line) => {
    const [batchJobId = '', state = '', restarts = '', exit = '', start = '', hosts = '', reason] =
      line.split('|').map((word) => word.trim());
    const name = line
      .split('|')
      .slice(fields.length - 1, -1)
      .join('|')
      .trim();
    if (!/^\d/.test(batchJobId) || reason === undefined || name === '') throw notUnderstood(line);
    return meaning({
      batchJobId,
      name,
      states: [state],
      reason,
      hosts,
      exit,
      restarts: Number(restarts) || 0,
      startSeconds: Number(start) || 0,
    });
  });
}

/** One job of Slurm's in our words. */
export function meaning(job: SqueueFields): SeenJob {
  const { batchJobId, name, states, reason, hosts, exit, restarts, startSeconds } = job;
  const state = readState(states);
  const base = states.find((word) => readState([word]) === 'ended') ?? states[0] ?? '';
  const isEnded = state === 'ended';
  const told = isEnded ? toldExit(base, readExit(exit)) : { exitCode: null, signal: null };
  const waitsFor = reason === 'None' || reason === '' ? null : reason;
  return {
    batchJobId,
    name,
    state,
    hosts: state === 'queued' ? [] : expandHosts(hosts),
    expectedAt:
      state === 'queued' && startSeconds > 0 ? new Date(startSeconds * 1000).toISOString() : null,
    restarts,
    ...told,
    reason: isEnded ? explainEnd(base, reason) : state === 'unknown' ? states.join(', ') : waitsFor,
    isHopeless: state === 'queued' && isHopeless(reason),
  };
}

function notUnderstood(line: string): DomainError {
  const said = JSON.stringify(line.slice(0, 200));
  return new DomainError('unavailable', `reading what squeue says: ${said} is not understood`);
}
