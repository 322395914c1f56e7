import { z } from 'zod';
import { instantSchema } from '../time.ts';
import { compareUrgency, urgencySchema } from './urgency.ts';

/** What says when a job has its turn among others at one place. */
export const turnSchema = z.strictObject({
  urgency: urgencySchema,
  /** Among jobs of one urgency: the greater goes first. */
  priority: z.number().int(),
  deadlineAt: instantSchema.nullable(),
});

/** See {@link turnSchema}. */
export type Turn = z.infer<typeof turnSchema>;

/**
 * Less than zero when `a` goes before `b`: by urgency, then priority, then deadline, none last.
 * Zero when whichever came first goes first.
 */
export function compareTurns(a: Turn, b: Turn): number {
  if (a.urgency !== b.urgency) return compareUrgency(a.urgency, b.urgency);
  if (a.priority !== b.priority) return b.priority - a.priority;
  if (a.deadlineAt === b.deadlineAt) return 0;
  if (a.deadlineAt === null) return 1;
  return b.deadlineAt === null || a.deadlineAt < b.deadlineAt ? -1 : 1;
}
