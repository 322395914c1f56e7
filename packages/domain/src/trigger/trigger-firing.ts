import { z } from 'zod';
import { idSchema } from '../id.ts';
import { jsonObjectSchema } from '../json.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';

/** What becomes of an event at a trigger. */
export const firingOutcomes = [
  /** A flow run was started. */
  'fired',
  /** It waits for room under the rate limit. */
  'queued',
  /** It waited, and a newer event took its place. */
  'superseded',
  /** It came beyond the rate limit and was dropped. */
  'limited',
  /** The trigger's `when` was false. */
  'filtered',
  /** The flow could not be started. */
  'failed',
  /** The trigger was paused. */
  'paused',
  /** An instant of a schedule that passed while no hub was at work. */
  'missed',
  /** A delivery of a webhook with a wrong signature; counted by the hour. */
  'refused',
] as const;

/** See {@link firingOutcomes}. */
export const firingOutcomeSchema = z.enum(firingOutcomes);

/** See {@link firingOutcomes}. */
export type FiringOutcome = z.infer<typeof firingOutcomeSchema>;

/** One event at a trigger, and what became of it. */
export const triggerFiringSchema = z.strictObject({
  trigger: nameSchema,
  /** What makes it another event than others: the same key fires once. */
  key: z.string(),
  /** The event in a few words. */
  summary: z.string(),
  outcome: firingOutcomeSchema,
  /** Why it did not start a flow run. */
  reason: z.string().nullable(),
  flowRunId: idSchema('flowrun').nullable(),
  /** How often the same event was told again. */
  repeats: z.number().int(),
  at: instantSchema,
});

/** See {@link triggerFiringSchema}. */
export type TriggerFiring = z.infer<typeof triggerFiringSchema>;

/** What one event of the past would have done. */
export const dryFiringSchema = z.strictObject({
  at: instantSchema,
  event: z.string(),
  key: z.string(),
  wouldFire: z.boolean(),
  outcome: firingOutcomeSchema.or(z.literal('duplicate')),
  /** Why it would not have started a flow run. */
  reason: z.string().nullable(),
  label: z.string().nullable(),
  input: jsonObjectSchema.nullable(),
  deadlineAt: instantSchema.nullable(),
});

/** See {@link dryFiringSchema}. */
export type DryFiring = z.infer<typeof dryFiringSchema>;

/** The last event that a trigger listens to, or one that is made up. */
export const lastEventSchema = z.strictObject({
  /** `example` when there never was one, as far as is known. */
  origin: z.enum(['seen', 'example']),
  /** When it happened, and what it was in a few words; null for an example. */
  at: instantSchema.nullable(),
  summary: z.string().nullable(),
  /** What of it is not as it was; null when all is. */
  note: z.string().nullable(),
  /** Its document: what expressions read, and what `fire` takes. */
  event: jsonObjectSchema,
});

/** See {@link lastEventSchema}. */
export type LastEvent = z.infer<typeof lastEventSchema>;

/** What a trigger would have done in a time of the past. */
export const dryRunSchema = z.strictObject({
  from: instantSchema,
  to: instantSchema,
  /** Events of the trigger's kind and subject that were looked at. */
  looked: z.number().int(),
  wouldFire: z.number().int(),
  /** By what would have become of them; those that the source does not match are not counted. */
  outcomes: z.record(z.string(), z.number().int()),
  /** The first of them, oldest first. */
  items: z.array(dryFiringSchema),
  /** True when there was more than is looked at or told. */
  isCut: z.boolean(),
  /** What limits the answer: what no history is kept of. */
  notes: z.array(z.string()),
});

/** See {@link dryRunSchema}. */
export type DryRun = z.infer<typeof dryRunSchema>;
