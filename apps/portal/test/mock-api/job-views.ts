import type { Job, JobAttempt } from '@interpulse/domain/job/job.ts';
import {
  addSeconds,
  fromMilliseconds,
  secondsBetween,
  type Instant,
} from '@interpulse/domain/time.ts';
import { blankAttempt, blankJob, plainResources, type KnownJob } from './blank-job.ts';
import { fixedId, type ShotStory } from './shot-story.ts';
import { isPast } from './story-views.ts';

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
    usage: job.usage,
    outcome: hasEnded ? (hasFailed ? 'failed' : 'completed') : null,
    exitCode: job.exitCode,
    reason: hasFailed ? 'no beam in 98 of 100 frames' : null,
    stderrTail: hasFailed ? 'error: no beam in 98 of 100 frames (mean count 0.02)\n' : null,
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
  const sha256 = `${'8d3b1c'.repeat(10)}${String(story.number).padStart(4, '0')}`;
  const location = `${story.site}-scratch:/jobs/${story.number}/result.h5`;
  return { name: 'result', location, sizeBytes: 2_400_000, sha256 };
}

function explainShotJob(story: ShotStory, job: Job): KnownJob['explanation'] {
  const other = story.site === 'alpha' ? 'beta' : 'alpha';
  const considered = (siteName: string, transfer: number, wait: number) => {
    const seconds = Math.max(transfer, wait) + 4.6 + 0.8;
    const finishAt = addSeconds(story.movedAt, seconds);
    return {
      siteName,
      refusal: null,
      estimate: {
        transferSeconds: transfer,
        waitSeconds: wait,
        runSeconds: 4.6,
        returnSeconds: 0.8,
        finishAt,
        inTime: finishAt <= story.deadlineAt,
      },
    };
  };
  return {
    summary:
      job.state === 'failed'
        ? `It ran at ${story.site} and failed: no beam in 98 of 100 frames.`
        : `${story.site} was expected to finish first.`,
    unblock: job.startedAt === null ? 'A pilot that gets free takes it at once.' : null,
    sites: [
      considered(story.site, 2.1, 0.3),
      considered(other, 6.4, 9.5),
      {
        siteName: 'gamma',
        refusal: 'has no pool for urgent work; its pools take normal, backfill',
        estimate: null,
      },
    ],
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

/** What a program writes that goes on for long: a line each second, with a terminal's colours. */
export function growingLog(fromMilliseconds: number, nowMilliseconds: number): string {
  const escape = String.fromCodePoint(27);
  const seconds = Math.max(0, Math.floor((nowMilliseconds - fromMilliseconds) / 1000));
  const lines = Array.from({ length: Math.min(seconds, 4000) }, (_, second) => {
    const frame = String(second * 12).padStart(6);
    const residual = (0.42 * Math.exp(-second / 90)).toExponential(3);
    const word = second % 30 === 29 ? `${escape}[33mcheckpoint written${escape}[0m` : 'ok';
    return `frame ${frame}  residual ${residual}  ${word}`;
  });
  const title = `${escape}[1mreading 20000 frames${escape}[0m`;
  return [title, ...lines, ''].join('\n');
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

/** What the waiting job waits for: the moved one, and two of the ensemble. */
export function withParents(known: KnownJob, parents: Job['id'][]): KnownJob {
  return { ...known, job: { ...known.job, parents } };
}

const silent = { attempts: [], stdout: '', stderr: '' };

function movedJob(blank: Job, at: (seconds: number) => Instant): KnownJob {
  return {
    ...silent,
    job: {
      ...blank,
      label: 'refinement of the night, all frames',
      siteName: 'beta',
      state: 'active',
      urgency: 'backfill',
      restartable: true,
      resources: { ...plainResources, nodes: 2, ranksPerNode: 8, walltimeSeconds: 7200 },
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
        outcome: 'preempted',
        usage: { wallSeconds: 570, cpuSeconds: 7410, peakMemoryBytes: 11_200_000_000 },
        reason: 'its nodes were taken for urgent work; it had 90 s to write a checkpoint',
      },
      {
        ...blankAttempt('beta', at(-240)),
        number: 2,
        hosts: ['beta-node-017', 'beta-node-018'],
      },
    ],
    explanation: {
      summary: 'It runs at beta, after it was preempted at alpha.',
      unblock: null,
      sites: [],
    },
    stdout: growingLog(Date.parse(at(-240)), Date.parse(at(0))),
  };
}

function childJob(blank: Job): KnownJob {
  const reason = 'waits for 3 parents';
  const label = 'average of the night';
  return {
    ...silent,
    job: { ...blank, label, state: 'waiting', reason, urgency: 'backfill' },
    explanation: {
      summary: 'It waits for 3 parents to complete.',
      unblock: 'It is queued once the last of them has completed.',
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
      resources: { ...plainResources, cores: 64, memoryBytes: 512e9, walltimeSeconds: 3600 },
    },
    explanation: {
      summary: 'No site can take it as it is asked for.',
      unblock: 'Ask for at most 256 GB of memory, or open a site whose nodes have 512 GB.',
      sites: [
        refused('alpha', 'its nodes have 256 GB of memory; 512 GB are asked for'),
        refused('gamma', 'runs listed code only, and tomo-reconstruct is not listed there'),
        refused('beta', 'its nodes have 192 GB of memory; 512 GB are asked for'),
        refused('xpcs-beamline', 'has no compute role'),
      ],
    },
  };
}
