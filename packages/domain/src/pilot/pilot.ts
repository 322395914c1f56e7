import { z } from 'zod';
import { idSchema } from '../id.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';

/**
 * A pilot's life.
 *
 *     wanted ──▶ submitted ──▶ running ──▶ ended
 *        └───────────┴────────────┴──────▶ lost
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
  batchJobId: z.string().nullable(),
  host: z.string().nullable(),
  cores: z.number().int().min(0),
  walltimeSeconds: z.number().int().min(0),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endsAt: instantSchema.nullable(),
  idleSinceAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
});

/** See {@link pilotSchema}. */
export type Pilot = z.infer<typeof pilotSchema>;
