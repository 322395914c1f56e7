import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { isJobEnd, type JobState } from '@interpulse/domain/job/job-state.ts';

/** How many jobs had ended at an instant, as the page saw it. */
export interface EndedSample {
  atMilliseconds: number;
  ended: number;
}

/** How far an ensemble is. */
export interface EnsembleProgress {
  ended: number;
  total: number;
  /** Jobs that end per second; null while nobody can say. */
  jobsPerSecond: number | null;
  /** Where the rate comes from: what this page saw, or the mean since the submission. */
  basis: 'seen' | 'mean';
  /** When the last will have ended at this rate, in milliseconds; null when that is not known. */
  expectedEndMilliseconds: number | null;
}

/** Samples older than this say little about now. */
const windowMilliseconds = 180_000;
/** What was seen counts from this long and this many on. */
const leastSeen = { milliseconds: 15_000, jobs: 5 } as const;

/** Adds what is seen now, and lets go of what is too old; a retry begins anew. */
export function noteEnded(samples: readonly EndedSample[], now: EndedSample): EndedSample[] {
  const last = samples.at(-1);
  if (last !== undefined && now.ended < last.ended) return [now];
  if (last !== undefined && now.atMilliseconds <= last.atMilliseconds) {
    return [...samples.slice(0, -1), now];
  }
  const oldest = now.atMilliseconds - windowMilliseconds;
  return [...samples.filter((each) => each.atMilliseconds >= oldest), now];
}

/** How far an ensemble is, how fast it goes on, and when it will have ended. */
export function ensembleProgress(
  ensemble: Pick<Schemas['Ensemble'], 'counts' | 'total' | 'createdAt' | 'endedAt'>,
  samples: readonly EndedSample[],
  nowMilliseconds: number,
): EnsembleProgress {
  const ended = countEnded(ensemble.counts);
  const { total } = ensemble;
  const endMilliseconds =
    ensemble.endedAt === null ? nowMilliseconds : Date.parse(ensemble.endedAt);
  const seen = ensemble.endedAt === null ? rateSeen(samples) : null;
  const age = (endMilliseconds - Date.parse(ensemble.createdAt)) / 1000;
  const mean = ended > 0 && age > 0 ? ended / age : null;
  const rate = seen ?? mean;
  const left = total - ended;
  const canTell = ensemble.endedAt === null && rate !== null && rate > 0 && left > 0;
  return {
    ended,
    total,
    jobsPerSecond: rate,
    basis: seen === null ? 'mean' : 'seen',
    expectedEndMilliseconds: canTell ? nowMilliseconds + (left / rate) * 1000 : null,
  };
}

/** Jobs of an ensemble that have ended. */
export function countEnded(counts: Schemas['Ensemble']['counts']): number {
  return Object.entries(counts).reduce((sum, [state, count]) => {
    return isJobEnd(state as JobState) ? sum + (count ?? 0) : sum;
  }, 0);
}

function rateSeen(samples: readonly EndedSample[]): number | null {
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return null;
  const jobs = last.ended - first.ended;
  const milliseconds = last.atMilliseconds - first.atMilliseconds;
  if (milliseconds < leastSeen.milliseconds || jobs < leastSeen.jobs) return null;
  return (1000 * jobs) / milliseconds;
}

/** A rate in the unit that gives a readable number: `12 jobs/s`, `40 jobs/min`, `3.5 jobs/h`. */
export function rateWords(jobsPerSecond: number): string {
  const digits = (value: number) => (value < 10 ? value.toFixed(1) : String(Math.round(value)));
  if (jobsPerSecond >= 1) return `${digits(jobsPerSecond)} jobs/s`;
  if (jobsPerSecond * 60 >= 1) return `${digits(jobsPerSecond * 60)} jobs/min`;
  return `${digits(jobsPerSecond * 3600)} jobs/h`;
}
