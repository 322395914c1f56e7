import { z } from 'zod';
import { idSchema } from '../id.ts';
import { nameSchema } from '../location.ts';
import { instantSchema } from '../time.ts';

/** Where the time from a shot to the end of its flow run goes, in the order of a usual shot. */
export const timingPieces = [
  /** The shot is taken; its file is still written. */
  'recording',
  /** The file is whole; the hub has not heard of it. */
  'noticing',
  /** The hub has heard of it; the flow run has not begun (rate limit, trigger of a later event). */
  'starting',
  /** Files travel to where they are needed. */
  'transferring',
  /** A job waits: for a site, a pilot, its turn. */
  'waiting',
  /** A job runs. */
  'running',
  /** Results are put into the catalog. */
  'publishing',
  /** Results travel back. */
  'returning',
  /** Other actions: those of other providers, mail. */
  'acting',
  /** The flow waits by its own will: a Wait state, a person's answer. */
  'pausing',
  /** The flow itself: what lies between its steps, and between the parts of one. */
  'overhead',
] as const;

/** See {@link timingPieces}. */
export type TimingPiece = (typeof timingPieces)[number];

/** Seconds by piece; they make up the whole. */
export const pieceSecondsSchema = z.record(z.enum(timingPieces), z.number().min(0));

/** See {@link pieceSecondsSchema}. */
export type PieceSeconds = z.infer<typeof pieceSecondsSchema>;

/** What became of a shot's answer. */
export const shotOutcomeSchema = z.enum(['hit', 'late', 'failed', 'pending', 'none']);

/** How one shot stood to its budget, and where the time went. */
export const shotTimingSchema = z.strictObject({
  number: z.number().int(),
  takenAt: instantSchema,
  flowRunId: idSchema('flowrun').nullable(),
  /** `hit`: answered in time, or answered with no deadline; `none`: no flow run took it up. */
  outcome: shotOutcomeSchema,
  /** From the shot to its deadline; null without one. */
  budgetSeconds: z.number().nullable(),
  /** From the shot to its answer; null while there is none. */
  answerSeconds: z.number().nullable(),
  /** By how much the answer came after the deadline; below 0 when it was in time. */
  lateSeconds: z.number().nullable(),
  /** From the shot to the end of its flow run; null until it has ended. */
  wholeSeconds: z.number().nullable(),
  /** Parts of `wholeSeconds`. */
  pieces: pieceSecondsSchema.nullable(),
});

/** See {@link shotTimingSchema}. */
export type ShotTiming = z.infer<typeof shotTimingSchema>;

/** How the last shots of an instrument stood to their budget. */
export const instrumentTimingSchema = z.strictObject({
  instrument: nameSchema,
  /** Seconds that an answer may take: of the newest shot with a deadline, else the period. */
  budgetSeconds: z.number().nullable(),
  /** Shots by what became of them. */
  counts: z.record(shotOutcomeSchema, z.number().int()),
  /** How late the late ones were: half of them less. */
  medianLateSeconds: z.number().nullable(),
  /** Of the shots whose flow run ended well, piece by piece; the shares make up 1. */
  typical: z.array(
    z.strictObject({
      piece: z.enum(timingPieces),
      medianSeconds: z.number(),
      /** Nine of ten took less. */
      p90Seconds: z.number(),
      share: z.number(),
    }),
  ),
  /** Newest first. */
  shots: z.array(shotTimingSchema),
});

/** See {@link instrumentTimingSchema}. */
export type InstrumentTiming = z.infer<typeof instrumentTimingSchema>;
