import { z } from 'zod';
import { idSchema } from '@interpulse/domain/id.ts';
import {
  ensembleSchema,
  jobAttemptSchema,
  jobRequestSchema,
  jobSchema,
} from '@interpulse/domain/job/job.ts';
import { jobStates } from '@interpulse/domain/job/job-state.ts';
import { urgencySchema } from '@interpulse/domain/job/urgency.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { transferRequestSchema, transferSchema } from '@interpulse/domain/transfer/transfer.ts';
import { transferStates } from '@interpulse/domain/transfer/transfer-state.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const jobParams = z.strictObject({ jobId: idSchema('job') });
const transferParams = z.strictObject({ transferId: idSchema('transfer') });

/** One site as the placer saw it for a job. */
export const consideredSiteSchema = z.strictObject({
  siteName: nameSchema,
  refusal: z.string().nullable(),
  estimate: z
    .strictObject({
      transferSeconds: z.number(),
      waitSeconds: z.number(),
      runSeconds: z.number(),
      /** Until the outputs are back where they are wanted. */
      returnSeconds: z.number(),
      finishAt: instantSchema,
      inTime: z.boolean(),
    })
    .nullable(),
});

/** Why a job is where it is. */
export const jobExplanationSchema = z.strictObject({
  /** One sentence. */
  summary: z.string(),
  /** What would unblock it; null when nothing is in the way. */
  unblock: z.string().nullable(),
  sites: z.array(consideredSiteSchema),
});

const statesPattern = `(${jobStates.join('|')})`;
const oneTag = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}:[^,]{0,200}';

/** Which jobs: what is given must hold together. */
export const jobFilter = {
  /** One state, several with commas, or `open` (not ended). */
  state: z
    .string()
    .regex(
      new RegExp(`^(open|${statesPattern}(,${statesPattern})*)$`),
      `write open, or one or several of ${jobStates.join(',')}`,
    )
    .optional(),
  site: nameSchema.optional(),
  app: nameSchema.optional(),
  project: nameSchema.optional(),
  flowRun: idSchema('flowrun').optional(),
  ensemble: idSchema('ensemble').optional(),
  pilot: idSchema('pilot').optional(),
  /** Jobs that this one submitted while it ran. */
  createdBy: idSchema('job').optional(),
  /** Jobs that wait for this one. */
  parent: idSchema('job').optional(),
  urgency: urgencySchema.optional(),
  mine: z.stringbool().optional(),
  /** Part of the label. */
  label: z.string().max(200).optional(),
  /** `name:value`, several with commas. */
  tags: z
    .string()
    .max(2000)
    .regex(new RegExp(`^${oneTag}(,${oneTag})*$`), 'write tags as name:value,name:value')
    .optional(),
  /** Part of the reason. */
  reason: z.string().max(200).optional(),
  /** The whole reason, as an ensemble's failures say it. */
  reasonIs: z.string().max(limits.reasonLength).optional(),
  createdAfter: instantSchema.optional(),
  createdBefore: instantSchema.optional(),
};

/** Jobs to do something with: these, or all that a filter finds; never all by mistake. */
export const jobSelectionSchema = z
  .strictObject({
    jobIds: z.array(idSchema('job')).min(1).max(limits.jobsPerSubmit).optional(),
    filter: z
      .strictObject({ ...jobFilter, mine: z.boolean().optional() })
      .refine((filter) => Object.values(filter).some((value) => value !== undefined), {
        message: 'give at least one condition',
      })
      .optional(),
  })
  .refine((selection) => (selection.jobIds === undefined) !== (selection.filter === undefined), {
    message: 'give either "jobIds" or "filter"',
  });

const ensembleParams = z.strictObject({ ensembleId: idSchema('ensemble') });

