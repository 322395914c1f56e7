import { z } from 'zod';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import {
  flowBatchProgressSchema,
  flowBatchSchema,
} from '@interpulse/domain/flow-run/flow-batch.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { urgencySchema } from '@interpulse/domain/job/urgency.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';
import { flowRunSelectionSchema, rerunSchema } from './flow-runs.ts';

const batchParams = z.strictObject({ batchId: idSchema('flowbatch') });
const most = flowLimits.flowRunsPerBulk;

/** Which datasets a flow is started over: these, or those of a search. */
const datasetSelectionSchema = z.strictObject({
  ids: z.array(idSchema('dataset')).min(1).max(most).optional(),
  filter: z
    .strictObject({
      q: z.string().max(500).optional(),
      kind: z.enum(['raw', 'result']).optional(),
      instrument: nameSchema.optional(),
      project: nameSchema.optional(),
      /** So many of those that it finds, the newest. */
      newest: z.int().min(1).max(most).optional(),
    })
    .optional(),
});

const common = {
  label: z.string().max(200).default(''),
  tags: z.record(nameSchema, z.string().max(200)).default({}),
  urgency: urgencySchema.default('backfill'),
  /** Says how many flow runs it would start, and starts none. */
  dryRun: z.boolean().default(false),
};

/** What a bulk start came to. */
const startedSchema = z.strictObject({
  count: z.number().int(),
  /** Null when it was a dry run, or there was nothing to start. */
  batch: flowBatchSchema.nullable(),
  /** The input of the first flow run, private values hidden. */
  firstInput: jsonObjectSchema.nullable(),
});

/** Flow runs started many at a time. */
export const flowBatchRoutes = {
  startFlowRuns: {
    method: 'POST',
    path: '/flow-runs/bulk',
    tag: 'flows',
    summary: 'Starts a flow over many inputs, or over datasets that are there already',
    auth: 'token',
    status: 201,
    idempotent: true,
    body: z.strictObject({
      ...common,
      flow: nameSchema,
      project: nameSchema.optional(),
      deadlineAt: instantSchema.nullable().default(null),
      inputs: z.array(jsonObjectSchema).min(1).max(most).optional(),
      datasets: datasetSelectionSchema.optional(),
      /**
       * How the input is made of each dataset (`$.dataset`, `$.files`, `$.file`) or of each of the
       * inputs (`$`): names, `name.$` paths and `name.=` expressions, as in a state.
       */
      mapping: jsonObjectSchema.optional(),
    }),
    response: startedSchema,
  },
  rerunFlowRuns: {
    method: 'POST',
    path: '/flow-runs/rerun',
    tag: 'flows',
    summary: 'Does many flow runs again',
    auth: 'token',
    status: 201,
    idempotent: true,
    body: rerunSchema
      .pick({ from: true, version: true })
      .extend({ ...flowRunSelectionSchema.shape, ...common }),
    response: startedSchema,
  },
  listFlowBatches: {
    method: 'GET',
    path: '/flow-batches',
    tag: 'flows',
    summary: 'Bulk starts, newest first',
    auth: 'token',
    query: z.strictObject({ ...pageQuery, flow: nameSchema.optional() }),
    response: pageOf(flowBatchSchema),
  },
  getFlowBatch: {
    method: 'GET',
    path: '/flow-batches/:batchId',
    tag: 'flows',
    summary: 'A bulk start: counts, expected end, durations, failures by reason',
    auth: 'token',
    params: batchParams,
    response: z.strictObject({
      batch: flowBatchSchema,
      progress: flowBatchProgressSchema,
      /** What could not be started. */
      faults: z.array(z.strictObject({ position: z.number().int(), reason: z.string() })),
    }),
  },
  waitForFlowBatch: {
    method: 'POST',
    path: '/flow-batches/:batchId/wait',
    tag: 'flows',
    summary: 'Waits until a bulk start is over, or more of it than so many; then how it stands',
    auth: 'token',
    params: batchParams,
    body: z.strictObject({
      /** Answers as soon as more than so many have ended; without it, once all have. */
      endedMoreThan: z.number().int().min(0).max(most).optional(),
      waitSeconds: z.number().min(0).max(limits.jobWaitSeconds).default(limits.jobWaitSeconds),
    }),
    response: flowBatchSchema,
  },
  cancelFlowBatch: {
    method: 'POST',
    path: '/flow-batches/:batchId/cancel',
    tag: 'flows',
    summary: 'Starts no more flow runs of a bulk start, and cancels those under way',
    auth: 'token',
    params: batchParams,
    response: flowBatchSchema,
  },
} as const satisfies RouteContracts;
