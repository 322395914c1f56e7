import type { Ensemble, Job, JobAttempt } from '@interpulse/domain/job/job.ts';
import type { JobState } from '@interpulse/domain/job/job-state.ts';
import { fromMilliseconds, type Instant } from '@interpulse/domain/time.ts';
import { blankAttempt, blankJob, plainResources, type KnownJob } from './blank-job.ts';
import { fixedId, jitter } from './shot-story.ts';

/** An ensemble whose jobs start one after another; all that happens is known beforehand. */
export interface EnsembleStory {
  id: Ensemble['id'];
  label: string;
  owner: string;
  tags: Record<string, string>;
  total: number;
  createdMilliseconds: number;
  /** Jobs that begin per second. */
  jobsPerSecond: number;
  /** About how long one runs. */
  usualSeconds: number;
  /** One of so many fails, for each of the ways to fail. */
  failsOneIn: number;
  jobIds: Job['id'][];
}

/** What people did to a job after its submission. */
export interface Interference {
  canceledAt: Map<string, Instant>;
  retriedAt: Map<string, Instant>;
}

const wayToFail = [
  { reason: 'exit code 1: no beam in 98 of 100 frames', exitCode: 1 },
  { reason: 'killed: it used 4.3 GB of memory and had asked for 4 GB', exitCode: 137 },
  { reason: 'its output result.h5 is missing', exitCode: 0 },
] as const;

/** Two ensembles: one under way, one that has ended. */
export function makeEnsembles(startMilliseconds: number): EnsembleStory[] {
  const make = (seed: number, part: Omit<EnsembleStory, 'id' | 'jobIds'>): EnsembleStory => ({
    ...part,
    id: fixedId('ensemble', part.createdMilliseconds, seed),
    jobIds: Array.from({ length: part.total }, (_, index) =>
      fixedId('job', part.createdMilliseconds + index, seed * 100_003 + index),
    ),
  });
  return [
    make(1, {
      label: 'night 7, all positions',
      owner: 'ada',
      tags: { sample: 'tooth-4', night: '7' },
      total: 5000,
      createdMilliseconds: startMilliseconds - 3_600_000,
      jobsPerSecond: 0.88,
      usualSeconds: 40,
      failsOneIn: 61,
    }),
    make(2, {
      label: 'calibration of the detector',
      owner: 'xpcs-service',
      tags: {},
      total: 240,
      createdMilliseconds: startMilliseconds - 9 * 3_600_000,
      jobsPerSecond: 0.6,
      usualSeconds: 12,
      failsOneIn: 1_000_000,
    }),
  ];
}

interface Moments {
  state: JobState;
  startedMilliseconds: number;
  endedMilliseconds: number;
  fails: (typeof wayToFail)[number] | null;
  attempt: number;
}

/** Ready, and travelling, this long before the start: a few hundred jobs of each at a time. */
const ahead = { readySeconds: 240, stagingSeconds: 320, placedSeconds: 420 } as const;

function moments(story: EnsembleStory, index: number, now: number, by: Interference): Moments {
  const id = story.jobIds[index] ?? '';
  const spread = Math.exp(0.55 * (jitter(index, 3) + jitter(index, 4) + jitter(index, 5) - 1.5));
  const seconds = story.usualSeconds * spread * (jitter(index, 6) > 0.985 ? 5 : 1);
  const way = Math.floor(jitter(index, 7) * story.failsOneIn);
  const again = by.retriedAt.get(id);
  const planned = story.createdMilliseconds + 20_000 + (index / story.jobsPerSecond) * 1000;
  const started = again === undefined ? planned : Date.parse(again) + 8000;
  const fails = again === undefined ? (wayToFail[way] ?? null) : null;
  const ended = started + seconds * 1000 * (fails === null ? 1 : 0.3);
  const canceled = by.canceledAt.get(id);
  const left = (started - now) / 1000;
  const open: JobState =
    left < ahead.readySeconds
      ? 'ready'
      : left < ahead.stagingSeconds
        ? 'stagingIn'
        : left < ahead.placedSeconds
          ? 'placed'
          : 'queued';
  const state: JobState =
    canceled !== undefined && (again === undefined || canceled > again)
      ? 'canceled'
      : now >= ended
        ? fails === null
          ? 'completed'
          : 'failed'
        : now >= started
          ? 'active'
          : open;
  return {
    state,
    startedMilliseconds: started,
    endedMilliseconds: state === 'canceled' ? Date.parse(canceled ?? '') : ended,
    fails,
    attempt: again === undefined ? 1 : 2,
  };
}

