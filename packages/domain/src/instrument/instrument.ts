import { z } from 'zod';
import { idSchema } from '../id.ts';
import { jsonObjectSchema } from '../json.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';
import { runResultSchema } from './run-result.ts';

/** What measures, and the clock by which it does. */
export const instrumentSchema = z.strictObject({
  id: idSchema('instrument'),
  name: nameSchema,
  title: z.string(),
  siteName: nameSchema,
  /** Where its files appear. */
  collection: nameSchema,
  /** Whose it is: members may tell of its runs, and see their parameters and results. */
  project: nameSchema,
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

/** A line of the run table: a run or shot with what was set for it and what was found. */
export const instrumentRunSchema = shotSchema.extend({
  /** When it ended; null while it goes on, and where nobody says so. */
  endedAt: instantSchema.nullable(),
  /** What the control system set, by name; empty for who does not belong to its project. */
  parameters: jsonObjectSchema,
  /** What analyses reported, by key in the order in which the keys came. */
  results: z.array(runResultSchema),
});

/** See {@link instrumentRunSchema}. */
export type InstrumentRun = z.infer<typeof instrumentRunSchema>;
