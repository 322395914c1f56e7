import { pilotLimits } from '../pilot-limits.ts';
import {
  findSeats,
  withoutSeat,
  withSeat,
  type Demand,
  type NodeRoom,
  type NodeSeat,
} from './node-room.ts';

/** What packing sees of a task that waits. */
export interface WaitingTask {
  resources: Demand;
  /** It may begin with less time left than it asks for. */
  restartable: boolean;
}

/** What packing sees of a task that runs. */
export interface BusyTask {
  seats: readonly NodeSeat[];
  /** Seconds from now after which its walltime ends it. */
  leftSeconds: number;
}

/** What a pilot has. */
export interface PilotRoom {
  /** Each node, empty. */
  nodes: readonly NodeRoom[];
  /** Seconds from now within which everything must have ended. */
  leftSeconds: number;
}

/** Which of the waiting tasks begin now, and where. */
export interface TaskChoice {
  /** By places in the queue, ascending. */
  begin: { place: number; seats: NodeSeat[] }[];
  /** Places of tasks that would not end in the time that is left, whatever ends before. */
  tooLate: number[];
}

/** What is kept for the first task that has to wait. */
interface Reservation {
  inSeconds: number;
  /** What is free then besides what it needs. */
  spare: NodeRoom[];
}

/**
 * Packs tasks on nodes in the order of the queue. When the first one has to wait, a later one
 * may pass it only where that cannot delay it: it ends before the first one can begin, or uses what
 * that one leaves over. So small tasks never starve a large one.
 */
export function chooseTasks(
  waiting: readonly WaitingTask[],
  busy: readonly BusyTask[],
  room: PilotRoom,
): TaskChoice {
  const free = [...room.nodes];
  for (const { seats } of busy) take(free, seats);
  const choice: TaskChoice = { begin: [], tooLate: [] };
  const going = [...busy];
  let reservation: Reservation | null = null;
  let looked = 0;
  for (const [place, { resources, restartable }] of waiting.entries()) {
    if (reservation !== null && (looked += 1) > pilotLimits.passingTasks) break;
    if (resources.walltimeSeconds > room.leftSeconds && !restartable) {
      choice.tooLate.push(place);
      continue;
    }
    // A full pilot is the usual case, and nothing passes on it.
    if (reservation !== null && !free.some(({ cores }) => cores > 0)) break;
    const fits = reservation !== null && resources.walltimeSeconds > reservation.inSeconds;
    const seats = findSeats(fits ? lesser(free, reservation) : free, room.nodes, resources);
    if (seats === null) {
      reservation ??= reserve(free, going, room.nodes, resources);
      continue;
    }
    if (fits && reservation !== null) take(reservation.spare, seats);
    take(free, seats);
    going.push({ seats, leftSeconds: resources.walltimeSeconds });
    choice.begin.push({ place, seats });
  }
  return choice;
}

function take(rooms: NodeRoom[], seats: readonly NodeSeat[]): void {
  for (const seat of seats) {
    const room = rooms[seat.node];
    if (room !== undefined) rooms[seat.node] = withoutSeat(room, seat);
  }
}

/** When there is room for a task at the latest, and what is free besides it then. */
function reserve(
  free: readonly NodeRoom[],
  busy: readonly BusyTask[],
  nodes: readonly NodeRoom[],
  demand: Demand,
): Reservation {
  const later = [...free];
  for (const { seats, leftSeconds } of busy.toSorted((a, b) => a.leftSeconds - b.leftSeconds)) {
    for (const seat of seats) {
      const room = later[seat.node];
      if (room !== undefined) later[seat.node] = withSeat(room, seat);
    }
    const found = findSeats(later, nodes, demand);
    if (found === null) continue;
    take(later, found);
    return { inSeconds: leftSeconds, spare: later };
  }
  // Nodes are missing for now: nothing can be kept for it.
  return { inSeconds: 0, spare: later };
}

/** What is free now and then. */
function lesser(free: readonly NodeRoom[], reservation: Reservation | null): NodeRoom[] {
  return free.map((now, node) => {
    const then = reservation?.spare[node] ?? now;
    return {
      cores: Math.min(now.cores, then.cores),
      gpus: now.gpus.map((share, gpu) => Math.min(share, then.gpus[gpu] ?? 0)),
      memoryBytes: Math.min(now.memoryBytes, then.memoryBytes),
    };
  });
}
