import { z } from 'zod';

/**
 * How much it matters that work starts now. `urgent` may use the demand queue and preempt;
 * `backfill` may be preempted.
 */
export const urgencySchema = z.enum(['urgent', 'normal', 'backfill']);

/** See {@link urgencySchema}. */
export type Urgency = z.infer<typeof urgencySchema>;
