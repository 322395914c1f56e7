import { z } from 'zod';
import { previewSchema } from '@interpulse/domain/dataset/preview.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { runEventSchema } from '@interpulse/domain/instrument/run-event.ts';
import { jobOutputSchema, usageSchema } from '@interpulse/domain/job/job.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import {
  appPolicySchema,
  launcherSchema,
  nodeSchema,
  poolOfferSchema,
} from '@interpulse/domain/site/site.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { transferredFileSchema } from '@interpulse/domain/transfer/transfer.ts';

/** What an agent says of one pilot. */
export const pilotReportSchema = z.strictObject({
  pilotId: idSchema('pilot'),
  /** `submitted` again with another reason while it waits, and when it was `preempted`. */
  event: z.enum(['submitted', 'running', 'preempted', 'ended', 'lost']),
  at: instantSchema,
  batchJobId: z.string().nullable(),
  host: z.string().nullable(),
  /** Its nodes; empty until it runs. */
  nodes: z.array(nodeSchema),
  /** When the batch system expects to start it; null when it does not say. */
  expectedAt: instantSchema.nullable(),
  /** When its walltime is over; null until it runs. */
  endsAt: instantSchema.nullable(),
  /** Why it waits or how it ended, in the words of the batch system. */
  reason: z.string().nullable(),
});

/** See {@link pilotReportSchema}. */
export type PilotReport = z.infer<typeof pilotReportSchema>;

/** What a pilot says of one attempt; fenced by pilot and attempt. */
export const jobReportSchema = z.strictObject({
  jobId: idSchema('job'),
  attempt: z.number().int().min(1),
  pilotId: idSchema('pilot'),
  /**
   * `timedOut`: it ran longer than its walltime and was ended; `preempted`: the batch system took
   * the nodes; `released`: it was not begun and goes back.
   */
  event: z.enum([
    'started',
    'completed',
    'failed',
    'canceled',
    'timedOut',
    'preempted',
    'released',
  ]),
  at: instantSchema,
  /** When its process began; also in the word of its end, which may come without the other. */
  startedAt: instantSchema.nullable(),
  host: z.string(),
  hosts: z.array(z.string()),
  user: z.string().nullable(),
  pid: z.number().int().nullable(),
  /** As it was run; empty in the word of an end whose start was told. */
  argv: z.array(z.string()),
  appDigest: z.string().nullable(),
  versions: z.record(z.string(), z.string()),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** Why it failed, in a sentence; null otherwise. */
  reason: z.string().nullable(),
  usage: usageSchema.nullable(),
  outputs: z.array(jobOutputSchema),
  /** The content of the output named `preview`, when there is one and it is small enough. */
  preview: previewSchema.nullable(),
  stderrTail: z
    .string()
    .max(limits.errorTailBytes * 2)
    .nullable(),
});

/** See {@link jobReportSchema}. */
export type JobReport = z.infer<typeof jobReportSchema>;

/** What an agent says of a transfer; fenced by attempt. The receiving side reports its end. */
export const transferReportSchema = z.strictObject({
  transferId: idSchema('transfer'),
  attempt: z.number().int().min(1),
  event: z.enum(['progress', 'succeeded', 'failed']),
  at: instantSchema,
  bytesDone: z.number().int().min(0),
  bytesTotal: z.number().int().min(0).nullable(),
  filesDone: z.number().int().min(0),
  /** The first files (at most 1,000) of a transfer that ended. */
  files: z.array(transferredFileSchema).max(1000),
  /** Why it failed, in a sentence; null otherwise. */
  reason: z.string().nullable(),
  /** Whether another attempt may succeed. */
  retryable: z.boolean(),
});

/** See {@link transferReportSchema}. */
export type TransferReport = z.infer<typeof transferReportSchema>;

/** What an instrument role offers. */
export const instrumentOfferSchema = z.strictObject({
  name: nameSchema,
  title: z.string(),
  collection: nameSchema,
  /** Whose it is: members may tell of its runs. */
  project: nameSchema.default('facility'),
  /** The folder for answers, `collection:/path`. */
  returnTo: z.string(),
  periodSeconds: z.number().positive().nullable(),
});

