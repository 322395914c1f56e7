import type { Resources } from '@interpulse/domain/app/app.ts';

/** GPUs are counted in millionths, so that three thirds are one. */
export const wholeGpu = 1_000_000;

/** What a node has, or what is free of it. */
export interface NodeRoom {
  cores: number;
  /** Of each GPU, in millionths. */
  gpus: readonly number[];
  /** Infinite where nobody knows how much there is. */
  memoryBytes: number;
}

/** What a task holds of one node. */
export interface NodeSeat {
  /** Which of the pilot's nodes. */
  node: number;
  cores: number;
  /** Which GPUs, and how many millionths of each. */
  gpus: readonly { gpu: number; share: number }[];
  memoryBytes: number;
}

/** What a task asks of each of its nodes, and of how many. */
export type Demand = Pick<
  Resources,
  'nodes' | 'cores' | 'gpus' | 'memoryBytes' | 'walltimeSeconds'
>;

/** What is left of `room` without a seat. */
export function withoutSeat(room: NodeRoom, seat: NodeSeat): NodeRoom {
  return shifted(room, seat, -1);
}

/** What `room` becomes when a seat is given up. */
export function withSeat(room: NodeRoom, seat: NodeSeat): NodeRoom {
  return shifted(room, seat, 1);
}

function shifted(room: NodeRoom, seat: NodeSeat, sign: 1 | -1): NodeRoom {
  const gpus = [...room.gpus];
  for (const { gpu, share } of seat.gpus) gpus[gpu] = (gpus[gpu] ?? 0) + sign * share;
  return {
    cores: room.cores + sign * seat.cores,
    gpus,
    memoryBytes: room.memoryBytes + sign * seat.memoryBytes,
  };
}

/**
 * Finds room for a task: on the fullest node that has it, so that large tasks find room too. A task
 * of several nodes gets whole free ones. Null when there is none now.
 */
export function findSeats(
  free: readonly NodeRoom[],
  whole: readonly NodeRoom[],
  demand: Demand,
): NodeSeat[] | null {
  if (demand.nodes > 1) return findWholeNodes(free, whole, demand);
  let best: NodeSeat | null = null;
  for (const [node, room] of free.entries()) {
    if (room.cores < demand.cores || room.memoryBytes < demand.memoryBytes) continue;
    if (best !== null && room.cores >= (free[best.node]?.cores ?? 0)) continue;
    const gpus = findGpus(room.gpus, demand.gpus);
    if (gpus === null) continue;
    best = { node, cores: demand.cores, gpus, memoryBytes: demand.memoryBytes };
  }
  return best === null ? null : [best];
}

/** Whether a pilot with these nodes could ever run it. */
export function couldRun(whole: readonly NodeRoom[], demand: Demand): boolean {
  return findSeats(whole, whole, demand) !== null;
}

function findWholeNodes(
  free: readonly NodeRoom[],
  whole: readonly NodeRoom[],
  demand: Demand,
): NodeSeat[] | null {
  const seats: NodeSeat[] = [];
  for (const [node, room] of whole.entries()) {
    if (seats.length >= demand.nodes) break;
    const now = free[node];
    if (now === undefined || !isUnused(now, room)) continue;
    if (room.cores < demand.cores || room.memoryBytes < demand.memoryBytes) continue;
    if (findGpus(room.gpus, demand.gpus) === null) continue;
    const gpus = room.gpus.map((share, gpu) => ({ gpu, share }));
    const memoryBytes = Number.isFinite(room.memoryBytes) ? room.memoryBytes : 0;
    seats.push({ node, cores: room.cores, gpus, memoryBytes });
  }
  return seats.length === demand.nodes ? seats : null;
}

function isUnused(free: NodeRoom, whole: NodeRoom): boolean {
  return (
    free.cores === whole.cores &&
    free.memoryBytes === whole.memoryBytes &&
    free.gpus.every((share, gpu) => share === whole.gpus[gpu])
  );
}

/** Whole GPUs that nobody shares, or a part of the one that is used most already. */
function findGpus(free: readonly number[], gpus: number): NodeSeat['gpus'] | null {
  if (gpus === 0) return [];
  if (gpus >= 1) {
    const unused = free.flatMap((share, gpu) => (share === wholeGpu ? [{ gpu, share }] : []));
    return unused.length >= gpus ? unused.slice(0, gpus) : null;
  }
  // Rounded down: the shares of tasks that were meant to fill a GPU never come to more than one.
  const share = Math.max(1, Math.floor(gpus * wholeGpu + 1e-6));
  let best: number | null = null;
  for (const [gpu, left] of free.entries()) {
    if (left >= share && (best === null || left < (free[best] ?? 0))) best = gpu;
  }
  return best === null ? null : [{ gpu: best, share }];
}
