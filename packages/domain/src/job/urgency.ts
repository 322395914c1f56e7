import { z } from 'zod';

/**
 * How much it matters that work starts now. `urgent` may use the demand queue and preempt;
 * `backfill` may be preempted.
 */
export const urgencySchema = z.enum(['urgent', 'normal', 'backfill']);

/** See {@link urgencySchema}. */
export type Urgency = z.infer<typeof urgencySchema>;

/** From the most to the least urgent. */
export const urgencies: readonly Urgency[] = urgencySchema.options;

const ranks = new Map(urgencies.map((urgency, rank) => [urgency, rank]));

/** Below 0 when work of `a` goes before work of `b`, 0 when they are the same. */
export function compareUrgency(a: Urgency, b: Urgency): number {
  return (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0);
}
