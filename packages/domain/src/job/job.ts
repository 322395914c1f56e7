import { z } from 'zod';
import { jsonObjectSchema } from '../json.ts';
import { appSchema, commandWordSchema, resourcesSchema } from '../app/app.ts';
import { idSchema } from '../id.ts';
import { limits } from '../limits.ts';
import { locationSchema, nameSchema } from '../location.ts';
import { withoutDefaults } from '../without-defaults.ts';
import { instantSchema } from '../time.ts';
import { jobStates } from './job-state.ts';

/** How much it matters that work starts now. */
export const urgencySchema = z.enum(['urgent', 'normal', 'backfill']);

/** See {@link urgencySchema}. */
export type Urgency = z.infer<typeof urgencySchema>;

/** Where a job may run: anywhere, or at the named sites. */
export const siteWishSchema = z.union([z.literal('any'), nameSchema, z.array(nameSchema).min(1)]);

/** What a person or a flow asks for: an app by name, or a plain command. */
export const jobRequestSchema = z
  .strictObject({
    app: nameSchema.optional(),
    /** A plain command, where the site allows it. */
    command: z.array(commandWordSchema).min(1).max(256).optional(),
    label: z.string().max(limits.nameLength).default(''),
    site: siteWishSchema.default('any'),
    parameters: jsonObjectSchema.default({}),
    /** Input files by parameter name. */
    inputs: z.record(nameSchema, locationSchema).default({}),
    /** Outputs of a plain command; an app has its own. */
    outputs: appSchema.shape.outputs,
    environment: appSchema.shape.environment,
    resources: withoutDefaults(resourcesSchema).default({}),
    urgency: urgencySchema.default('normal'),
    deadlineAt: instantSchema.nullable().default(null),
    project: nameSchema.optional(),
    tags: z.record(nameSchema, z.string().max(200)).default({}),
  })
  .refine((job) => (job.app === undefined) !== (job.command === undefined), {
    message: 'give either "app" or "command"',
    path: ['app'],
  });

/** See {@link jobRequestSchema}. */
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** A file that an attempt left behind. */
export const jobOutputSchema = z.strictObject({
  name: nameSchema,
  location: locationSchema,
  sizeBytes: z.number().int().min(0),
});

/** See {@link jobOutputSchema}. */
export type JobOutput = z.infer<typeof jobOutputSchema>;

/** What an attempt used. */
export const usageSchema = z.strictObject({
  wallSeconds: z.number().min(0),
  cpuSeconds: z.number().min(0).nullable(),
  peakMemoryBytes: z.number().int().min(0).nullable(),
});

/** One execution of an app (or a plain command) on a site; the unit of work. */
export const jobSchema = z.strictObject({
  id: idSchema('job'),
  label: z.string(),
  app: nameSchema.nullable(),
  command: z.array(commandWordSchema),
  project: nameSchema,
  owner: z.string(),
  flowRunId: idSchema('flowrun').nullable(),
  site: siteWishSchema,
  siteId: idSchema('site').nullable(),
  siteName: nameSchema.nullable(),
  pilotId: idSchema('pilot').nullable(),
  /** Counts leases; only the current attempt's word counts. 0 before the first. */
  attempt: z.number().int().min(0),
  state: z.enum(jobStates),
  /** Why it waits or why it failed, in a sentence; null when there is nothing to say. */
  reason: z.string().nullable(),
  parameters: jsonObjectSchema,
  inputs: z.record(nameSchema, locationSchema),
  outputs: z.array(jobOutputSchema),
  resources: resourcesSchema,
  urgency: urgencySchema,
  deadlineAt: instantSchema.nullable(),
  tags: z.record(nameSchema, z.string()),
  exitCode: z.number().int().nullable(),
  usage: usageSchema.nullable(),
  createdAt: instantSchema,
  placedAt: instantSchema.nullable(),
  readyAt: instantSchema.nullable(),
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
  stateSinceAt: instantSchema,
});

/** See {@link jobSchema}. */
export type Job = z.infer<typeof jobSchema>;

/** One attempt at a job: who ran it where, and how it ended. */
export const jobAttemptSchema = z.strictObject({
  number: z.number().int().min(1),
  siteName: nameSchema,
  pilotId: idSchema('pilot').nullable(),
  host: z.string().nullable(),
  pid: z.number().int().nullable(),
  argv: z.array(z.string()),
  leasedAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
  /** `completed`, `failed`, `canceled`, `lost`, or null while it runs. */
  outcome: z.enum(['completed', 'failed', 'canceled', 'lost']).nullable(),
  reason: z.string().nullable(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  stderrTail: z.string().nullable(),
});

/** See {@link jobAttemptSchema}. */
export type JobAttempt = z.infer<typeof jobAttemptSchema>;
