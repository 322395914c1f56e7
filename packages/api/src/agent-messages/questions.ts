import { z } from 'zod';
import { idSchema } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { locationSchema } from '@interpulse/domain/location.ts';
import { folderEntrySchema } from '../routes/sites.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { errorKinds } from '@interpulse/domain/error.ts';

/** What the hub asks an agent on behalf of someone who looks; answered within a named time. */
export const questionSchema = z.discriminatedUnion('ask', [
  z.strictObject({
    ask: z.literal('listFolder'),
    location: locationSchema,
    /** Only names like this, with `*` and `?`; hidden ones where it begins with a dot. */
    pattern: z.string().max(200).optional(),
    /** At most so many entries, by name. */
    limit: z.number().int().min(1).max(limits.folderEntries).optional(),
  }),
  /** What is at a place, links followed inside the collection. */
  z.strictObject({ ask: z.literal('lookAt'), location: locationSchema }),
  /** Makes a folder with those above it, unless it is there. */
  z.strictObject({ ask: z.literal('makeFolder'), location: locationSchema }),
  /**
   * Deletes files and folders, or only looks whether it would. A large folder takes several
   * questions: the answer says that there is more.
   */
  z.strictObject({
    ask: z.literal('deletePaths'),
    locations: z.array(locationSchema).min(1).max(limits.pathsPerDelete),
    recursive: z.boolean(),
    /** Else a place where nothing is makes the whole `notFound`. */
    ignoreMissing: z.boolean(),
    checkOnly: z.boolean(),
  }),
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
  z.strictObject({
    answer: z.literal('folder'),
    entries: z.array(folderEntrySchema),
    /** Entries that fit, also those that are not among the answer's. */
    total: z.number().int().min(0).optional(),
  }),
  /** Null where nothing is. */
  z.strictObject({ answer: z.literal('entry'), entry: folderEntrySchema.nullable() }),
  z.strictObject({ answer: z.literal('madeFolder'), isNew: z.boolean() }),
  z.strictObject({
    answer: z.literal('deleted'),
    files: z.number().int().min(0),
    folders: z.number().int().min(0),
    missing: z.number().int().min(0),
    /** There is more to delete: ask again. */
    hasMore: z.boolean(),
  }),
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
