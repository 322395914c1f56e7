import { z } from 'zod';
import { granteeSchema } from '@interpulse/domain/access/grantee.ts';
import { flowRunPredictionSchema } from '@interpulse/domain/flow/predict-flow-run.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import {
  flowLogEntrySchema,
  flowRunSchema,
  flowRunStatusSchema,
  flowStepSchema,
} from '@interpulse/domain/flow-run/flow-run.ts';
import { itemCountsSchema, stateCountsSchema } from '@interpulse/domain/flow-run/step-counts.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { urgencySchema } from '@interpulse/domain/job/urgency.ts';
import { jsonObjectSchema, jsonSchema } from '@interpulse/domain/json.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';
import { flowRunFilter } from './flow-run-filter.ts';

const runParams = z.strictObject({ flowRunId: idSchema('flowrun') });
const granteesSchema = z.array(granteeSchema).max(flowLimits.grantees);
const tagsSchema = z.record(nameSchema, z.string().max(200));
const labelSchema = z.string().max(200);

/** Which flow runs a request is for: these, or those of a filter. */
export const flowRunSelectionSchema = z.strictObject({
  flowRunIds: z.array(idSchema('flowrun')).min(1).max(flowLimits.flowRunsPerBulk).optional(),
  filter: z.strictObject(flowRunFilter).optional(),
});

/** How a flow run is done again. */
export const rerunSchema = z.strictObject({
  /** `start`, `failed`, or the name of a state of the flow itself. */
  from: z.string().min(1).max(200).default('failed'),
  /** Of the flow: the one that it ran with, or the newest. */
  version: z.enum(['same', 'newest']).default('same'),
  /** From the start: replaces the input, or with `mergeInput` is laid over it. */
  input: jsonObjectSchema.optional(),
  mergeInput: z.boolean().default(false),
  /** From a state: laid over the state document as it was when that state was entered. */
  document: jsonObjectSchema.optional(),
  label: labelSchema.optional(),
  tags: tagsSchema.optional(),
  urgency: urgencySchema.optional(),
  deadlineAt: instantSchema.nullable().optional(),
});

/** A flow run as its page shows it; what is large in it has a route of its own. */
export const flowRunDocumentSchema = z.strictObject({
  flowRun: flowRunSchema,
  /** How it is expected to go on; null when it has ended, and where nothing is known of it. */
  prediction: flowRunPredictionSchema.nullable(),
  definition: jsonObjectSchema,
  /** All when they are 200 or fewer, else the newest 200 of the flow itself. */
  steps: z.array(flowStepSchema),
  /** How many there are in all. */
  stepCount: z.number().int(),
  states: z.array(stateCountsSchema),
  items: z.array(itemCountsSchema),
  /** Steps of the flow run that it does again, which it did not do itself. */
  takenOver: z.array(flowStepSchema),
  input: jsonObjectSchema,
  /** The run's state document once it has ended; null when it is too large to be here. */
  output: jsonSchema,
  outputBytes: z.number().int().nullable(),
});