/** Everything that an agent is and does: said first on every new incarnation of its session. */
export const agentStateSchema = z.strictObject({
  type: z.literal('agentState'),
  version: z.string(),
  host: z.string(),
  pid: z.number().int(),
  compute: z
    .strictObject({
      batch: z.string(),
      scratchCollection: nameSchema,
      allowsCommands: z.boolean(),
      apps: appPolicySchema,
      labels: z.array(nameSchema).max(100),
      launcher: launcherSchema.nullable(),
      pools: z.array(poolOfferSchema).min(1).max(100),
    })
    .nullable(),
  collections: z.array(
    z.strictObject({
      name: nameSchema,
      title: z.string(),
      writable: z.boolean(),
      /** Whose it is, by the word of the site's staff; else everybody's. */
      project: nameSchema.optional(),
    }),
  ),
  /** Where other agents reach its byte channel; null when nobody can. */
  channel: z
    .strictObject({ host: z.string(), port: z.number().int(), fingerprint: z.string().nullable() })
    .nullable(),
  instruments: z.array(instrumentOfferSchema),
  /** Pilots that it knows to be alive (submitted or running). */
  pilots: z.array(pilotReportSchema),
  /** Attempts that its pilots hold. */
  tasks: z.array(
    z.strictObject({
      jobId: idSchema('job'),
      attempt: z.number().int(),
      pilotId: idSchema('pilot'),
    }),
  ),
  /** Transfers that it is working on, or of whose files it has parts. */
  transfers: z.array(
    z.strictObject({ transferId: idSchema('transfer'), attempt: z.number().int() }),
  ),
});

/** See {@link agentStateSchema}. */
export type AgentState = z.infer<typeof agentStateSchema>;

/** A file of an instrument was closed. */
export const fileFinishedSchema = z.strictObject({
  type: z.literal('fileFinished'),
  instrument: nameSchema,
  /** Path within the instrument's collection, with a leading `/`. */
  path: z.string().startsWith('/'),
  sizeBytes: z.number().int().min(0),
  modifiedAt: instantSchema,
  /** When the agent knew that it was whole. */
  closedAt: instantSchema,
  shotNumber: z.number().int().nullable(),
  metadata: jsonObjectSchema,
  /**
   * What is in a folder that is told as one, whose path ends with `/`; absent for a file; empty
   * for a folder of too many to name.
   */
  files: z
    .array(
      z.strictObject({
        path: z.string().startsWith('/'),
        sizeBytes: z.number().int().min(0),
        modifiedAt: instantSchema,
      }),
    )
    .optional(),
});

/** See {@link fileFinishedSchema}. */
export type FileFinished = z.infer<typeof fileFinishedSchema>;

/** A file of an instrument has content and is not closed yet; only its newest size counts. */
export const fileGrowingSchema = z.strictObject({
  type: z.literal('fileGrowing'),
  instrument: nameSchema,
  /** Path within the instrument's collection, with a leading `/`. */
  path: z.string().startsWith('/'),
  sizeBytes: z.number().int().min(1),
  modifiedAt: instantSchema,
  seenAt: instantSchema,
  /** Where the name says it. */
  shotNumber: z.number().int().nullable(),
  /** Frames of its series of images that can be read already; 0 while none can. */
  frames: z.number().int().min(0).default(0),
});

/** See {@link fileGrowingSchema}. */
export type FileGrowing = z.infer<typeof fileGrowingSchema>;

/** A shot was taken, and when the next one is due. */
export const shotTakenSchema = z.strictObject({
  type: z.literal('shotTaken'),
  instrument: nameSchema,
  shotNumber: z.number().int(),
  takenAt: instantSchema,
  nextShotAt: instantSchema.nullable(),
});

/** See {@link shotTakenSchema}. */
export type ShotTaken = z.infer<typeof shotTakenSchema>;

/** What a control system said of a run; see `runEventSchema`. */
export const runEventMessageSchema = runEventSchema.extend({
  type: z.literal('runEvent'),
  instrument: nameSchema,
});

/** See {@link runEventMessageSchema}. */
export type RunEventMessage = z.infer<typeof runEventMessageSchema>;

/** Every message from an agent to the hub. */
export const agentToHubSchema = z.discriminatedUnion('type', [
  agentStateSchema,
  z.strictObject({ type: z.literal('pilotReports'), reports: z.array(pilotReportSchema) }),
  z.strictObject({ type: z.literal('jobReports'), reports: z.array(jobReportSchema) }),
  z.strictObject({ type: z.literal('transferReports'), reports: z.array(transferReportSchema) }),
  fileFinishedSchema,
  fileGrowingSchema,
  shotTakenSchema,
  runEventMessageSchema,
]);

/** See {@link agentToHubSchema}. */
export type AgentToHub = z.infer<typeof agentToHubSchema>;
