import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';
import { idSchema } from '../id.ts';
import { limits } from '../limits.ts';
import { locationSchema, nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';

/** One file of a dataset's manifest. */
export const datasetFileSchema = z.strictObject({
  location: locationSchema,
  sizeBytes: z.number().int().min(0).nullable(),
  modifiedAt: instantSchema.nullable(),
  /** XXH3 (64 bits) in hex, taken while the bytes travelled; null before they did. */
  xxh3: z.string().nullable(),
});

/** See {@link datasetFileSchema}. */
export type DatasetFile = z.infer<typeof datasetFileSchema>;

/** What someone registers. */
export const datasetRequestSchema = z.strictObject({
  title: z.string().min(1).max(limits.nameLength),
  kind: z.enum(['raw', 'result']),
  files: z
    .array(datasetFileSchema.partial({ sizeBytes: true, modifiedAt: true, xxh3: true }))
    .min(1)
    .max(limits.datasetFiles),
  derivedFrom: z.array(idSchema('dataset')).max(1000).default([]),
  metadata: jsonObjectSchema.default({}),
  keywords: z.array(z.string().min(1).max(100)).max(100).default([]),
  project: nameSchema.optional(),
});

/** See {@link datasetRequestSchema}. */
export type DatasetRequest = z.infer<typeof datasetRequestSchema>;

/** Files with one meaning: a manifest, metadata, an owner, a provenance. */
export const datasetSchema = z.strictObject({
  id: idSchema('dataset'),
  title: z.string(),
  kind: z.enum(['raw', 'result']),
  project: nameSchema,
  owner: z.string(),
  instrument: nameSchema.nullable(),
  shotNumber: z.number().int().nullable(),
  flowRunId: idSchema('flowrun').nullable(),
  jobId: idSchema('job').nullable(),
  derivedFrom: z.array(idSchema('dataset')),
  metadata: jsonObjectSchema,
  keywords: z.array(z.string()),
  fileCount: z.number().int(),
  sizeBytes: z.number().int(),
  hasPreview: z.boolean(),
  createdAt: instantSchema,
});

/** See {@link datasetSchema}. */
export type Dataset = z.infer<typeof datasetSchema>;
