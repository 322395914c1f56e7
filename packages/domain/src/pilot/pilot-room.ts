import { secondsBetween, type Instant } from '../time.ts';
import type { JobsWaiting, PilotSeen, PoolNeeds } from './pilot-needs.ts';

/** What is free on one node. */
interface NodeRoom {
  cores: number;
  gpus: number;
  memoryBytes: number;
}

/** What is free in one pilot, or would be in one that is submitted. */
export interface PilotRoom {
  /** Null for one that is not submitted yet. */
  pilot: PilotSeen | null;
  nodes: NodeRoom[];
  secondsLeft: number;
  /** Whether work was put there while planning. */
  isUsed: boolean;
}

type Pool = PoolNeeds['pool'];

/** The room of an empty pilot. */
export function emptyRoom(pool: Pool, nodes: number, secondsLeft: number): PilotRoom {
  const each = {
    cores: pool.coresPerNode,
    gpus: pool.gpusPerNode,
    memoryBytes: pool.memoryBytesPerNode > 0 ? pool.memoryBytesPerNode : Infinity,
  };
  const rooms = Array.from({ length: nodes }, () => ({ ...each }));
  return { pilot: null, nodes: rooms, secondsLeft, isUsed: false };
}

/** What a pilot has room for. `queuedSeconds`: the walltime of one that does not run yet. */
export function roomOf(
  pool: Pool,
  pilot: PilotSeen,
  { now, queuedSeconds }: { now: Instant; queuedSeconds: number },
): PilotRoom {
  const secondsLeft = pilot.endsAt === null ? queuedSeconds : secondsBetween(now, pilot.endsAt);
  const room = emptyRoom(pool, pilot.nodes, secondsLeft);
  let { busyCores, busyGpus, busyMemoryBytes } = pilot;
  // Where on its nodes a pilot runs things is its own affair: they count as packed.
  for (const node of room.nodes) {
    const cores = Math.min(node.cores, busyCores);
    const gpus = Math.min(node.gpus, busyGpus);
    const memoryBytes = Math.min(node.memoryBytes, busyMemoryBytes);
    node.cores -= cores;
    node.gpus -= gpus;
    node.memoryBytes -= memoryBytes;
    busyCores -= cores;
    busyGpus -= gpus;
    busyMemoryBytes -= memoryBytes;
  }
  return { ...room, pilot };
}

/** Puts up to `count` jobs into the room; answers how many it holds. */
export function pack(room: PilotRoom, work: Omit<JobsWaiting, 'count'>, count: number): number {
  const { resources, restartable } = work;
  if (!restartable && resources.walltimeSeconds > room.secondsLeft) return 0;
  const packed =
    resources.nodes === 1 ? packOnNodes(room, work, count) : packAcrossNodes(room, work, count);
  if (packed > 0) room.isUsed = true;
  return packed;
}

type Work = Pick<JobsWaiting, 'resources'>;

function packOnNodes(room: PilotRoom, { resources }: Work, count: number): number {
  let left = count;
  for (const node of room.nodes) {
    if (left === 0) break;
    const holds = Math.min(left, fits(node, resources));
    take(node, resources, holds);
    left -= holds;
  }
  return count - left;
}

function packAcrossNodes(room: PilotRoom, { resources }: Work, count: number): number {
  let packed = 0;
  while (packed < count) {
    const nodes = room.nodes.filter((node) => fits(node, resources) > 0);
    if (nodes.length < resources.nodes) break;
    for (const node of nodes.slice(0, resources.nodes)) take(node, resources, 1);
    packed += 1;
  }
  return packed;
}

/** Shares of a GPU add up with rounding. */
const dust = 1e-9;

function fits(node: NodeRoom, { cores, gpus, memoryBytes }: Work['resources']): number {
  const byGpus = gpus > 0 ? Math.floor(node.gpus / gpus + dust) : Infinity;
  const byMemory = memoryBytes > 0 ? Math.floor(node.memoryBytes / memoryBytes) : Infinity;
  return Math.max(0, Math.min(Math.floor(node.cores / cores), byGpus, byMemory));
}

function take(node: NodeRoom, { cores, gpus, memoryBytes }: Work['resources'], jobs: number): void {
  node.cores -= cores * jobs;
  node.gpus -= gpus * jobs;
  node.memoryBytes -= memoryBytes * jobs;
}
