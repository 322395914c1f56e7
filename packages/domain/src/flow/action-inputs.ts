import { z } from 'zod';
import { appSchema, resourcesSchema } from '../app/app.ts';
import { idSchema } from '../id.ts';
import { jobOutputSchema, jobRequestSchema } from '../job/job.ts';
import { urgencySchema } from '../job/urgency.ts';
import { instantSchema } from '../time.ts';
import { withoutDefaults } from '../without-defaults.ts';
import { limits } from '../limits.ts';
import { locationSchema, nameSchema } from '../location.ts';

const labelSchema = z.string().max(limits.nameLength);

const asked = jobRequestSchema.shape;

/**
 * Input of `interpulse:compute`: a job that runs an app, its inputs staged to the chosen site. It
 * asks for what jobs ask for; only whom it belongs to and what it waits for are the flow's.
 */
export const computeInputSchema = z.strictObject({
  app: nameSchema,
  site: asked.site,
  /** Locations of input files by parameter name. */
  inputs: z.record(nameSchema, locationSchema).default({}),
  parameters: z.record(z.string(), z.json()).default({}),
  /** Files to keep beside those that the app declares. */
  outputs: appSchema.shape.outputs.removeDefault().optional(),
  resources: withoutDefaults(resourcesSchema).optional(),
  label: labelSchema.optional(),
  /** Else the flow run's. */
  urgency: urgencySchema.optional(),
  /** Else the flow run's; null for none. */
  deadlineAt: instantSchema.nullable().optional(),
  priority: asked.priority,
  environment: asked.environment,
  placement: asked.placement,
  allocation: asked.allocation,
  returnTo: asked.returnTo,
  tags: asked.tags,
  onError: asked.onError,
  onTimeout: asked.onTimeout,
  restartable: asked.restartable,
  mayUseHub: asked.mayUseHub,
});

/** Input of `interpulse:transfer`: files between collections, as one task. */
export const transferInputSchema = z.strictObject({
  items: z
    .array(
      z.strictObject({
        source: locationSchema,
        destination: locationSchema,
        recursive: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(limits.transferItems),
  label: labelSchema.optional(),
});

/** Input of `interpulse:ingest`: files with one meaning become a dataset. */
export const ingestInputSchema = z.strictObject({
  title: z.string().min(1).max(limits.nameLength),
  kind: z.enum(['raw', 'result']),
  files: z.array(locationSchema).min(1).max(limits.datasetFiles),
  /** Where the `preview.json` is that the portal draws. */
  preview: locationSchema.optional(),
  derivedFrom: z.array(idSchema('dataset')).max(1000).optional(),
  metadata: z.record(z.string(), z.json()).optional(),
  keywords: z.array(z.string().min(1).max(100)).max(100).optional(),
});

/** Inputs of the built-in actions by the NAME in `interpulse:NAME`. */
export const actionInputSchemas = {
  compute: computeInputSchema,
  transfer: transferInputSchema,
  ingest: ingestInputSchema,
} as const;

/** See {@link computeInputSchema}. */
export type ComputeInput = z.infer<typeof computeInputSchema>;
/** See {@link transferInputSchema}. */
export type TransferInput = z.infer<typeof transferInputSchema>;
/** See {@link ingestInputSchema}. */
export type IngestInput = z.infer<typeof ingestInputSchema>;

/** `details` of a compute action that succeeded. */
export const computeDetailsSchema = z.strictObject({
  jobId: idSchema('job'),
  siteId: idSchema('site'),
  siteName: nameSchema,
  attempt: z.number().int().min(1),
  exitCode: z.number().int(),
  outputs: z.array(jobOutputSchema),
});

/** `details` of an ingest action that succeeded. */
export const ingestDetailsSchema = z.strictObject({ datasetId: idSchema('dataset') });
