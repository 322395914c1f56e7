import { z } from 'zod';
import { instantSchema } from '../time.ts';
import { flowStepSchema } from './flow-run.ts';

const count = z.number().int().min(0);

/** What a flow run did in one state, over all its visits. */
export const stateCountsSchema = z.strictObject({
  /** The state's name, behind those of the Parallel and Map states around it: `Each[]/Analyze`. */
  path: z.string(),
  visits: count,
  active: count,
  succeeded: count,
  failed: count,
  canceled: count,
  /** Seconds of all visits that have ended, together; of the newest alone. */
  totalSeconds: z.number(),
  lastSeconds: z.number(),
  /** When the first visit that is under way began. */
  activeSince: instantSchema.nullable(),
  /** The visit that says how the state stands: the newest under way, else the newest. */
  step: z.number().int().min(1),
  status: flowStepSchema.shape.status,
  reason: z.string().nullable(),
});

/** See {@link stateCountsSchema}. */
export type StateCounts = z.infer<typeof stateCountsSchema>;

/** The items of a Map state, or branches of a Parallel state, by how they stand. */
export const itemCountsSchema = z.strictObject({
  /** Of the state, as in {@link stateCountsSchema}. */
  path: z.string(),
  done: count,
  active: count,
  failed: count,
  /** With the flow run, or as those that lost a race. */
  canceled: count,
  /** All of them, begun or not; null where that is not known. */
  total: count.nullable(),
});

/** See {@link itemCountsSchema}. */
export type ItemCounts = z.infer<typeof itemCountsSchema>;
