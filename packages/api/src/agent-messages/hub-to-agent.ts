import { z } from 'zod';
import {
  appCodeSchema,
  appSchema,
  environmentSchema,
  resourcesSchema,
} from '@interpulse/domain/app/app.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { turnSchema } from '@interpulse/domain/job/compare-turns.ts';
import { jobRequestSchema } from '@interpulse/domain/job/job.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { locationSchema, nameSchema } from '@interpulse/domain/location.ts';
import { transferItemSchema } from '@interpulse/domain/transfer/transfer.ts';

/** One attempt at a job, given to a pilot. The agent turns locations into paths. */
export const leaseSchema = z.strictObject({
  jobId: idSchema('job'),
  attempt: z.number().int().min(1),
  /** The app's name and version; null for a plain command. */
  app: z.strictObject({ name: nameSchema, version: z.string() }).nullable(),
  /** What runs: the app's code at this site. The agent holds it against the site's policy. */
  code: appCodeSchema,
  /** Values of the names in the commands, besides those of inputs. */
  parameters: jsonObjectSchema,
  inputs: jobRequestSchema.shape.inputs,
  outputs: appSchema.shape.outputs,
  /** The job's own, besides the app's. */
  environment: environmentSchema,
  resources: resourcesSchema,
  /** It may start with less time left than it asks for. */
  restartable: z.boolean(),
  ...turnSchema.shape,
  /** Lets it submit and cancel jobs; null when it may not. Ends with the attempt. */
  token: z.string().nullable(),
  /** The attempt's own work directory; the agent makes it. */
  workFolder: locationSchema,
});

/** See {@link leaseSchema}. */
export type Lease = z.infer<typeof leaseSchema>;

/**
 * One side of a transfer. `copy`: both ends are here. `send` and `receive`: the other end is at
 * another agent; who has `peer` connects to it, who has none listens for the ticket.
 */
export const transferOrderSchema = z.strictObject({
  transferId: idSchema('transfer'),
  attempt: z.number().int().min(1),
  role: z.enum(['copy', 'send', 'receive', 'relay']),
  items: z.array(transferItemSchema),
  /** Whether the bytes are on disk when the end is told; inputs of jobs can be moved again. */
  durable: z.boolean(),
  /** Known to both ends and to nobody else; empty for `copy`. */
  secret: z.string(),
  peer: z
    .strictObject({ host: z.string(), port: z.number().int(), fingerprint: z.string().nullable() })
    .nullable(),
});

/** See {@link transferOrderSchema}. */
export type TransferOrder = z.infer<typeof transferOrderSchema>;

/** Every message from the hub to an agent. */
export const hubToAgentSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('pilotOrders'),
    submit: z.array(
      z.strictObject({
        pilotId: idSchema('pilot'),
        /** Which of the site's pools; its queue and options are the agent's own matter. */
        pool: nameSchema,
        nodes: z.number().int().min(1),
        walltimeSeconds: z.number().int().min(1),
      }),
    ),
    /** Pilots to end once their running tasks have. */
    release: z.array(idSchema('pilot')),
  }),
  z.strictObject({
    type: z.literal('leases'),
    pilotId: idSchema('pilot'),
    jobs: z.array(leaseSchema),
  }),
  z.strictObject({
    type: z.literal('cancelJobs'),
    jobs: z.array(
      z.strictObject({
        jobId: idSchema('job'),
        attempt: z.number().int(),
        pilotId: idSchema('pilot'),
      }),
    ),
  }),
  z.strictObject({
    /** Give these back, where they have not begun: another pilot has room for them now. */
    type: z.literal('returnJobs'),
    jobs: z.array(
      z.strictObject({
        jobId: idSchema('job'),
        attempt: z.number().int(),
        pilotId: idSchema('pilot'),
      }),
    ),
  }),
  z.strictObject({ type: z.literal('transferOrders'), orders: z.array(transferOrderSchema) }),
  z.strictObject({
    type: z.literal('cancelTransfers'),
    transferIds: z.array(idSchema('transfer')),
  }),
]);

/** See {@link hubToAgentSchema}. */
export type HubToAgent = z.infer<typeof hubToAgentSchema>;
