import { z } from 'zod';
import { nameSchema } from '@interpulse/domain/location.ts';
import { triggerRequestSchema, triggerSchema } from '@interpulse/domain/trigger/trigger.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const triggerParams = z.strictObject({ trigger: nameSchema });

/** Triggers: what starts flows by itself. */
export const triggerRoutes = {
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
