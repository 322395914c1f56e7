import { z } from 'zod';
import { idSchema } from '../id.ts';
import { limits } from '../limits.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';

/** How many pilots a site keeps, and for how long. */
export const poolSchema = z.strictObject({
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
});

/** See {@link poolSchema}. */
export type Pool = z.infer<typeof poolSchema>;

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
  /** Cores of one node of the compute role; 0 without one. */
  coresPerNode: z.number().int().min(0),
  batch: z.string().nullable(),
  /** The collection in which jobs have their work directories. */
  scratchCollection: nameSchema.nullable(),
  collections: z.array(nameSchema),
  allowsCommands: z.boolean(),
  pool: poolSchema,
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
  title: z.string(),
});

/** See {@link collectionSchema}. */
export type Collection = z.infer<typeof collectionSchema>;
