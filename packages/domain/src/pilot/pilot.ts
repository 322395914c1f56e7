import { z } from 'zod';
import { idSchema } from '../id.ts';
import { nameSchema } from '../location.ts';
import { nodeSchema } from '../site/site.ts';
import { instantSchema } from '../time.ts';

/**
 * A pilot's life.
 *
 *     wanted ──▶ submitted ──▶ running ──▶ ended
 *        └───────────┴──▲─────────┼──────▶ lost
 *                       └─────────┘ preempted: queued again by the batch system
 *
 * Its id is the batch job's name, so a crash between submit and answer loses and doubles nothing.
 */
export const pilotStates = ['wanted', 'submitted', 'running', 'ended', 'lost'] as const;

/** One of {@link pilotStates}. */
export type PilotState = (typeof pilotStates)[number];

/** A batch job of ours that runs our jobs, many at a time. */
export const pilotSchema = z.strictObject({
  id: idSchema('pilot'),
  siteId: idSchema('site'),
  siteName: nameSchema,
  state: z.enum(pilotStates),
  reason: z.string().nullable(),
  /** The pool of its site that it belongs to. */
  pool: nameSchema,
  batchJobId: z.string().nullable(),
  /** Where its own process runs: the first of its nodes. */
  host: z.string().nullable(),
  /** Empty until it runs. */
  nodes: z.array(nodeSchema),
  /** Of all its nodes together; 0 until it runs. */
  cores: z.number().int().min(0),
  /** How often the batch system took its nodes and queued it again. */
  preemptions: z.number().int().min(0),
  walltimeSeconds: z.number().int().min(0),
  createdAt: instantSchema,
  /** When the batch system expects to start it; null when it does not say. */
  expectedAt: instantSchema.nullable(),
  startedAt: instantSchema.nullable(),
  endsAt: instantSchema.nullable(),
  idleSinceAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
});

/** See {@link pilotSchema}. */
export type Pilot = z.infer<typeof pilotSchema>;