/** Jobs, ensembles and transfers. */
export const jobRoutes = {
  submitJobs: {
    method: 'POST',
    path: '/jobs',
    tag: 'jobs',
    summary: 'Submits jobs, all or none',
    auth: 'token',
    status: 201,
    idempotent: true,
    body: z.strictObject({
      /** What the jobs have in common; what a job says itself replaces it. */
      common: z.record(z.string(), z.unknown()).optional(),
      /** Makes an ensemble of them. */
      ensemble: z
        .strictObject({
          label: z.string().min(1).max(limits.nameLength),
          tags: jobRequestSchema.shape.tags,
        })
        .optional(),
      jobs: z.array(z.record(z.string(), z.unknown())).min(1).max(limits.jobsPerSubmit),
    }),
    response: z.strictObject({
      jobIds: z.array(idSchema('job')),
      ensembleId: idSchema('ensemble').nullable(),
    }),
  },
  listJobs: {
    method: 'GET',
    path: '/jobs',
    tag: 'jobs',
    summary: 'Jobs, newest first',
    auth: 'token',
    query: z.strictObject({ ...pageQuery, ...jobFilter }),
    response: pageOf(jobSchema),
  },
  countJobs: {
    method: 'GET',
    path: '/jobs/counts',
    tag: 'jobs',
    summary: 'How many jobs a filter finds, by state',
    auth: 'token',
    query: z.strictObject(jobFilter),
    response: z.strictObject({
      total: z.number().int(),
      counts: z.partialRecord(z.enum(jobStates), z.number().int()),
    }),
  },
  cancelJobs: {
    method: 'POST',
    path: '/jobs/cancel',
    tag: 'jobs',
    summary: 'Cancels jobs: these, or all open ones that a filter finds',
    auth: 'token',
    body: jobSelectionSchema,
    response: z.strictObject({ canceled: z.number().int() }),
  },
  retryJobs: {
    method: 'POST',
    path: '/jobs/retry',
    tag: 'jobs',
    summary: 'Runs failed and canceled jobs again, and what failed because of them',
    auth: 'token',
    body: jobSelectionSchema,
    response: z.strictObject({ retried: z.number().int() }),
  },
  waitForJobs: {
    method: 'POST',
    path: '/jobs/wait',
    tag: 'jobs',
    summary: 'Answers as soon as one of the jobs has ended, with all that have; or after the wait',
    auth: 'token',
    body: z.strictObject({
      jobIds: z.array(idSchema('job')).min(1).max(limits.jobsPerWait),
      waitSeconds: z.number().min(0).max(limits.jobWaitSeconds).default(limits.jobWaitSeconds),
    }),
    response: z.strictObject({ ended: z.array(jobSchema) }),
  },
  getJob: {
    method: 'GET',
    path: '/jobs/:jobId',
    tag: 'jobs',
    summary: 'One job with its attempts',
    auth: 'token',
    params: jobParams,
    response: z.strictObject({ job: jobSchema, attempts: z.array(jobAttemptSchema) }),
  },
  explainJob: {
    method: 'GET',
    path: '/jobs/:jobId/explain',
    tag: 'jobs',
    summary: 'Why the job waits, runs where it runs, or failed',
    auth: 'token',
    params: jobParams,
    response: jobExplanationSchema,
  },
  getJobLog: {
    method: 'GET',
    path: '/jobs/:jobId/log',
    tag: 'jobs',
    summary: "The tail of a job's stdout or stderr, asked of its site",
    auth: 'token',
    params: jobParams,
    query: z.strictObject({
      stream: z.enum(['stdout', 'stderr']).default('stdout'),
      attempt: z.coerce.number().int().min(1).optional(),
      /** From this byte on, instead of the tail; with `wait` to follow it. */
      after: z.coerce.number().int().min(0).optional(),
      /** Seconds for which the answer is held until there is something new. */
      wait: z.coerce.number().min(0).max(limits.logWaitSeconds).default(0),
    }),
    response: z.strictObject({
      text: z.string(),
      /** The `after` of the next question. */
      next: z.number().int(),
      sizeBytes: z.number().int(),
      attempt: z.int(),
      /** The attempt has ended: nothing more will come. */
      ended: z.boolean(),
    }),
  },
  cancelJob: {
    method: 'POST',
    path: '/jobs/:jobId/cancel',
    tag: 'jobs',
    summary: 'Cancels a job; a running one gets TERM, then KILL',
    auth: 'token',
    params: jobParams,
    response: jobSchema,
  },
  retryJob: {
    method: 'POST',
    path: '/jobs/:jobId/retry',
    tag: 'jobs',
    summary: 'Runs a failed or canceled job again',
    auth: 'token',
    params: jobParams,
    response: jobSchema,
  },
  listEnsembles: {
    method: 'GET',
    path: '/ensembles',
    tag: 'jobs',
    summary: 'Ensembles with their counts, newest first',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      project: nameSchema.optional(),
      mine: z.stringbool().optional(),
      open: z.stringbool().optional(),
      label: z.string().max(200).optional(),
    }),
    response: pageOf(ensembleSchema),
  },
  getEnsemble: {
    method: 'GET',
    path: '/ensembles/:ensembleId',
    tag: 'jobs',
    summary: 'An ensemble: counts, durations, failures by reason',
    auth: 'token',
    params: ensembleParams,
    response: z.strictObject({
      ensemble: ensembleSchema,
      /** Of the runs that completed, in seconds; null before the first. */
      runSeconds: z
        .strictObject({ p50: z.number(), p90: z.number(), longest: z.number() })
        .nullable(),
      failures: z.array(
        z.strictObject({
          reason: z.string(),
          exitCode: z.number().int().nullable(),
          count: z.number().int(),
          exampleJobId: idSchema('job'),
        }),
      ),
      bySite: z.array(
        z.strictObject({
          siteName: nameSchema,
          completed: z.number().int(),
          failed: z.number().int(),
          active: z.number().int(),
        }),
      ),
    }),
  },
  getEnsembleGrid: {
    method: 'GET',
    path: '/ensembles/:ensembleId/grid',
    tag: 'jobs',
    summary: 'Every job of an ensemble in the order of its request, as columns of equal length',
    auth: 'token',
    params: ensembleParams,
    response: z.strictObject({
      jobIds: z.array(idSchema('job')).max(limits.jobsPerGrid),
      states: z.array(z.enum(jobStates)),
      runSeconds: z.array(z.number().nullable()),
    }),
  },
  cancelEnsemble: {
    method: 'POST',
    path: '/ensembles/:ensembleId/cancel',
    tag: 'jobs',
    summary: 'Cancels every open job of an ensemble',
    auth: 'token',
    params: ensembleParams,
    response: z.strictObject({ canceled: z.number().int() }),
  },
  submitTransfer: {
    method: 'POST',
    path: '/transfers',
    tag: 'data',
    summary: 'Moves files between two collections',
    auth: 'token',
    status: 201,
    idempotent: true,
    body: transferRequestSchema,
    response: transferSchema,
  },
  listTransfers: {
    method: 'GET',
    path: '/transfers',
    tag: 'data',
    summary: 'Transfers, newest first',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(transferStates).optional(),
      flowRun: idSchema('flowrun').optional(),
      job: idSchema('job').optional(),
    }),
    response: pageOf(transferSchema),
  },
  getTransfer: {
    method: 'GET',
    path: '/transfers/:transferId',
    tag: 'data',
    summary: 'One transfer',
    auth: 'token',
    params: transferParams,
    response: transferSchema,
  },
  cancelTransfer: {
    method: 'POST',
    path: '/transfers/:transferId/cancel',
    tag: 'data',
    summary: 'Cancels a transfer',
    auth: 'token',
    params: transferParams,
    response: transferSchema,
  },
} as const satisfies RouteContracts;
