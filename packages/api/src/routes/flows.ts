import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '@interpulse/domain/json.ts';
import { flowRequestSchema, flowSchema } from '@interpulse/domain/flow-run/flow-run.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const flowParams = z.strictObject({ flow: nameSchema });

const locSchema = z.array(z.union([z.string(), z.number()]));
const faultSchema = z.strictObject({ loc: locSchema, msg: z.string(), type: z.string() });

/** Flows: definitions of what to do. */
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
} as const satisfies RouteContracts;
