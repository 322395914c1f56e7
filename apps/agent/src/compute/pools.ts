import { availableParallelism, totalmem } from 'node:os';
import type { BatchOptions } from '@interpulse/adapters/batch/batch-system.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { urgencySchema } from '@interpulse/domain/job/urgency.ts';
import type { Launcher, PoolOffer } from '@interpulse/domain/site/site.ts';
import { fromMilliseconds, type Instant } from '@interpulse/domain/time.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import type { PoolConfig } from '../config/pool-config.ts';

/** What this machine has; it is the one node of batch system `local`. */
export interface Machine {
  cores: number;
  memoryBytes: number;
}

/** A pool with everything known: what the hub is told, and what its batch jobs ask for. */
export interface Pool {
  offer: PoolOffer;
  options: Omit<BatchOptions, 'endsBeforeAt'>;
}

/** The machine on which the agent runs. */
export function thisMachine(): Machine {
  return { cores: availableParallelism(), memoryBytes: totalmem() };
}

/** The pools of a compute role, by name, in the order of the configuration. */
export function readPools(config: ComputeConfig, machine: Machine): Map<string, Pool> {
  return new Map(config.pools.map((pool) => [pool.name, readPool(pool, config, machine)]));
}

function readPool(pool: PoolConfig, config: ComputeConfig, machine: Machine): Pool {
  const here = config.batch === 'local' ? machine : { cores: 1, memoryBytes: 0 };
  const node = {
    coresPerNode: pool.coresPerNode ?? config.cores ?? here.cores,
    gpusPerNode: pool.gpusPerNode ?? config.gpus ?? 0,
    memoryBytesPerNode: pool.memoryBytesPerNode ?? config.memoryBytes ?? here.memoryBytes,
  };
  const { name, queue, account, qos, reservation, constraint, directives, preemptable } = pool;
  const urgencies =
    pool.urgencies ?? (preemptable ? (['backfill'] as const) : urgencySchema.options);
  return {
    offer: {
      name,
      queue,
      account,
      urgencies: [...urgencies],
      preemptable,
      ...node,
      settings: pool.settings,
    },
    options: {
      queue,
      account,
      qos,
      reservation,
      constraint,
      directives,
      ...node,
      // What a batch system takes for "all cores of a node".
      coresPerNode: pool.wholeNodes ? 0 : node.coresPerNode,
      requeue: preemptable,
      // A warning is of use only where nodes are taken; a pilot watches its own walltime.
      warnSeconds: preemptable ? Math.max(1, Math.ceil(config.graceSeconds)) : 0,
    },
  };
}

/** The pool of that name. @throws DomainError `invalid`, naming those that there are. */
export function findPool(pools: ReadonlyMap<string, Pool>, name: string): Pool {
  const pool = pools.get(name);
  if (pool !== undefined) return pool;
  const known = [...pools.keys()].join(', ');
  const said = `submitting a pilot: this site has no pool "${name}"`;
  throw new DomainError('invalid', `${said}, only ${known}; see "pools" in the agent's config`);
}

/** When the next maintenance begins; null when none is announced. */
export function nextMaintenanceAt(config: ComputeConfig, nowMs: number): Instant | null {
  const now = fromMilliseconds(nowMs);
  const starts = config.maintenance.map(({ startsAt }) => startsAt).filter((at) => at > now);
  return starts.toSorted()[0] ?? null;
}

/** What starts programs of several ranks; null when nothing does. */
export function launcherOf({ batch, launcher }: ComputeConfig): Launcher | null {
  if (launcher !== undefined) return launcher;
  return batch === 'slurm' ? 'srun' : batch === 'pbs' ? 'mpiexec' : null;
}
