import { z } from 'zod';
import { idSchema } from '../id.ts';
import { limits } from '../limits.ts';
import { locationSchema, nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';
import { transferStates } from './transfer-state.ts';

/** One file or folder to move: both ends are locations. */
export const transferItemSchema = z.strictObject({
  source: locationSchema,
  destination: locationSchema,
  recursive: z.boolean().default(false),
});

/** See {@link transferItemSchema}. */
export type TransferItem = z.infer<typeof transferItemSchema>;

/** Files to move between two collections, as one task. */
export const transferRequestSchema = z.strictObject({
  items: z.array(transferItemSchema).min(1).max(limits.transferItems),
  label: z.string().max(limits.nameLength).default(''),
  project: nameSchema.optional(),
  deadlineAt: instantSchema.nullable().default(null),
});

/** See {@link transferRequestSchema}. */
export type TransferRequest = z.infer<typeof transferRequestSchema>;

/** One file of a finished transfer, with the checksum taken while its bytes travelled. */
export const transferredFileSchema = z.strictObject({
  /** Within the destination's collection, with a leading `/`. */
  path: z.string(),
  /** Where it came from, `collection:/path`. */
  source: z.string().optional(),
  sizeBytes: z.number().int().min(0),
  /** XXH3, 64 bits, as 16 lower-case hex digits; empty when its bytes were not read. */
  xxh3: z.string(),
  status: z.enum(['copied', 'unchanged', 'skipped', 'failed']),
  reason: z.string().optional(),
});

/** See {@link transferredFileSchema}. */
export type TransferredFile = z.infer<typeof transferredFileSchema>;

/** Moving files between two collections. */
export const transferSchema = z.strictObject({
  id: idSchema('transfer'),
  label: z.string(),
  project: nameSchema,
  owner: z.string(),
  jobId: idSchema('job').nullable(),
  flowRunId: idSchema('flowrun').nullable(),
  source: nameSchema,
  destination: nameSchema,
  items: z.array(transferItemSchema),
  state: z.enum(transferStates),
  reason: z.string().nullable(),
  attempt: z.number().int().min(0),
  bytesDone: z.number().int().min(0),
  /** Null until the source has looked. */
  bytesTotal: z.number().int().min(0).nullable(),
  filesDone: z.number().int().min(0),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
});

/** See {@link transferSchema}. */
export type Transfer = z.infer<typeof transferSchema>;
