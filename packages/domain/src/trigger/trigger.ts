import { z } from 'zod';
import { idSchema } from '../id.ts';
import { jsonObjectSchema } from '../json.ts';
import { urgencySchema } from '../job/urgency.ts';
import { limits } from '../limits.ts';
import { nameSchema } from '../location.ts';
import { noticeRulesSchema } from '../notice/notice-rule.ts';
import { instantSchema } from '../time.ts';
import { triggerFiringSchema } from './trigger-firing.ts';
import { triggerLimits } from './trigger-limits.ts';
import { triggerSourceSchema } from './trigger-source.ts';

const expressionSchema = z.string().min(1).max(triggerLimits.expressionLength);

/**
 * When the answer is due: by the instrument's next shot, a number of seconds after the event,
 * never, or at the instant that an expression reads in the event.
 */
export const deadlineRuleSchema = z.union([
  z.literal('nextShot'),
  z.literal('none'),
  z.number().positive(),
  z.strictObject({ 'at.=': expressionSchema }),
]);

/** See {@link deadlineRuleSchema}. */
export type DeadlineRule = z.infer<typeof deadlineRuleSchema>;

/** How often a trigger may start its flow, and what becomes of the events beyond. */
export const rateLimitSchema = z.strictObject({
  most: z.number().int().min(1).max(triggerLimits.ratePerPeriod),
  perSeconds: z.number().positive().max(triggerLimits.ratePeriodSeconds),
  /** `drop` them, counted; `queue` them until there is room; keep the `latest` one only. */
  beyond: z.enum(['drop', 'queue', 'latest']).default('drop'),
});

/** See {@link rateLimitSchema}. */
export type RateLimit = z.infer<typeof rateLimitSchema>;

/** A trigger as people send it. */
export const triggerRequestSchema = z.strictObject({
  enabled: z.boolean().default(true),
  source: triggerSourceSchema,
  flowName: nameSchema,
  /**
   * The flow's input. With keys that end in `.$` or `.=` anywhere in it, it is evaluated on the
   * event's document and is the whole input; without them its members are constants of `input`,
   * beside what the event gives: `file`, `dataset`, `returnTo`, `shot` and others.
   */
  input: jsonObjectSchema.default({}),
  /** An expression for the flow run's label; one made of the event when absent. */
  label: expressionSchema.nullable().default(null),
  /** An expression that must be true for the event to count. */
  when: expressionSchema.nullable().default(null),
  /** An expression for what makes two events the same; the event's own key when absent. */
  dedupKey: expressionSchema.nullable().default(null),
  rateLimit: rateLimitSchema.nullable().default(null),
  deadline: deadlineRuleSchema.default('nextShot'),
  urgency: urgencySchema.default('urgent'),
  tags: z.record(nameSchema, z.string().max(limits.nameLength)).default({}),
  /** Who is told of its flow runs and of the trigger, beside those who asked for it. */
  notify: noticeRulesSchema.default([]),
  project: nameSchema.optional(),
  /** Whom its flow runs belong to: the caller, or a service account that it keeps. */
  runAs: nameSchema.optional(),
});

/** See {@link triggerRequestSchema}. */
export type TriggerRequest = z.infer<typeof triggerRequestSchema>;

/** Why a trigger does not start anything for now. */
export const triggerPauseSchema = z.strictObject({
  reason: z.string(),
  /** Who paused it; null when it paused itself after failures in a row. */
  by: z.string().nullable(),
  at: instantSchema,
});

/** See {@link triggerPauseSchema}. */
export type TriggerPause = z.infer<typeof triggerPauseSchema>;

/** What starts a flow by itself. */
export const triggerSchema = z.strictObject({
  id: idSchema('trigger'),
  name: nameSchema,
  source: triggerSourceSchema,
  flowName: nameSchema,
  input: jsonObjectSchema,
  label: z.string().nullable(),
  when: z.string().nullable(),
  dedupKey: z.string().nullable(),
  rateLimit: rateLimitSchema.nullable(),
  deadline: deadlineRuleSchema,
  urgency: urgencySchema,
  tags: z.record(nameSchema, z.string()),
  notify: noticeRulesSchema,
  enabled: z.boolean(),
  /** Set when it is not enabled. */
  pause: triggerPauseSchema.nullable(),
  project: nameSchema,
  /** The service account under which its flow runs run. */
  runAs: z.string(),
  /** When a schedule is due next; null for other kinds, and while it is paused. */
  nextDueAt: instantSchema.nullable(),
  /** Events that wait for room under the rate limit. */
  queuedEvents: z.number().int(),
  createdAt: instantSchema,
});

/** See {@link triggerSchema}. */
export type Trigger = z.infer<typeof triggerSchema>;

/** A trigger with what it did lately. */
export const triggerReportSchema = z.strictObject({
  ...triggerSchema.shape,
  /** Events of the last 24 hours by what became of them; `repeats` were told more than once. */
  counts: z.strictObject({
    fired: z.number().int(),
    queued: z.number().int(),
    superseded: z.number().int(),
    limited: z.number().int(),
    filtered: z.number().int(),
    failed: z.number().int(),
    paused: z.number().int(),
    missed: z.number().int(),
    refused: z.number().int(),
    repeats: z.number().int(),
  }),
  lastFiredAt: instantSchema.nullable(),
  /** The newest event that could not start its flow, unless one did after it. */
  lastProblem: z.strictObject({ at: instantSchema, reason: z.string() }).nullable(),
  /** The newest events, newest first. */
  lastFirings: z.array(triggerFiringSchema),
});

/** See {@link triggerReportSchema}. */
export type TriggerReport = z.infer<typeof triggerReportSchema>;

/** A saved trigger; `secret` is that of a new webhook, and is shown only this once. */
export const savedTriggerSchema = z.strictObject({
  ...triggerSchema.shape,
  secret: z.string().nullable(),
});
