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
