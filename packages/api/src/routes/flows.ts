import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '@interpulse/domain/json.ts';
import {
  flowLogEntrySchema,
  flowRequestSchema,
  flowRunSchema,
  flowSchema,
  flowStepSchema,
} from '@interpulse/domain/flow-run/flow-run.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { urgencySchema } from '@interpulse/domain/job/urgency.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { triggerRequestSchema, triggerSchema } from '@interpulse/domain/trigger/trigger.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const flowParams = z.strictObject({ flow: nameSchema });
const runParams = z.strictObject({ flowRunId: idSchema('flowrun') });
const triggerParams = z.strictObject({ trigger: nameSchema });

const locSchema = z.array(z.union([z.string(), z.number()]));
const faultSchema = z.strictObject({ loc: locSchema, msg: z.string(), type: z.string() });

/** The quick filters of the list of flow runs. */
export const flowRunFilters = ['all', 'active', 'waiting', 'failed', 'completed'] as const;

/** Flows, flow runs and triggers. */
export const flowRoutes = {
  listFlows: {
    method: 'GET',
    path: '/flows',
    tag: 'flows',
    summary: 'Flows, by name',
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(flowSchema),
  },
  getFlow: {
    method: 'GET',
    path: '/flows/:flow',
    tag: 'flows',
    summary: 'One flow in its newest version',
    auth: 'token',
    params: flowParams,
    response: flowSchema,
  },
  saveFlow: {
    method: 'PUT',
    path: '/flows/:flow',
    tag: 'flows',
    summary: 'Adds a flow or a new version of it; faults come back all at once',
    auth: 'token',
    params: flowParams,
    body: flowRequestSchema,
    response: flowSchema,
  },
  checkFlowImport: {
    method: 'POST',
    path: '/flow-imports/check',
    tag: 'flows',
    summary: 'Says whether a definition written for Globus runs here, and what it needs mapped',
    auth: 'token',
    body: z.strictObject({
      definition: jsonSchema,
      inputSchema: jsonObjectSchema.default({}),
    }),
    response: z.strictObject({
      imports: z.boolean(),
      faults: z.array(faultSchema),
      needs: z.array(
        z.strictObject({
          kind: z.enum(['action', 'collections', 'sites', 'apps']),
          id: z.string(),
          loc: locSchema,
        }),
      ),
      warnings: z.array(faultSchema),
    }),
  },
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
  listTriggers: {
    method: 'GET',
    path: '/triggers',
    tag: 'flows',
    summary: 'Triggers, by name',
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(triggerSchema),
  },
  saveTrigger: {
    method: 'PUT',
    path: '/triggers/:trigger',
    tag: 'flows',
    summary: 'Adds or changes a trigger',
    auth: 'token',
    params: triggerParams,
    body: triggerRequestSchema,
    response: triggerSchema,
  },
  deleteTrigger: {
    method: 'DELETE',
    path: '/triggers/:trigger',
    tag: 'flows',
    summary: 'Deletes a trigger',
    auth: 'token',
    status: 204,
    params: triggerParams,
  },
} as const satisfies RouteContracts;
