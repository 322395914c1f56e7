import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '@interpulse/domain/json.ts';
import {
  flowPeopleSchema,
  flowRequestSchema,
  flowSchema,
} from '@interpulse/domain/flow-run/flow-run.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const flowParams = z.strictObject({ flow: nameSchema });

const locSchema = z.array(z.union([z.string(), z.number()]));
const faultSchema = z.strictObject({ loc: locSchema, msg: z.string(), type: z.string() });

/** A flow that was saved, with what is worth a look: paths begin with `definition`. */
const savedFlowSchema = flowSchema.extend({ warnings: z.array(faultSchema) });

/** Flows: definitions of what to do. */
export const flowRoutes = {
  listFlows: {
    method: 'GET',
    path: '/flows',
    tag: 'flows',
    summary: 'Flows, by name',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      project: nameSchema.optional(),
      /** Part of the name, the title or the description. */
      q: z.string().max(200).optional(),
      /** Those that were put away, instead of the others. */
      archived: z.stringbool().default(false),
    }),
    response: pageOf(flowSchema),
  },
  getFlow: {
    method: 'GET',
    path: '/flows/:flow',
    tag: 'flows',
    summary: 'One flow, in its newest version or another one',
    auth: 'token',
    params: flowParams,
    query: z.strictObject({ version: z.coerce.number().int().min(1).optional() }),
    response: flowSchema,
  },
  saveFlow: {
    method: 'PUT',
    path: '/flows/:flow',
    tag: 'flows',
    summary: 'Adds a flow or a new version of it; faults and warnings come back all at once',
    auth: 'token',
    params: flowParams,
    body: flowRequestSchema,
    response: savedFlowSchema,
  },
  changeFlow: {
    method: 'PATCH',
    path: '/flows/:flow',
    tag: 'flows',
    summary: 'Shares a flow, sets its accounts, puts it away or brings it back; no new version',
    auth: 'token',
    params: flowParams,
    body: flowPeopleSchema.partial().extend({ archived: z.boolean().optional() }),
    response: flowSchema,
  },
  deleteFlow: {
    method: 'DELETE',
    path: '/flows/:flow',
    tag: 'flows',
    summary: 'Puts a flow away: it cannot be started any more; its flow runs stay',
    auth: 'token',
    status: 204,
    params: flowParams,
  },
  listFlowVersions: {
    method: 'GET',
    path: '/flows/:flow/versions',
    tag: 'flows',
    summary: 'The versions of a flow, newest first',
    auth: 'token',
    params: flowParams,
    query: z.strictObject(pageQuery),
    response: pageOf(
      z.strictObject({
        version: z.number().int(),
        title: z.string(),
        createdAt: instantSchema,
        savedBy: z.string().nullable(),
        flowRuns: z.number().int(),
      }),
    ),
  },
  restoreFlow: {
    method: 'POST',
    path: '/flows/:flow/restore',
    tag: 'flows',
    summary: 'Saves an old version of a flow as its newest',
    auth: 'token',
    params: flowParams,
    body: z.strictObject({ version: z.number().int().min(1) }),
    response: savedFlowSchema,
  },
  checkFlow: {
    method: 'POST',
    path: '/flows/check',
    tag: 'flows',
    summary: 'Says what is wrong with a definition, and what is worth a look, without saving it',
    auth: 'token',
    body: z.strictObject({
      definition: jsonSchema,
      inputSchema: jsonObjectSchema.default({}),
    }),
    response: z.strictObject({
      /** Each with its path from `definition` or `inputSchema` on; it saves when there are none. */
      faults: z.array(faultSchema),
      warnings: z.array(faultSchema),
    }),
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
      /** What it will be called; of a flow that is there, its accounts count too. */
      flow: nameSchema.optional(),
      serviceAccount: flowPeopleSchema.shape.serviceAccount.optional(),
      roles: flowPeopleSchema.shape.roles.optional(),
    }),
    response: z.strictObject({
      imports: z.boolean(),
      faults: z.array(faultSchema),
      needs: z.array(
        z.strictObject({
          kind: z.enum(['action', 'collections', 'sites', 'apps', 'principals', 'accounts']),
          id: z.string(),
          loc: locSchema,
          /** What is missing, and what to do. */
          msg: z.string(),
        }),
      ),
      warnings: z.array(faultSchema),
    }),
  },
} as const satisfies RouteContracts;
