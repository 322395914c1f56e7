import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';
import { instantSchema } from '../time.ts';

/** Kinds of things that events are about. */
export const subjectTypes = [
  'job',
  'transfer',
  'pilot',
  'site',
  'agent',
  'instrument',
  'shot',
  'dataset',
  'flow',
  'flowRun',
  'trigger',
  'webInput',
  'project',
  'app',
  'limit',
  'user',
] as const;

/** One of {@link subjectTypes}. */
export type SubjectType = (typeof subjectTypes)[number];

/** A fact that happened, past tense: `job.placed`, `dataset.registered`. */
export const eventSchema = z.strictObject({
  /** Position in the history; what a stream resumes after. */
  cursor: z.string(),
  at: instantSchema,
  kind: z.string(),
  subjectType: z.enum(subjectTypes),
  subjectId: z.string(),
  project: z.string().nullable(),
  flowRunId: z.string().nullable(),
  actor: z.string().nullable(),
  data: jsonObjectSchema,
});

/** See {@link eventSchema}. */
export type HistoryEvent = z.infer<typeof eventSchema>;
