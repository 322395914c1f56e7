import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '@interpulse/domain/json.ts';
import {
  flowLogEntrySchema,
  flowRunSchema,
  flowStepSchema,
} from '@interpulse/domain/flow-run/flow-run.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { urgencySchema } from '@interpulse/domain/job/urgency.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const runParams = z.strictObject({ flowRunId: idSchema('flowrun') });

/** The quick filters of the list of flow runs. */
export const flowRunFilters = ['all', 'active', 'waiting', 'failed', 'completed'] as const;

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
      label: z.string().max(200).default(''),
      urgency: urgencySchema.default('normal'),
      deadlineAt: instantSchema.nullable().default(null),
      tags: z.record(nameSchema, z.string().max(200)).default({}),
      project: nameSchema.optional(),
    }),
    response: flowRunSchema,
  },
  listFlowRuns: {
    method: 'GET',
    path: '/flow-runs',
    tag: 'flows',
    summary: 'Flow runs, newest first',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      filter: z.enum(flowRunFilters).default('all'),
      mine: z.stringbool().optional(),
      flow: nameSchema.optional(),
      project: nameSchema.optional(),
      instrument: nameSchema.optional(),
      label: z.string().max(200).optional(),
    }),
    response: pageOf(flowRunSchema),
  },
  getFlowRun: {
    method: 'GET',
    path: '/flow-runs/:flowRunId',
    tag: 'flows',
    summary: 'One flow run: its definition, steps, input and output',
    auth: 'token',
    params: runParams,
    response: z.strictObject({
      flowRun: flowRunSchema,
      definition: jsonObjectSchema,
      steps: z.array(flowStepSchema),
      input: jsonObjectSchema,
      /** The run's state document once it has ended. */
      output: jsonSchema,
    }),
  },
  getFlowRunLog: {
    method: 'GET',
    path: '/flow-runs/:flowRunId/log',
    tag: 'flows',
    summary: "A flow run's log with Globus' codes",
    auth: 'token',
    params: runParams,
    query: z.strictObject(pageQuery),
    response: pageOf(flowLogEntrySchema),
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
