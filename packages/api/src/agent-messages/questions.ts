import { z } from 'zod';
import { idSchema } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { locationSchema } from '@interpulse/domain/location.ts';
import { folderEntrySchema } from '../routes/sites.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { errorKinds } from '@interpulse/domain/error.ts';

/** What the hub asks an agent on behalf of someone who looks; answered within a named time. */
export const questionSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('listFolder'), location: locationSchema }),
  z.strictObject({
    ask: z.literal('readFile'),
    location: locationSchema,
    offsetBytes: z.number().int().min(0),
    maxBytes: z.number().int().max(limits.sessionChunkBytes),
  }),
  /** A piece of a small file, as the message's attachment; the last piece makes it appear. */
  z.strictObject({
    ask: z.literal('writeFile'),
    location: locationSchema,
    /** Pieces of one file have one name. */
    writeId: z.string().regex(/^[A-Za-z0-9]{8,64}$/),
    offsetBytes: z.number().int().min(0),
    sizeBytes: z.number().int().min(0).max(limits.sessionFileBytes),
  }),
  z.strictObject({
    ask: z.literal('jobLog'),
    jobId: idSchema('job'),
    workFolder: locationSchema,
    stream: z.enum(['stdout', 'stderr']),
    maxBytes: z.number().int().max(limits.logTailBytes),
    /** The bytes from here on, instead of the last ones. */
    afterBytes: z.number().int().min(0).nullable(),
    /** With `afterBytes`: the answer is held so long until there are any. */
    waitSeconds: z.number().min(0).max(limits.logWaitSeconds),
  }),
  z.strictObject({ ask: z.literal('hdf5Entity'), location: locationSchema, path: z.string() }),
  z.strictObject({ ask: z.literal('hdf5Attributes'), location: locationSchema, path: z.string() }),
  z.strictObject({
    ask: z.literal('hdf5Value'),
    location: locationSchema,
    path: z.string(),
    selection: z.string().nullable(),
    format: z.enum(['json', 'bin']),
  }),
]);

/** See {@link questionSchema}. */
export type Question = z.infer<typeof questionSchema>;

/**
 * An agent's answer; `sizeBytes` is that of the whole file; bytes travel beside it as the
 * message's attachment.
 */
export const answerSchema = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('folder'), entries: z.array(folderEntrySchema) }),
  z.strictObject({ answer: z.literal('bytes'), sizeBytes: z.number().int() }),
  z.strictObject({ answer: z.literal('json'), value: jsonObjectSchema }),
  z.strictObject({
    answer: z.literal('problem'),
    kind: z.enum(errorKinds),
    message: z.string(),
  }),
]);

/** See {@link answerSchema}. */
export type Answer = z.infer<typeof answerSchema>;
