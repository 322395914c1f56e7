import type { OperationId } from '../routes/all-routes.ts';

/** What may be sent to a route and what it may answer, for the pages of the documentation. */
export interface RouteExample {
  body?: unknown;
  response?: unknown;
}

const jobId = 'job_01k9z3v7q2m4t8x5b6c7d8e9f0';
const otherJobId = 'job_01k9z3v7q2m4t8x5b6c7d8e9f1';
const ensembleId = 'ensemble_01k9z3v7q2m4t8x5b6c7d8e9f2';

const app = {
  title: 'Two-time correlation',
  version: '2.3',
  command: ['xpcs-corr', '--mask', '{mask}', ['--frames', '{frames}'], '{file}'],
  preamble: ['module load hdf5'],
  inputs: [{ name: 'file' }, { name: 'mask', required: false }],
  outputs: [{ name: 'result', path: 'result.h5' }],
  parameters: {
    type: 'object',
    properties: { frames: { type: 'integer', minimum: 1 } },
    additionalProperties: false,
  },
  resources: { cores: 4, gpus: 1, walltimeSeconds: 600 },
  onError: { retries: 2, delaySeconds: 10, exitCodes: [75] },
};

/** Examples by operation id; the tests hold each against the schemas of its route. */
export const examples: Partial<Record<OperationId, RouteExample>> = {
  submitJobs: {
    body: {
      ensemble: { label: 'temperature scan', tags: { scan: '17' } },
      common: {
        app: 'xpcs-corr',
        project: 'demo',
        urgency: 'urgent',
        site: { label: 'gpu' },
        resources: { cores: 4, walltimeSeconds: 300 },
      },
      jobs: [
        { inputs: { file: 'raw:/run17/a.h5' }, parameters: { frames: 1000 } },
        { inputs: { file: 'raw:/run17/b.h5' }, parameters: { frames: 2000 }, parents: [0] },
      ],
    },
    response: { jobIds: [jobId, otherJobId], ensembleId },
  },
  countJobs: { response: { total: 3, counts: { active: 1, completed: 2 } } },
  cancelJobs: {
    body: { filter: { ensemble: ensembleId, state: 'open' } },
    response: { canceled: 128 },
  },
  retryJobs: { body: { jobIds: [jobId] }, response: { retried: 1 } },
  waitForJobs: { body: { jobIds: [jobId, otherJobId], waitSeconds: 30 } },
  getJobLog: {
    response: {
      text: 'frame 17 of 1000\n',
      next: 2048,
      sizeBytes: 2048,
      attempt: 1,
      ended: false,
    },
  },
  getEnsemble: {
    response: {
      ensemble: {
        id: ensembleId,
        label: 'temperature scan',
        project: 'demo',
        owner: 'ada',
        tags: { scan: '17' },
        total: 500,
        counts: { completed: 480, failed: 3, active: 17 },
        createdAt: '2026-11-21T14:03:00.000Z',
        endedAt: null,
      },
      runSeconds: { p50: 12.5, p90: 19.1, longest: 44 },
      failures: [{ reason: 'it exited with 3', exitCode: 3, count: 3, exampleJobId: otherJobId }],
      bySite: [{ siteName: 'centre', completed: 480, failed: 3, active: 17 }],
    },
  },
  cancelEnsemble: { response: { canceled: 17 } },
  updateSite: { body: { closed: true, reason: 'the cooling is being replaced' } },
  updatePool: { body: { minWarm: 2, maxPilots: 8, idleSeconds: 120 } },
  addMaintenance: {
    body: {
      startsAt: '2026-12-01T06:00:00.000Z',
      endsAt: '2026-12-01T18:00:00.000Z',
      reason: 'a new file system',
    },
  },
  getSiteUsage: {
    response: {
      samples: [
        {
          at: '2026-11-21T14:03:00.000Z',
          coresBusy: 96,
          coresTotal: 128,
          jobsReady: 12,
          jobsActive: 24,
          pilots: 2,
        },
      ],
    },
  },
  saveLimit: { body: { project: 'demo', site: 'centre', maxJobs: 1000, maxCores: 512 } },
  saveApp: { body: app },
  createEnrolmentCode: { body: { site: 'centre' } },
};