/** Executions of flows. */
export const flowRunRoutes = {
  startFlowRun: {
    method: 'POST',
    path: '/flow-runs',
    tag: 'flows',
    summary: 'Starts a flow',
    auth: 'token',
    status: 201,
    idempotent: true,
    body: z.strictObject({
      flow: nameSchema,
      input: jsonObjectSchema.default({}),
      label: labelSchema.default(''),
      urgency: urgencySchema.default('normal'),
      deadlineAt: instantSchema.nullable().default(null),
      tags: tagsSchema.default({}),
      project: nameSchema.optional(),
      managers: granteesSchema.default([]),
      monitors: granteesSchema.default([]),
    }),
    response: flowRunSchema,
  },
  listFlowRuns: {
    method: 'GET',
    path: '/flow-runs',
    tag: 'flows',
    summary: 'Flow runs in an order',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      ...flowRunFilter,
      mine: z.stringbool().optional(),
      /** The newest start or end first, or the next deadline. */
      order: z.enum(['started', 'ended', 'deadline']).default('started'),
    }),
    response: pageOf(flowRunSchema),
  },
  countFlowRuns: {
    method: 'GET',
    path: '/flow-runs/counts',
    tag: 'flows',
    summary: 'How many flow runs there are of each status',
    auth: 'token',
    query: z.strictObject({ ...flowRunFilter, mine: z.stringbool().optional() }),
    response: z.strictObject({
      total: z.number().int(),
      byStatus: z.partialRecord(flowRunStatusSchema, z.number().int()),
    }),
  },
  getFlowRun: {
    method: 'GET',
    path: '/flow-runs/:flowRunId',
    tag: 'flows',
    summary: 'One flow run: its definition, steps, input and output',
    auth: 'token',
    params: runParams,
    response: flowRunDocumentSchema,
  },
  listFlowRunSteps: {
    method: 'GET',
    path: '/flow-runs/:flowRunId/steps',
    tag: 'flows',
    summary: "A flow run's steps; large inputs and results are with the step itself",
    auth: 'token',
    params: runParams,
    query: z.strictObject({
      ...pageQuery,
      /** Those inside: `Each` has all items of that state, `Each[3]` one. */
      path: z.string().max(1000).optional(),
      /** Those of the state of this name, wherever it stands. */
      state: z.string().max(1000).optional(),
      status: flowStepSchema.shape.status.optional(),
      newestFirst: z.stringbool().default(false),
    }),
    response: pageOf(flowStepSchema),
  },
  getFlowRunStep: {
    method: 'GET',
    path: '/flow-runs/:flowRunId/steps/:sequence',
    tag: 'flows',
    summary: 'One step of a flow run with all that it was given and gave',
    auth: 'token',
    params: runParams.extend({
      sequence: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 31 - 1),
    }),
    response: flowStepSchema,
  },
  getFlowRunLog: {
    method: 'GET',
    path: '/flow-runs/:flowRunId/log',
    tag: 'flows',
    summary: "A flow run's log with Globus' codes",
    auth: 'token',
    params: runParams,
    query: z.strictObject({ ...pageQuery, newestFirst: z.stringbool().default(false) }),
    response: pageOf(flowLogEntrySchema),
  },
  downloadFlowRunLog: {
    method: 'GET',
    path: '/flow-runs/:flowRunId/log/file',
    tag: 'flows',
    summary: "A flow run's whole log, a JSON object on each line",
    auth: 'token',
    params: runParams,
    produces: 'application/x-ndjson',
  },
  getFlowRunOutput: {
    method: 'GET',
    path: '/flow-runs/:flowRunId/output',
    tag: 'flows',
    summary: "A flow run's state document: its output once it has ended",
    auth: 'token',
    params: runParams,
    response: z.strictObject({ status: flowRunStatusSchema, output: jsonSchema }),
  },
  changeFlowRun: {
    method: 'PATCH',
    path: '/flow-runs/:flowRunId',
    tag: 'flows',
    summary: "Changes a flow run's label, tags, managers, monitors or deadline",
    auth: 'token',
    params: runParams,
    body: z.strictObject({
      label: labelSchema.optional(),
      /** Replace the old ones. */
      tags: tagsSchema.optional(),
      managers: granteesSchema.optional(),
      monitors: granteesSchema.optional(),
      /**
       * When its answer is due; null for never. Its open jobs that were due with it are due then
       * too, and the shot clock moves it no more.
       */
      deadlineAt: instantSchema.nullable().optional(),
    }),
    response: flowRunSchema,
  },
  waitForFlowRuns: {
    method: 'POST',
    path: '/flow-runs/wait',
    tag: 'flows',
    summary: 'Waits until at least one of these flow runs has ended; those that have',
    auth: 'token',
    body: z.strictObject({
      flowRunIds: z.array(idSchema('flowrun')).min(1).max(limits.jobsPerWait),
      waitSeconds: z.number().min(0).max(limits.jobWaitSeconds).default(limits.jobWaitSeconds),
    }),
    response: z.strictObject({ ended: z.array(flowRunSchema) }),
  },
  resumeFlowRun: {
    method: 'POST',
    path: '/flow-runs/:flowRunId/resume',
    tag: 'flows',
    summary: 'Goes on with a flow run that waits for a person',
    auth: 'token',
    params: runParams,
    response: flowRunSchema,
  },
  rerunFlowRun: {
    method: 'POST',
    path: '/flow-runs/:flowRunId/rerun',
    tag: 'flows',
    summary: 'Does a flow run again, from its start or from a state on',
    auth: 'token',
    status: 201,
    idempotent: true,
    params: runParams,
    body: rerunSchema,
    response: flowRunSchema,
  },
  cancelFlowRuns: {
    method: 'POST',
    path: '/flow-runs/cancel',
    tag: 'flows',
    summary: 'Cancels many flow runs',
    auth: 'token',
    body: flowRunSelectionSchema.extend({ dryRun: z.boolean().default(false) }),
    response: z.strictObject({ count: z.number().int(), dryRun: z.boolean() }),
  },
  cancelFlowRun: {
    method: 'POST',
    path: '/flow-runs/:flowRunId/cancel',
    tag: 'flows',
    summary: 'Cancels a flow run and what it started',
    auth: 'token',
    params: runParams,
    response: flowRunSchema,
  },
} as const satisfies RouteContracts;
