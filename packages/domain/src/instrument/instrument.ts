import { z } from 'zod';
import { idSchema } from '../id.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';

/** What measures, and the clock by which it does. */
export const instrumentSchema = z.strictObject({
  id: idSchema('instrument'),
  name: nameSchema,
  title: z.string(),
  siteName: nameSchema,
  /** Where its files appear. */
  collection: nameSchema,
  /** Where answers are put back. */
  returnTo: z.string(),
  /** Seconds between shots; null when it has no period. */
  periodSeconds: z.number().positive().nullable(),
  lastShotNumber: z.number().int().nullable(),
  lastShotAt: instantSchema.nullable(),
  nextShotAt: instantSchema.nullable(),
  status: z.enum(['up', 'silent', 'closed']),
});

/** See {@link instrumentSchema}. */
export type Instrument = z.infer<typeof instrumentSchema>;

/** One pulse, what was recorded for it, and how soon the answer came. */
export const shotSchema = z.strictObject({
  instrument: nameSchema,
  number: z.number().int(),
  takenAt: instantSchema,
  datasetId: idSchema('dataset').nullable(),
  flowRunId: idSchema('flowrun').nullable(),
  flowStatus: z.string().nullable(),
  resultDatasetId: idSchema('dataset').nullable(),
  deadlineAt: instantSchema.nullable(),
  /** When the result was in the catalog. */
  answeredAt: instantSchema.nullable(),
  /** From file closed to answer, in seconds. */
  answerSeconds: z.number().nullable(),
  inTime: z.boolean().nullable(),
});

/** See {@link shotSchema}. */
export type Shot = z.infer<typeof shotSchema>;
