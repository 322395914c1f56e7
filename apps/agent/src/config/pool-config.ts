import { z } from 'zod';
import { urgencySchema } from '@interpulse/domain/job/urgency.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { poolSettingsSchema } from '@interpulse/domain/site/site.ts';

/** A word for the batch system's command line or script: one line, and never read as an option. */
const schedulerWordSchema = z
  .string()
  .max(500)
  .regex(/^[^\s\0-][^\n\r\0]*$/, 'one line that does not begin with "-" or a blank');

const directiveSchema = z
  .string()
  .max(1000)
  .regex(/^[^\n\r\0]+$/, 'one line, as after "#SBATCH" or "#PBS"');

/** One pool as people write it; what is left out comes from the compute role. */
export const poolConfigSchema = z.strictObject({
  name: nameSchema.default('default'),
  /** Partition (Slurm) or queue (PBS); its default one when left out. */
  queue: schedulerWordSchema.nullable().default(null),
  account: schedulerWordSchema.nullable().default(null),
  qos: schedulerWordSchema.nullable().default(null),
  reservation: schedulerWordSchema.nullable().default(null),
  constraint: schedulerWordSchema.nullable().default(null),
  /** Further lines of the batch script, without `#SBATCH` or `#PBS`. */
  directives: z.array(directiveSchema).max(100).default([]),
  /** The classes of work that it takes; default: all, `backfill` only where it is preemptable. */
  urgencies: z.array(urgencySchema).min(1).optional(),
  /** Its pilots may lose their nodes to other people's work, and are queued again. */
  preemptable: z.boolean().default(false),
  /** Nodes are taken whole, whatever their cores. */
  wholeNodes: z.boolean().default(false),
  coresPerNode: z.number().int().min(1).max(4096).optional(),
  gpusPerNode: z.number().int().min(0).max(64).optional(),
  memoryBytesPerNode: z.number().int().min(0).optional(),
  /** What may be tuned from the hub, and the most that may be set there. */
  settings: poolSettingsSchema
    .prefault({})
    .refine(({ minWarm, maxPilots }) => minWarm <= maxPilots, {
      path: ['minWarm'],
      message: 'more pilots kept warm than "maxPilots" allows',
    }),
});

/** See {@link poolConfigSchema}. */
export type PoolConfig = z.infer<typeof poolConfigSchema>;
