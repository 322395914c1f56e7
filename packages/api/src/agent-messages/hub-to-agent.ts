import { z } from 'zod';
import { appSchema } from '@interpulse/domain/app/app.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { jobRequestSchema } from '@interpulse/domain/job/job.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { locationSchema } from '@interpulse/domain/location.ts';
import { transferItemSchema } from '@interpulse/domain/transfer/transfer.ts';

/** One attempt at a job, given to a pilot. The agent turns locations into paths. */
export const leaseSchema = z.strictObject({
  jobId: idSchema('job'),
  attempt: z.number().int().min(1),
  command: appSchema.shape.command,
  /** Values of the names in the command, besides those of inputs. */
  parameters: jsonObjectSchema,
  inputs: jobRequestSchema.shape.inputs,
  outputs: appSchema.shape.outputs,
  environment: jobRequestSchema.shape.environment,
  cores: z.number().int().min(1),
  walltimeSeconds: z.number().int().min(1),
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
  z.strictObject({ type: z.literal('transferOrders'), orders: z.array(transferOrderSchema) }),
  z.strictObject({
    type: z.literal('cancelTransfers'),
    transferIds: z.array(idSchema('transfer')),
  }),
]);

/** See {@link hubToAgentSchema}. */
export type HubToAgent = z.infer<typeof hubToAgentSchema>;
