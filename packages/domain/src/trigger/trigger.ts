import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';
import { idSchema } from '../id.ts';
import { urgencySchema } from '../job/urgency.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';

/** When the answer is due: by the instrument's next shot, a number of seconds, or never. */
export const deadlineRuleSchema = z.union([
  z.literal('nextShot'),
  z.literal('none'),
  z.number().positive(),
]);

/** See {@link deadlineRuleSchema}. */
export type DeadlineRule = z.infer<typeof deadlineRuleSchema>;

/** What starts a flow when a file of an instrument is finished. */
export const triggerSchema = z.strictObject({
  id: idSchema('trigger'),
  name: nameSchema,
  enabled: z.boolean(),
  instrument: nameSchema,
  /** Which files: a pattern of the path within the collection, `*` within a name, `**` across. */
  pattern: z.string(),
  flowName: nameSchema,
  /** Constants that are added to the flow's input beside `file`, `dataset`, `returnTo`, `shot`. */
  input: jsonObjectSchema,
  deadline: deadlineRuleSchema,
  urgency: urgencySchema,
  project: nameSchema,
  /** The service account under which its flow runs run. */
  runAs: z.string(),
  createdAt: instantSchema,
});

/** See {@link triggerSchema}. */
export type Trigger = z.infer<typeof triggerSchema>;

/** A trigger as people send it. */
export const triggerRequestSchema = z.strictObject({
  enabled: z.boolean().default(true),
  instrument: nameSchema,
  pattern: z.string().min(1).max(1024).default('/**'),
  flowName: nameSchema,
  input: jsonObjectSchema.default({}),
  deadline: deadlineRuleSchema.default('nextShot'),
  urgency: urgencySchema.default('urgent'),
  project: nameSchema.optional(),
});
