import { z } from 'zod';
import { environmentSchema } from '@interpulse/domain/app/app.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { appPolicySchema, launcherSchema } from '@interpulse/domain/site/site.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { poolConfigSchema } from './pool-config.ts';

const schedulerSchema = z.strictObject({
  /** Where its commands are, when that is not on the agent's PATH. */
  commandFolder: z.string().min(1).nullable().default(null),
  /** For its commands: `SLURM_CONF`, `PBS_CONF_FILE`. */
  environment: environmentSchema.default({}),
});

const listenSchema = z.strictObject({
  host: z.string().default('0.0.0.0'),
  /** 0 for any free one, which stays the same for later agents in the same folder. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** Under which name compute nodes reach this host; default: its host name. */
  advertise: z.string().min(1).optional(),
});

/** As people write it; kept in UTC with milliseconds, as instants are. */
const announcedAtSchema = z.iso
  .datetime({ offset: true, error: 'write an instant with its zone: 2026-11-21T14:00:00Z' })
  .transform((at) => fromMilliseconds(Date.parse(at)));

const maintenanceSchema = z
  .strictObject({ startsAt: announcedAtSchema, endsAt: announcedAtSchema })
  .refine(({ startsAt, endsAt }) => startsAt < endsAt, {
    path: ['endsAt'],
    message: 'it ends before it starts',
  });

const fieldsSchema = z.strictObject({
  batch: z.enum(['local', 'slurm', 'pbs']).default('local'),
  scheduler: schedulerSchema.prefault({}),
  /** Cores of a node, where a pool does not say; default for `local`: all of this machine. */
  cores: z.number().int().min(1).max(4096).optional(),
  gpus: z.number().int().min(0).max(64).optional(),
  /** Memory of a node in bytes; default for `local`: all of this machine. */
  memoryBytes: z.number().int().min(0).optional(),
  pools: z.array(poolConfigSchema).min(1).max(100).prefault([{}]),
  scratchCollection: nameSchema,
  allowsCommands: z.boolean().default(false),
  /** Which apps may run here. */
  apps: appPolicySchema.prefault({}),
  /** What jobs may ask for with `{"label": …}`. */
  labels: z.array(nameSchema).max(100).default([]),
  /** What starts programs of several ranks; default: `srun` for Slurm, `mpiexec` for PBS. */
  launcher: launcherSchema.nullable().optional(),
  /** Folders put in front of the PATH of jobs. */
  appsPath: z.array(z.string().min(1)).default([]),
  /** More of the environment of jobs. */
  environment: environmentSchema.default({}),
  /** Announced by the centre: no pilot is submitted that would run into one. */
  maintenance: z.array(maintenanceSchema).max(100).default([]),
  /** From the warning that a pilot's nodes are taken to the kill: what its jobs have to save. */
  graceSeconds: z.number().min(0).max(3600).default(limits.killGraceSeconds),
  /** Of pilots and their program; compute nodes must see it. Default: below the agent's folder. */
  pilotFolder: z.string().min(1).optional(),
  /** Where pilots on other hosts reach the agent. Default for `local`: a Unix socket only. */
  listen: listenSchema.nullable().optional(),
});

type Fields = z.infer<typeof fieldsSchema>;

/** The compute role: batch system, pools, and what may run. */
export const computeConfigSchema = fieldsSchema.superRefine((compute, context) => {
  const fault = (path: PropertyKey[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  const names = compute.pools.map(({ name }) => name);
  compute.pools.forEach((pool, index) => {
    const at = (...path: PropertyKey[]): PropertyKey[] => ['pools', index, ...path];
    if (names.indexOf(pool.name) < index) {
      fault(at('name'), `two pools are called "${pool.name}"`);
    }
    if (compute.batch === 'local') checkLocal(pool, (path, message) => fault(at(...path), message));
    else if (pool.coresPerNode === undefined && compute.cores === undefined) {
      const command = compute.batch === 'slurm' ? 'sinfo -o "%P %c %m %G"' : 'pbsnodes -a';
      fault(at('coresPerNode'), `say how many cores a node has; ${command} tells it`);
    }
  });
});

function checkLocal(
  pool: Fields['pools'][number],
  fault: (path: PropertyKey[], message: string) => void,
): void {
  const { settings, ...words } = pool;
  if (settings.nodesPerPilot > 1) {
    fault(['settings', 'nodesPerPilot'], 'with batch "local" there is one node, this machine');
  }
  for (const key of ['queue', 'account', 'qos', 'reservation', 'constraint'] as const) {
    if (words[key] !== null) fault([key], 'batch "local" has none; leave it out');
  }
}

/** See {@link computeConfigSchema}. */
export type ComputeConfig = z.infer<typeof computeConfigSchema>;
