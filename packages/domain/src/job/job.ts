import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../json.ts';
import {
  appSchema,
  commandSchema,
  commandWordSchema,
  environmentSchema,
  resourcesSchema,
  retryRuleSchema,
} from '../app/app.ts';
import { idSchema } from '../id.ts';
import { limits } from '../limits.ts';
import { locationSchema, nameSchema } from '../location.ts';
import { withoutDefaults } from '../without-defaults.ts';
import { instantSchema } from '../time.ts';
import { jobStates } from './job-state.ts';
import { urgencySchema } from './urgency.ts';

/** Where a job may run: anywhere, at the named sites, or at those with a label. */
export const siteWishSchema = z.union([
  z.literal('any'),
  nameSchema,
  z.array(nameSchema).min(1).max(100),
  z.strictObject({ label: nameSchema }),
]);

/** See {@link siteWishSchema}. */
export type SiteWish = z.infer<typeof siteWishSchema>;

/** How a site is chosen among those that can take a job. */
export const placementStrategySchema = z.enum(['earliestFinish', 'shortestBacklog', 'roundRobin']);

/** See {@link placementStrategySchema}. */
export type PlacementStrategy = z.infer<typeof placementStrategySchema>;

/** What becomes of a job when one that it depends on fails or is canceled. */
export const onParentFailureSchema = z.enum(['fail', 'run']);

/** What a person or a flow asks for: an app by name, or a plain command. */
export const jobRequestSchema = z
  .strictObject({
    app: nameSchema.optional(),
    /** A plain command, where the site allows it. */
    command: commandSchema.optional(),
    label: z.string().max(limits.nameLength).default(''),
    site: siteWishSchema.default('any'),
    parameters: jsonObjectSchema.default({}),
    /** Input files by parameter name. */
    inputs: z.record(nameSchema, locationSchema).default({}),
    /** Outputs of a plain command; an app has its own. */
    outputs: appSchema.shape.outputs,
    environment: environmentSchema.default({}),
    resources: withoutDefaults(resourcesSchema).default({}),
    urgency: urgencySchema.default('normal'),
    /** Among jobs of one urgency: the greater goes first. */
    priority: z.number().int().min(-100).max(100).default(0),
    deadlineAt: instantSchema.nullable().default(null),
    /** Jobs that must end first: their ids, or their places (from 0) in the same request. */
    parents: z
      .array(z.union([idSchema('job'), z.number().int().min(0)]))
      .max(1000)
      .default([]),
    onParentFailure: onParentFailureSchema.default('fail'),
    /** Default: as the hub is set, `earliestFinish` when it is not. */
    placement: placementStrategySchema.nullable().default(null),
    /** A folder to which the outputs are brought before the job counts as completed. */
    returnTo: locationSchema.nullable().default(null),
    /** Runs only in pools that charge this account of the site. */
    allocation: nameSchema.nullable().default(null),
    /** Instead of the app's rules. */
    onError: retryRuleSchema.optional(),
    onTimeout: retryRuleSchema.optional(),
    restartable: z.boolean().optional(),
    mayUseHub: z.boolean().optional(),
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
  /** Hexadecimal, of the file's bytes; null for a folder, or one too large to be read again. */
  sha256: z.string().nullable(),
  /** What is in the small JSON file that is the output `result`; flows read it as its value. */
  value: jsonSchema.optional(),
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
  ensembleId: idSchema('ensemble').nullable(),
  /** The job that submitted it with its own token. */
  createdByJobId: idSchema('job').nullable(),
  parents: z.array(idSchema('job')),
  onParentFailure: onParentFailureSchema,
  site: siteWishSchema,
  placement: placementStrategySchema.nullable(),
  allocation: nameSchema.nullable(),
  returnTo: locationSchema.nullable(),
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
  /** Outputs that it declares: those of its app, and then its own. */
  outputRules: appSchema.shape.outputs.unwrap(),
  /** Its own, besides its app's. */
  environment: environmentSchema,
  resources: resourcesSchema,
  onError: retryRuleSchema,
  onTimeout: retryRuleSchema,
  restartable: z.boolean(),
  mayUseHub: z.boolean(),
  urgency: urgencySchema,
  priority: z.number().int(),
  deadlineAt: instantSchema.nullable(),
  tags: z.record(nameSchema, z.string()),
  exitCode: z.number().int().nullable(),
  usage: usageSchema.nullable(),
  /** Another attempt waits until then; null when nothing is waited for. */
  notBeforeAt: instantSchema.nullable(),
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
  /** All nodes that it had; `host` is the first. */
  hosts: z.array(z.string()),
  /** The account on that machine. */
  user: z.string().nullable(),
  pid: z.number().int().nullable(),
  argv: z.array(z.string()),
  /** SHA-256 of the app's code as it ran (`sha256:…`); null for a plain command. */
  appDigest: z.string().nullable(),
  /** Versions: `app`, `interpulse`, `node`, `os`. */
  versions: z.record(z.string(), z.string()),
  leasedAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
  /**
   * How it ended; null while it runs. `preempted`: the batch system took the nodes for other work;
   * `released`: the pilot gave it back before it began; `lost`: pilot or site is gone.
   */
  outcome: z
    .enum(['completed', 'failed', 'canceled', 'timedOut', 'preempted', 'released', 'lost'])
    .nullable(),
  usage: usageSchema.nullable(),
  reason: z.string().nullable(),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  stderrTail: z.string().nullable(),
});

/** See {@link jobAttemptSchema}. */
export type JobAttempt = z.infer<typeof jobAttemptSchema>;

/** Jobs that were submitted as one request under one label. */
export const ensembleSchema = z.strictObject({
  id: idSchema('ensemble'),
  label: z.string(),
  project: nameSchema,
  owner: z.string(),
  tags: z.record(nameSchema, z.string()),
  /** Jobs in it, and how many of them are in each state. */
  total: z.number().int().min(0),
  counts: z.partialRecord(z.enum(jobStates), z.number().int()),
  createdAt: instantSchema,
  /** When the last of them ended; null while one has not. */
  endedAt: instantSchema.nullable(),
});

/** See {@link ensembleSchema}. */
export type Ensemble = z.infer<typeof ensembleSchema>;
