import { z } from 'zod';
import { instantSchema } from '../time.ts';
import { noticeOccasions } from './notice-rule.ts';

/** One thing that is told, as it was when it happened. */
export const noticeSchema = z.strictObject({
  /** `test`: a person wants to see whether messages arrive. */
  occasion: z.enum([...noticeOccasions, 'test']),
  at: instantSchema,
  project: z.string().nullable(),
  flow: z.string().nullable(),
  flowRunId: z.string().nullable(),
  label: z.string(),
  trigger: z.string().nullable(),
  reason: z.string().nullable(),
  deadlineAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
  /** What a person is asked. */
  question: z.strictObject({ id: z.string(), title: z.string() }).nullable(),
});

/** See {@link noticeSchema}. */
export type Notice = z.infer<typeof noticeSchema>;