/** The state of a job, and how long it ran (null while it has not ended). */
export function ensembleCell(
  story: EnsembleStory,
  index: number,
  now: number,
  by: Interference,
): { state: JobState; runSeconds: number | null } {
  const { state, startedMilliseconds, endedMilliseconds } = moments(story, index, now, by);
  const hasRun = state === 'completed' || state === 'failed';
  return { state, runSeconds: hasRun ? (endedMilliseconds - startedMilliseconds) / 1000 : null };
}

const siteOf = (index: number) => (index % 4 === 3 ? 'beta' : 'alpha');

/** A job of an ensemble at an instant, with all the hub knows of it. */
export function ensembleJob(
  story: EnsembleStory,
  index: number,
  now: number,
  by: Interference,
): KnownJob {
  const happened = moments(story, index, now, by);
  const { state, fails } = happened;
  const hasStarted = now >= happened.startedMilliseconds;
  const hasEnded = state === 'completed' || state === 'failed' || state === 'canceled';
  const startedAt = hasStarted ? fromMilliseconds(Math.round(happened.startedMilliseconds)) : null;
  const endedAt = hasEnded ? fromMilliseconds(Math.round(happened.endedMilliseconds)) : null;
  const isPlaced = state !== 'queued';
  const job: Job = {
    ...blankJob(fromMilliseconds(story.createdMilliseconds)),
    id: story.jobIds[index] as Job['id'],
    label: `position ${index + 1}`,
    owner: story.owner,
    ensembleId: story.id,
    tags: story.tags,
    resources: { ...plainResources, cores: 8 },
    siteName: isPlaced ? siteOf(index) : null,
    attempt: hasStarted ? happened.attempt : 0,
    state,
    reason: reasonOf(state, fails, siteOf(index)),
    inputs: { frames: `xpcs-raw:/night-7/position_${index + 1}.h5` },
    exitCode: state === 'failed' ? (fails?.exitCode ?? 1) : state === 'completed' ? 0 : null,
    placedAt: isPlaced ? fromMilliseconds(story.createdMilliseconds + 4000) : null,
    readyAt:
      hasStarted || state === 'ready' ? fromMilliseconds(story.createdMilliseconds + 9000) : null,
    startedAt,
    endedAt,
    stateSinceAt: endedAt ?? startedAt ?? fromMilliseconds(story.createdMilliseconds + 9000),
  };
  return {
    job,
    attempts: hasStarted && startedAt !== null ? [attemptOf(job, startedAt, fails)] : [],
    explanation: {
      summary: job.reason ?? `It ${state === 'active' ? 'runs' : 'ran'} at ${siteOf(index)}.`,
      unblock: null,
      sites: [],
    },
    stdout: hasStarted ? 'reading 100 frames of 2070 x 2167 pixels\n' : '',
    stderr: state === 'failed' ? `error: ${fails?.reason ?? ''}\n` : '',
  };
}

function reasonOf(state: JobState, fails: Moments['fails'], site: string): string | null {
  if (state === 'failed') return fails?.reason ?? null;
  if (state === 'canceled') return 'canceled by ada';
  if (state === 'queued') return 'limit: project demo may have 600 jobs placed at a time';
  if (state === 'ready') return `waits for a free pilot at ${site}`;
  return state === 'stagingIn' ? 'its inputs travel' : null;
}

function attemptOf(job: Job, startedAt: Instant, fails: Moments['fails']): JobAttempt {
  const outcome =
    job.state === 'completed' || job.state === 'failed' || job.state === 'canceled'
      ? job.state
      : null;
  return {
    ...blankAttempt(job.siteName ?? 'alpha', startedAt),
    number: job.attempt,
    endedAt: job.endedAt,
    outcome,
    reason: outcome === 'failed' ? (fails?.reason ?? null) : null,
    exitCode: job.exitCode,
    stderrTail: outcome === 'failed' ? `error: ${fails?.reason ?? ''}\n` : null,
  };
}
