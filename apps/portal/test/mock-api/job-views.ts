import type { z } from 'zod';
import type { jobExplanationSchema } from '@interpulse/api/routes/jobs.ts';
import type { Job, JobAttempt } from '@interpulse/domain/job/job.ts';
import {
  addSeconds,
  fromMilliseconds,
  secondsBetween,
  type Instant,
} from '@interpulse/domain/time.ts';
import { fixedId, type ShotStory } from './shot-story.ts';
import { isPast } from './story-views.ts';

/** A job with all the hub knows of it. */
export interface KnownJob {
  job: Job;
  attempts: JobAttempt[];
  explanation: z.output<typeof jobExplanationSchema>;
  stdout: string;
  stderr: string;
}

const command = ['interpulse-xpcs', '{frames}', '--out', 'result.h5'];

function blankJob(createdAt: Instant): Omit<Job, 'id'> {
  return {
    label: '',
    app: 'xpcs-correlate',
    command,
    project: 'demo',
    owner: 'ada',
    flowRunId: null,
    site: 'any',
    siteId: null,
    siteName: null,
    pilotId: null,
    attempt: 0,
    state: 'queued',
    reason: null,
    parameters: { bin: 2 },
    inputs: { frames: 'xpcs-raw:/2026-11/shot_1201.h5' },
    outputs: [],
    resources: { nodes: 1, cores: 16, gpus: 0, memoryBytes: 0, walltimeSeconds: 600 },
    urgency: 'normal',
    deadlineAt: null,
    tags: {},
    exitCode: null,
    usage: null,
    createdAt,
    placedAt: null,
    readyAt: null,
    startedAt: null,
    endedAt: null,
    stateSinceAt: createdAt,
  };
}

function blankAttempt(site: string, leasedAt: Instant): JobAttempt {
  return {
    number: 1,
    siteName: site,
    pilotId: null,
    host: `${site}-node-017`,
    pid: 48_211,
    argv: ['interpulse-xpcs', `/scratch/${site}/in/shot.h5`, '--out', 'result.h5', '--bin', '2'],
    leasedAt,
    startedAt: leasedAt,
    endedAt: null,
    outcome: null,
    reason: null,
    exitCode: null,
    signal: null,
    stderrTail: null,
  };
}

/** The job of a shot at an instant; null before it exists. */
export function shotJob(story: ShotStory, now: Instant): KnownJob | null {
  if (!isPast(story.movedAt, now)) return null;
  const hasStarted = isPast(story.jobStartedAt, now);
  const hasEnded = isPast(story.jobEndedAt, now);
  const hasFailed = hasEnded && story.fate === 'failed';
  const state = hasEnded ? (hasFailed ? 'failed' : 'completed') : hasStarted ? 'active' : 'ready';
  const wallSeconds = secondsBetween(story.jobStartedAt, story.jobEndedAt);
  const job: Job = {
    ...blankJob(story.movedAt),
    id: story.ids.job as Job['id'],
    label: `correlate shot ${story.number}`,
    owner: 'xpcs-service',
    flowRunId: story.ids.flowRun as Job['flowRunId'],
    siteName: story.site,
    attempt: hasStarted ? 1 : 0,
    state,
    reason: hasFailed
      ? 'exit code 1: no beam in 98 of 100 frames'
      : hasStarted
        ? null
        : `waits for a free pilot at ${story.site}`,
    inputs: { frames: `xpcs-raw:/2026-11/shot_${story.number}.h5` },
    outputs: hasEnded && !hasFailed ? [outputOf(story)] : [],
    urgency: 'urgent',
    deadlineAt: story.deadlineAt,
    exitCode: hasEnded ? (hasFailed ? 1 : 0) : null,
    usage: hasEnded
      ? { wallSeconds, cpuSeconds: wallSeconds * 13.1, peakMemoryBytes: 3_200_000_000 }
      : null,
    placedAt: story.jobPlacedAt,
    readyAt: story.jobReadyAt,
    startedAt: hasStarted ? story.jobStartedAt : null,
    endedAt: hasEnded ? story.jobEndedAt : null,
    stateSinceAt: hasEnded ? story.jobEndedAt : hasStarted ? story.jobStartedAt : story.jobReadyAt,
  };
  const attempt: JobAttempt = {
    ...blankAttempt(story.site, story.jobStartedAt),
    endedAt: job.endedAt,
    outcome: hasEnded ? (hasFailed ? 'failed' : 'completed') : null,
    exitCode: job.exitCode,
    reason: hasFailed ? 'no beam in 98 of 100 frames' : null,
  };
  return {
    job,
    attempts: hasStarted ? [attempt] : [],
    explanation: explainShotJob(story, job),
    stdout: logText(story, now),
    stderr: hasFailed ? 'error: no beam in 98 of 100 frames (mean count 0.02)\n' : '',
  };
}

