import { z } from 'zod';
import { idSchema } from '../id.ts';
import { urgencySchema } from '../job/urgency.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';
import { flowRunStatusSchema } from './flow-run.ts';

/** Flow runs that were started by one request. */
export const flowBatchSchema = z.strictObject({
  id: idSchema('flowbatch'),
  flowName: nameSchema,
  project: nameSchema,
  owner: z.string(),
  label: z.string(),
  urgency: urgencySchema,
  createdAt: instantSchema,
  canceledAt: instantSchema.nullable(),
  total: z.number().int(),
  /** Not started yet. */
  waiting: z.number().int(),
  /** Those that could not be started. */
  faulty: z.number().int(),
  byStatus: z.partialRecord(flowRunStatusSchema, z.number().int()),
});

/** See {@link flowBatchSchema}. */
export type FlowBatch = z.infer<typeof flowBatchSchema>;

/** How the flow runs of a bulk start went so far. */
export const flowBatchProgressSchema = z.strictObject({
  /** At the pace of its last ends; null where that is not known, or all have ended. */
  expectedEndAt: instantSchema.nullable(),
  /** Of the flow runs that succeeded, in seconds; null before the first. */
  runSeconds: z.strictObject({ p50: z.number(), p90: z.number(), longest: z.number() }).nullable(),
  /** The most frequent first; reasons that differ only in ids and numbers are one. */
  failures: z.array(
    z.strictObject({
      reason: z.string(),
      count: z.number().int(),
      /** The newest of them. */
      examples: z.array(z.strictObject({ id: idSchema('flowrun'), label: z.string() })),
    }),
  ),
  /** Bulk starts that did flow runs of this one again. */
  doneAgain: z.array(
    z.strictObject({
      id: idSchema('flowbatch'),
      count: z.number().int(),
      succeeded: z.number().int(),
    }),
  ),
});

/** See {@link flowBatchProgressSchema}. */
export type FlowBatchProgress = z.infer<typeof flowBatchProgressSchema>;
