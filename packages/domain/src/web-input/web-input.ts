import { z } from 'zod';
import { idSchema } from '../id.ts';
import { jsonSchema } from '../json.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';
import { questionSchema } from './question.ts';
import { respondentsSchema } from './respondents.ts';

/** How a question stands: `closed` by a manager, or because its flow run is over. */
export const webInputStatuses = ['open', 'answered', 'expired', 'closed'] as const;

/** See {@link webInputStatuses}. */
export type WebInputStatus = (typeof webInputStatuses)[number];

/** A question to people, asked by a flow run. */
export const webInputSchema = z.strictObject({
  id: idSchema('webinput'),
  status: z.enum(webInputStatuses),
  flowRunId: idSchema('flowrun'),
  flowName: nameSchema,
  /** Label of the flow run. */
  label: z.string(),
  /** The state that asked. */
  stateName: z.string(),
  project: nameSchema,
  question: questionSchema,
  /** Null when the flow keeps them private. */
  respondents: respondentsSchema.nullable(),
  /** Whether who asks may answer it now. */
  mayAnswer: z.boolean(),
  /** Whether who asks may close it unanswered. */
  mayClose: z.boolean(),
  /** Whether the flow run stands still until it is answered. */
  awaited: z.boolean(),
  createdAt: instantSchema,
  expiresAt: instantSchema,
  /** When it was answered, expired or closed. */
  endedAt: instantSchema.nullable(),
  /** Who answered or closed it; null when nobody did. */
  endedBy: z.string().nullable(),
  /** The value of the chosen option, those of the chosen rows, or the form's object. */
  response: jsonSchema,
  /** What was said with the answer, or why it was closed. */
  comment: z.string(),
});

/** See {@link webInputSchema}. */
export type WebInput = z.infer<typeof webInputSchema>;
