import type { z } from 'zod';
import type { jobExplanationSchema } from '@interpulse/api/routes/jobs.ts';
import type { Job, JobAttempt } from '@interpulse/domain/job/job.ts';
import type { Instant } from '@interpulse/domain/time.ts';

/** A job with all the hub knows of it. */
export interface KnownJob {
  job: Job;
  attempts: JobAttempt[];
  explanation: z.output<typeof jobExplanationSchema>;
  stdout: string;
  stderr: string;
}

const noRetry: Job['onError'] = { retries: 0, delaySeconds: 0, backoffRate: 2, resources: {} };

/** What a job asks for when nothing is said. */
export const plainResources: Job['resources'] = {
  nodes: 1,
  ranksPerNode: 1,
  cores: 16,
  threadsPerRank: 0,
  gpus: 0,
  memoryBytes: 0,
  walltimeSeconds: 600,
};

/** A job of the correlation that was submitted and nothing more. */
export function blankJob(createdAt: Instant): Omit<Job, 'id'> {
  return {
    label: '',
    app: 'xpcs-correlate',
    command: ['interpulse-xpcs', '{frames}', '--out', 'result.h5'],
    project: 'demo',
    owner: 'ada',
    flowRunId: null,
    ensembleId: null,
    createdByJobId: null,
    parents: [],
    onParentFailure: 'fail',
    site: 'any',
    placement: null,
    allocation: null,
    returnTo: null,
    siteId: null,
    siteName: null,
    pilotId: null,
    attempt: 0,
    state: 'queued',
    reason: null,
    parameters: { bin: 2 },
    inputs: { frames: 'xpcs-raw:/2026-11/shot_1201.h5' },
    outputs: [],
    resources: plainResources,
    onError: { ...noRetry, retries: 2, delaySeconds: 10, exitCodes: [75] },
    onTimeout: noRetry,
    outputRules: [],
    environment: {},
    restartable: false,
    mayUseHub: false,
    urgency: 'normal',
    priority: 0,
    deadlineAt: null,
    tags: {},
    exitCode: null,
    usage: null,
    notBeforeAt: null,
    createdAt,
    placedAt: null,
    readyAt: null,
    startedAt: null,
    endedAt: null,
    stateSinceAt: createdAt,
  };
}

/** An attempt that has begun and nothing more. */
export function blankAttempt(site: string, leasedAt: Instant): JobAttempt {
  return {
    number: 1,
    siteName: site,
    pilotId: null,
    host: `${site}-node-017`,
    hosts: [`${site}-node-017`],
    user: 'svc-xpcs',
    pid: 48_211,
    argv: ['interpulse-xpcs', `/scratch/${site}/in/shot.h5`, '--out', 'result.h5', '--bin', '2'],
    appDigest: `sha256:${'4f2a9c'.repeat(11).slice(0, 64)}`,
    versions: { app: '2.4.1', interpulse: '0.1.0', node: '24.21.0', os: 'Linux 6.12 x86_64' },
    leasedAt,
    startedAt: leasedAt,
    endedAt: null,
    outcome: null,
    usage: null,
    reason: null,
    exitCode: null,
    signal: null,
    stderrTail: null,
  };
}
