import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatDuration } from '../format/duration.ts';
import { lookOf } from '../format/status.ts';

type Job = Schemas['Job'];

/** One point of a job's life. */
export interface LifeStep {
  word: string;
  /** Null while it lies ahead. */
  at: string | null;
  /** From the point before to this one; null while it lies ahead. */
  tookSeconds: number | null;
}

/**
 * The points of a job's life in order: those that it has reached, with how long each took, and
 * those that lie ahead of it. What was left out on the way to an early end is left out.
 */
export function jobLifeSteps(job: Job): LifeStep[] {
  const end = job.endedAt === null ? 'ended' : lookOf(job.state).word;
  const points: [string, string | null][] = [
    ['submitted', job.createdAt],
    ['placed', job.placedAt],
    ['ready', job.readyAt],
    ['started', job.startedAt],
    [end, job.endedAt],
  ];
  let before: string | null = null;
  return points.flatMap(([word, at]): LifeStep[] => {
    if (at === null) return job.endedAt === null ? [{ word, at, tookSeconds: null }] : [];
    // A job that goes elsewhere is placed again later than its first times: no negative lengths.
    const took = before === null ? null : Math.max(0, (Date.parse(at) - Date.parse(before)) / 1000);
    before = at;
    return [{ word, at, tookSeconds: took }];
  });
}

const waitsFor: Record<string, string> = {
  waiting: 'waits for its parents',
  queued: 'waits for a site',
  placed: 'waits for its inputs to leave',
  stagingIn: 'its inputs travel',
  ready: 'waits for a pilot',
  active: 'runs',
  stagingOut: 'its outputs travel',
};

/** What an open job does now and for how long, as the tail of its line; null when it has ended. */
export function presentWords(job: Job, nowMilliseconds: number): string | null {
  const words = waitsFor[job.state];
  if (words === undefined || job.endedAt !== null) return null;
  const seconds = Math.max(0, (nowMilliseconds - Date.parse(job.stateSinceAt)) / 1000);
  return `${words}, ${formatDuration(Math.floor(seconds))}`;
}
