import { readFileSync } from 'node:fs';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { z } from 'zod';
import { expandHosts } from '@interpulse/domain/site/expand-hosts.ts';
import type { PilotNode } from './pilot-node.ts';

const givenNodesSchema = z
  .array(
    z.strictObject({
      host: z.string().min(1),
      cores: z.number().int().min(1),
      /** How many, or the ids that programs know them by. */
      gpus: z.union([z.number().int().min(0), z.array(z.string())]).default(0),
      memoryBytes: z.number().int().min(0).default(0),
    }),
  )
  .min(1);

/** What the agent says of each node; null where the batch system's word counts. */
export interface NodeShape {
  cores: number | null;
  gpus: number | null;
  memoryBytes: number | null;
}

/**
 * The nodes of a pilot, its own first: as given in `INTERPULSE_NODES`, else as Slurm or PBS tell
 * its batch job, else the machine it runs on. Of each it takes no more than `shape` says.
 *
 * @throws Error when `INTERPULSE_NODES` is no list of nodes, or a node file cannot be read.
 */
export function readNodes(environment: NodeJS.ProcessEnv, shape: NodeShape): PilotNode[] {
  const given = environment['INTERPULSE_NODES'];
  if (given !== undefined && given !== '') return ownFirst(parseNodes(given), hostname());
  const own = environment['SLURMD_NODENAME'] ?? hostname();
  const hosts = hostsOf(environment) ?? [own];
  const cores = coresOf(environment, hosts.length);
  const ids = gpuIdsOf(environment);
  const nodes = hosts.map((host, place) => ({
    host,
    cores: atMost(shape.cores, cores[place] ?? null) ?? availableParallelism(),
    gpuIds: shape.gpus === null ? ids : firstIds(ids, shape.gpus),
    memoryBytes: atMost(shape.memoryBytes || null, memoryOf(environment, hosts.length)) ?? 0,
  }));
  return ownFirst(nodes, own);
}

function parseNodes(text: string): PilotNode[] {
  return givenNodesSchema.parse(JSON.parse(text)).map(({ gpus, ...node }) => ({
    ...node,
    gpuIds: typeof gpus === 'number' ? firstIds([], gpus) : gpus,
  }));
}

function hostsOf(environment: NodeJS.ProcessEnv): string[] | null {
  const { SLURM_JOB_NODELIST: list, PBS_NODEFILE: file } = environment;
  if (list !== undefined && list !== '') return expandHosts(list);
  if (file === undefined || file === '') return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))];
}

/** Cores of each node. Slurm writes `8(x2),4` for 8, 8, 4. */
function coresOf(environment: NodeJS.ProcessEnv, nodes: number): number[] {
  const { SLURM_JOB_CPUS_PER_NODE: runs, SLURM_CPUS_ON_NODE: own, NCPUS: pbs } = environment;
  if (runs !== undefined && runs !== '') {
    return runs.split(',').flatMap((run) => {
      const { cores = '1', times = '1' } =
        /^(?<cores>\d+)(?:\(x(?<times>\d+)\))?$/.exec(run)?.groups ?? {};
      return Array.from({ length: Number(times) }, () => Number(cores));
    });
  }
  const each = Number(own ?? pbs ?? Number.NaN);
  return Number.isInteger(each) && each > 0 ? Array.from({ length: nodes }, () => each) : [];
}

/** The first that is set: what a program in this batch job would see itself. */
const gpuVariables = [
  'CUDA_VISIBLE_DEVICES',
  'ROCR_VISIBLE_DEVICES',
  'ZE_AFFINITY_MASK',
  'SLURM_STEP_GPUS',
  'SLURM_JOB_GPUS',
];

function gpuIdsOf(environment: NodeJS.ProcessEnv): string[] {
  for (const name of gpuVariables) {
    const ids = (environment[name] ?? '').split(',').filter((id) => id.trim() !== '');
    if (ids.length > 0 && ids[0] !== 'NoDevFiles') return ids;
  }
  const count = Number(environment['SLURM_GPUS_ON_NODE'] ?? 0);
  return firstIds([], Number.isInteger(count) ? count : 0);
}

/** So many ids: those that are known, and numbers when there are none. */
function firstIds(ids: readonly string[], count: number): string[] {
  if (ids.length > 0) return ids.slice(0, count);
  return Array.from({ length: count }, (_, place) => String(place));
}

/** Memory of each node; null when nobody says. A machine of our own says it itself. */
function memoryOf(environment: NodeJS.ProcessEnv, nodes: number): number | null {
  const megabytes = Number(environment['SLURM_MEM_PER_NODE'] ?? Number.NaN);
  if (megabytes > 0) return megabytes * 1024 ** 2;
  if (nodes > 1 || environment['SLURM_JOB_ID'] !== undefined) return null;
  const granted = process.constrainedMemory();
  return granted > 0 ? Math.min(granted, totalmem()) : totalmem();
}

function atMost(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

/** Names of one machine may be long and short ones. */
function ownFirst(nodes: readonly PilotNode[], own: string): PilotNode[] {
  const short = (host: string): string => host.split('.')[0] ?? host;
  const isOwn = ({ host }: PilotNode): boolean => short(host) === short(own);
  const first = nodes.find(isOwn) ?? nodes[0];
  return nodes.toSorted((a, b) => Number(b === first) - Number(a === first));
}
