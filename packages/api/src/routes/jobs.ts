import { z } from 'zod';
import { idSchema } from '@interpulse/domain/id.ts';
import { jobAttemptSchema, jobRequestSchema, jobSchema } from '@interpulse/domain/job/job.ts';
import { jobStates } from '@interpulse/domain/job/job-state.ts';
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

/** Jobs and transfers. */
export const jobRoutes = {
  submitJobs: {
    method: 'POST',
    path: '/jobs',
    tag: 'jobs',
    summary: 'Submits jobs, all or none',
    auth: 'token',
    status: 201,
    idempotent: true,
    body: z.strictObject({ jobs: z.array(jobRequestSchema).min(1).max(limits.jobsPerSubmit) }),
    response: z.strictObject({ jobIds: z.array(idSchema('job')) }),
  },
  listJobs: {
    method: 'GET',
    path: '/jobs',
    tag: 'jobs',
    summary: 'Jobs, newest first',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      /** One state, several with commas, or `open` (not ended). */
      state: z
        .string()
        .regex(new RegExp(`^(open|(${jobStates.join('|')})(,(${jobStates.join('|')}))*)$`))
        .optional(),
      site: nameSchema.optional(),
      app: nameSchema.optional(),
      project: nameSchema.optional(),
      flowRun: idSchema('flowrun').optional(),
      mine: z.stringbool().optional(),
      label: z.string().max(200).optional(),
    }),
    response: pageOf(jobSchema),
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
    }),
    response: z.strictObject({ text: z.string(), sizeBytes: z.number().int(), attempt: z.int() }),
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