function outputOf(story: ShotStory): Job['outputs'][number] {
  const location = `${story.site}-scratch:/jobs/${story.number}/result.h5`;
  return { name: 'result', location, sizeBytes: 2_400_000 };
}

function explainShotJob(story: ShotStory, job: Job): KnownJob['explanation'] {
  const other = story.site === 'alpha' ? 'beta' : 'alpha';
  const considered = (siteName: string, transferSeconds: number) => {
    const finishAt = addSeconds(story.movedAt, transferSeconds + 5);
    const inTime = finishAt <= story.deadlineAt;
    const estimate = { transferSeconds, waitSeconds: 0.3, runSeconds: 4.6, finishAt, inTime };
    return { siteName, refusal: null, estimate };
  };
  return {
    summary:
      job.state === 'failed'
        ? `It ran at ${story.site} and failed: no beam in 98 of 100 frames.`
        : `${story.site} was expected to finish first.`,
    unblock: job.startedAt === null ? 'A pilot that gets free takes it at once.' : null,
    sites: [considered(story.site, 2.1), considered(other, 31)],
  };
}

function logText(story: ShotStory, now: Instant): string {
  const whole = secondsBetween(story.jobStartedAt, story.jobEndedAt);
  const done = Math.min(1, Math.max(0, secondsBetween(story.jobStartedAt, now) / whole));
  const lines = ['reading 100 frames of 2070 x 2167 pixels'];
  for (let frame = 10; frame <= done * 100; frame += 10) {
    lines.push(
      `frame ${String(frame).padStart(3)} of 100, ${(frame * 0.31).toFixed(1)} photons/pixel`,
    );
  }
  if (done === 1) lines.push('4 rings, 34 delays, fits converged');
  return `${lines.join('\n')}\n`;
}

/** Jobs that stand still: one of each kind of waiting, and one that lost its pilot. */
export function standingJobs(startMilliseconds: number): KnownJob[] {
  const at = (seconds: number) => fromMilliseconds(startMilliseconds + seconds * 1000);
  const id = (seed: number) => fixedId('job', startMilliseconds - seed * 60_000, seed);
  return [
    movedJob({ ...blankJob(at(-900)), id: id(15) }, at),
    childJob({ ...blankJob(at(-1200)), id: id(20) }),
    impossibleJob({ ...blankJob(at(-2460)), id: id(41) }),
  ];
}

const silent = { attempts: [], stdout: '', stderr: '' };

function movedJob(blank: Job, at: (seconds: number) => Instant): KnownJob {
  return {
    ...silent,
    job: {
      ...blank,
      label: 'ensemble night-7, part 118',
      siteName: 'beta',
      state: 'active',
      attempt: 2,
      placedAt: at(-890),
      readyAt: at(-880),
      startedAt: at(-240),
      stateSinceAt: at(-240),
    },
    attempts: [
      {
        ...blankAttempt('alpha', at(-870)),
        endedAt: at(-300),
        outcome: 'lost',
        reason: 'its pilot was preempted; alpha went silent for 41 s',
      },
      { ...blankAttempt('beta', at(-240)), number: 2 },
    ],
    explanation: {
      summary: 'It runs at beta, after its pilot at alpha was lost.',
      unblock: null,
      sites: [],
    },
    stdout: 'reading 20000 frames\n',
  };
}

function childJob(blank: Job): KnownJob {
  const reason = 'waits for 3 of 12 parents';
  const label = 'average of the night';
  return {
    ...silent,
    job: { ...blank, label, state: 'waiting', reason, urgency: 'backfill' },
    explanation: {
      summary: 'It waits for 3 of its 12 parents to complete.',
      unblock: 'It is queued once "ensemble night-7, parts 118 to 120" have completed.',
      sites: [],
    },
  };
}

function impossibleJob(blank: Job): KnownJob {
  const refused = (siteName: string, refusal: string) => ({ siteName, refusal, estimate: null });
  return {
    ...silent,
    job: {
      ...blank,
      label: 'tomogram of the tooth, full resolution',
      app: 'tomo-reconstruct',
      reason: 'needs 512 GB of memory per node; no site has such a node',
      resources: { nodes: 1, cores: 64, gpus: 0, memoryBytes: 512e9, walltimeSeconds: 3600 },
    },
    explanation: {
      summary: 'No site can take it as it is asked for.',
      unblock: 'Ask for at most 256 GB of memory, or open a site whose nodes have 512 GB.',
      sites: [
        refused('alpha', 'its nodes have 256 GB of memory; 512 GB are asked for'),
        refused('beta', 'its nodes have 192 GB of memory; 512 GB are asked for'),
        refused('xpcs-beamline', 'has no compute role'),
      ],
    },
  };
}
