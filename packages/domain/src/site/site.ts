import { z } from 'zod';
import { idSchema } from '../id.ts';
import { urgencySchema } from '../job/urgency.ts';
import { limits } from '../limits.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';

/** One node, or the part of it that is ours. */
export const nodeSchema = z.strictObject({
  host: z.string(),
  cores: z.number().int().min(1),
  gpus: z.number().int().min(0),
  /** 0 when nobody knows. */
  memoryBytes: z.number().int().min(0),
});

/** See {@link nodeSchema}. */
export type Node = z.infer<typeof nodeSchema>;

/** What may be tuned of a pool, within what the site offers. */
export const poolSettingsSchema = z.strictObject({
  /** Pilots kept warm although nothing waits. */
  minWarm: z.number().int().min(0).max(1000).default(1),
  maxPilots: z.number().int().min(0).max(10_000).default(1),
  /** Nodes of one pilot. */
  nodesPerPilot: z.number().int().min(1).max(10_000).default(1),
  walltimeSeconds: z
    .number()
    .int()
    .min(60)
    .max(30 * 86_400)
    .default(8 * 3600),
  /** A pilot above `minWarm` leaves after this long without work. */
  idleSeconds: z.number().int().min(1).default(300),
  /** No pilots are started. */
  paused: z.boolean().default(false),
});

/** See {@link poolSettingsSchema}. */
export type PoolSettings = z.infer<typeof poolSettingsSchema>;

/**
 * Pilots of one kind at a site: one queue, one account, one shape of node. The site's staff declare
 * it in the agent's configuration; its settings there are the most that may be set from the hub.
 */
export const poolOfferSchema = z.strictObject({
  name: nameSchema,
  /** Queue or partition of the batch system; null for its default. */
  queue: z.string().nullable(),
  /** The account that is charged; jobs with an `allocation` run only where it is the same. */
  account: z.string().nullable(),
  /** The classes of work that it takes. */
  urgencies: z.array(urgencySchema).min(1),
  /** Its pilots may be killed for other people's work: they are requeued by the batch system. */
  preemptable: z.boolean(),
  coresPerNode: z.number().int().min(1),
  gpusPerNode: z.number().int().min(0),
  /** 0 when nobody knows. */
  memoryBytesPerNode: z.number().int().min(0),
  settings: poolSettingsSchema,
});

/** See {@link poolOfferSchema}. */
export type PoolOffer = z.infer<typeof poolOfferSchema>;

/** A pool as it is now. */
export const poolSchema = poolOfferSchema.extend({
  /** The most that the site allows. */
  limits: poolSettingsSchema,
  /** Why it has as many pilots as it has, in a sentence. */
  reason: z.string().nullable(),
  /** From submission to the first word of a pilot, as seen; null before the first. */
  queueWaitSeconds: z.number().min(0).nullable(),
  counts: z.strictObject({
    /** Pilots that were wanted or submitted and do not run yet. */
    pilotsWaiting: z.number().int(),
    pilotsRunning: z.number().int(),
    nodes: z.number().int(),
    coresBusy: z.number().int(),
    coresTotal: z.number().int(),
    gpusBusy: z.number(),
    gpusTotal: z.number().int(),
  }),
});

/** See {@link poolSchema}. */
export type Pool = z.infer<typeof poolSchema>;

/** A time in which a site takes no work. */
export const maintenanceSchema = z.strictObject({
  id: idSchema('maintenance'),
  startsAt: instantSchema,
  endsAt: instantSchema,
  reason: z.string().max(500),
});

/** See {@link maintenanceSchema}. */
export type Maintenance = z.infer<typeof maintenanceSchema>;

/**
 * Which apps a site runs. `templates`: those that carry no text for a shell, and besides the listed
 * digests; `all`: any; `listed`: the listed digests only.
 */
export const appPolicySchema = z.strictObject({
  allow: z.enum(['templates', 'all', 'listed']).default('templates'),
  digests: z
    .array(z.string().regex(/^sha256:[0-9a-f]{64}$/))
    .max(10_000)
    .default([]),
});

/** See {@link appPolicySchema}. */
export type AppPolicy = z.infer<typeof appPolicySchema>;

/** What starts programs of several ranks or nodes at a site. */
export const launcherSchema = z.enum(['srun', 'mpiexec']);

/** See {@link launcherSchema}. */
export type Launcher = z.infer<typeof launcherSchema>;

/** `up` takes work; `silent` has not been heard of; `closed` by its staff. */
export const siteStatusSchema = z.enum(['up', 'silent', 'closed']);

/** A place of a facility where one agent runs, and what it offers. */
export const siteSchema = z.strictObject({
  id: idSchema('site'),
  name: nameSchema,
  title: z.string().max(limits.nameLength),
  agentId: idSchema('agent').nullable(),
  status: siteStatusSchema,
  /** Why it is not up, in a sentence. */
  statusReason: z.string().nullable(),
  seenAt: instantSchema.nullable(),
  roles: z.array(z.enum(['compute', 'storage', 'instrument', 'stream'])),
  /** What jobs may ask for with `{"label": …}`. */
  labels: z.array(nameSchema),
  /** Cores of the largest node of its pools; 0 without a compute role. */
  coresPerNode: z.number().int().min(0),
  batch: z.string().nullable(),
  /** The collection in which jobs have their work directories. */
  scratchCollection: nameSchema.nullable(),
  collections: z.array(nameSchema),
  allowsCommands: z.boolean(),
  apps: appPolicySchema,
  /** How it starts programs of several ranks; null when it cannot. */
  launcher: launcherSchema.nullable(),
  pools: z.array(poolSchema),
  /** Windows that have not ended. */
  maintenance: z.array(maintenanceSchema),
  /** Work is placed elsewhere until then: it failed here for the site's own reasons. */
  restingUntil: instantSchema.nullable(),
  counts: z.strictObject({
    queued: z.number().int(),
    ready: z.number().int(),
    active: z.number().int(),
    pilots: z.number().int(),
    coresBusy: z.number().int(),
    coresTotal: z.number().int(),
  }),
});

/** See {@link siteSchema}. */
export type Site = z.infer<typeof siteSchema>;

/** A storage root with a name, at one agent. */
export const collectionSchema = z.strictObject({
  name: nameSchema,
  siteName: nameSchema,
  agentId: idSchema('agent'),
  writable: z.boolean(),
  /** Whose it is: others neither read nor write there; null for everybody's. */
  project: nameSchema.nullable(),
  title: z.string(),
});

/** See {@link collectionSchema}. */
export type Collection = z.infer<typeof collectionSchema>;

/**
 * The most that may be placed and not ended at a time. What is null is not looked at: with only a
 * site it limits everything at that site; with project and app, that app of that project anywhere.
 */
export const placementLimitSchema = z.strictObject({
  project: nameSchema.nullable().default(null),
  site: nameSchema.nullable().default(null),
  app: nameSchema.nullable().default(null),
  maxJobs: z.number().int().min(0).nullable().default(null),
  /** Cores of all nodes together. */
  maxCores: z.number().int().min(0).nullable().default(null),
});

/** See {@link placementLimitSchema}. */
export type PlacementLimit = z.infer<typeof placementLimitSchema>;

/** How a site was used, at one instant. */
export const siteSampleSchema = z.strictObject({
  at: instantSchema,
  coresBusy: z.number().int(),
  coresTotal: z.number().int(),
  jobsReady: z.number().int(),
  jobsActive: z.number().int(),
  pilots: z.number().int(),
});

/** See {@link siteSampleSchema}. */
export type SiteSample = z.infer<typeof siteSampleSchema>;
