import { z } from 'zod';
import { idSchema } from '@interpulse/domain/id.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import {
  savedTriggerSchema,
  triggerReportSchema,
  triggerRequestSchema,
  triggerSchema,
} from '@interpulse/domain/trigger/trigger.ts';
import {
  dryRunSchema,
  firingOutcomeSchema,
  lastEventSchema,
  triggerFiringSchema,
} from '@interpulse/domain/trigger/trigger-firing.ts';
import { triggerSourceSchema } from '@interpulse/domain/trigger/trigger-source.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const triggerParams = z.strictObject({ trigger: nameSchema });

/** Triggers: what starts flows by itself. */
export const triggerRoutes = {
  listTriggers: {
    method: 'GET',
    path: '/triggers',
    tag: 'flows',
    summary: 'Triggers, by name, each with what it did lately',
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(triggerReportSchema),
  },
  getTrigger: {
    method: 'GET',
    path: '/triggers/:trigger',
    tag: 'flows',
    summary: 'One trigger with what it did lately',
    auth: 'token',
    params: triggerParams,
    response: triggerReportSchema,
  },
  saveTrigger: {
    method: 'PUT',
    path: '/triggers/:trigger',
    tag: 'flows',
    summary: 'Adds or changes a trigger; the secret of a new webhook is answered only here',
    auth: 'token',
    params: triggerParams,
    body: triggerRequestSchema,
    response: savedTriggerSchema,
  },
  deleteTrigger: {
    method: 'DELETE',
    path: '/triggers/:trigger',
    tag: 'flows',
    summary: 'Deletes a trigger with what it remembers of events',
    auth: 'token',
    status: 204,
    params: triggerParams,
  },
  listTriggerFirings: {
    method: 'GET',
    path: '/triggers/:trigger/firings',
    tag: 'flows',
    summary: 'Events at a trigger and what became of them, newest first',
    auth: 'token',
    params: triggerParams,
    query: z.strictObject({ ...pageQuery, outcome: firingOutcomeSchema.optional() }),
    response: pageOf(triggerFiringSchema),
  },
  pauseTrigger: {
    method: 'POST',
    path: '/triggers/:trigger/pause',
    tag: 'flows',
    summary: 'Pauses a trigger: its events are noted and start nothing',
    auth: 'token',
    params: triggerParams,
    body: z.strictObject({ reason: z.string().min(1).max(triggerLimits.reasonLength) }),
    response: triggerSchema,
  },
  resumeTrigger: {
    method: 'POST',
    path: '/triggers/:trigger/resume',
    tag: 'flows',
    summary: 'Lets a paused trigger go on; what happened meanwhile starts nothing',
    auth: 'token',
    params: triggerParams,
    response: triggerSchema,
  },
  rotateTriggerSecret: {
    method: 'POST',
    path: '/triggers/:trigger/rotate-secret',
    tag: 'flows',
    summary: 'Gives a webhook a new secret, and answers it this once',
    auth: 'token',
    params: triggerParams,
    body: z.strictObject({
      /** One that the sender made; the hub makes one where it is left out. */
      secret: z.string().max(200).optional(),
      /** The secret before is good for so long still. */
      graceSeconds: z.number().int().min(0).max(triggerLimits.secretGraceSeconds).default(0),
    }),
    response: z.strictObject({
      secret: z.string(),
      /** Until when the secret before is good; null when it is worth nothing from now on. */
      oldSecretUntil: instantSchema.nullable(),
    }),
  },
  fireTrigger: {
    method: 'POST',
    path: '/triggers/:trigger/fire',
    tag: 'flows',
    summary: 'Fires a trigger by hand, also while it is paused; as the caller who keeps no account',
    auth: 'token',
    params: triggerParams,
    body: z.strictObject({
      /** What expressions read; without a mapping its members go under `input`. */
      event: jsonObjectSchema.default({}),
    }),
    response: z.strictObject({
      key: z.string(),
      outcome: firingOutcomeSchema.or(z.literal('duplicate')),
      reason: z.string().nullable(),
      flowRunId: idSchema('flowrun').nullable(),
    }),
  },
  lastTriggerEvent: {
    method: 'POST',
    path: '/triggers/last-event',
    tag: 'flows',
    summary: 'The last event that a trigger listens to, as an example of what comes; or made up',
    auth: 'token',
    body: z.strictObject({
      /** A saved trigger; or the name of one that listens to `source`. */
      name: nameSchema.optional(),
      /** What it listens to; as the saved one when absent. */
      source: triggerSourceSchema.optional(),
      project: nameSchema.optional(),
    }),
    response: lastEventSchema,
  },
  dryRunTrigger: {
    method: 'POST',
    path: '/triggers/dry-run',
    tag: 'flows',
    summary: 'What a trigger would have done in a time of the past; nothing is started',
    auth: 'token',
    body: z.strictObject({
      /** A saved trigger; or the name of the one below. */
      name: nameSchema.optional(),
      /** The trigger as it would be saved; the saved one when absent. */
      trigger: triggerRequestSchema.optional(),
      from: instantSchema,
      to: instantSchema,
    }),
    response: dryRunSchema,
  },
} as const satisfies RouteContracts;
