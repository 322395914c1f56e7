import { pilotLimits } from './pilot-limits.ts';

/** What packing sees of a task that waits. */
export interface WaitingTask {
  cores: number;
  walltimeSeconds: number;
}

/** What packing sees of a task that runs. */
export interface BusyTask {
  cores: number;
  /** Seconds from now after which its walltime ends it. */
  leftSeconds: number;
}

/** What a pilot has. */
export interface PilotRoom {
  cores: number;
  /** Seconds from now within which everything must have ended. */
  leftSeconds: number;
}

/** Which of the waiting tasks begin now. */
export interface TaskChoice {
  /** Places in the queue, ascending. */
  begin: number[];
  /** Some task waits that would not end in the time that is left, whatever ends before. */
  tooLate: boolean;
}

/**
 * Packs tasks on cores in the order in which they came. When the first one has to wait for cores,
 * a later one may pass it only where that cannot delay it: it ends before the cores are free, or
 * uses cores that the first one leaves over. So small tasks never starve a large one.
 */
export function chooseTasks(
  waiting: readonly WaitingTask[],
  busy: readonly BusyTask[],
  room: PilotRoom,
): TaskChoice {
  let free = room.cores - sumCores(busy);
  const begin: number[] = [];
  const going = [...busy];
  let tooLate = false;
  let head: { freeInSeconds: number; spareCores: number } | null = null;
  let looked = 0;
  for (const [place, task] of waiting.entries()) {
    if (free <= 0) break;
    if (head !== null && (looked += 1) > pilotLimits.passingTasks) break;
    if (task.walltimeSeconds > room.leftSeconds) {
      tooLate = true;
      continue;
    }
    if (task.cores > free) {
      head ??= whenFree(task.cores, going, room.cores);
      continue;
    }
    if (head !== null && task.walltimeSeconds > head.freeInSeconds) {
      if (task.cores > head.spareCores) continue;
      head.spareCores -= task.cores;
    }
    begin.push(place);
    going.push({ cores: task.cores, leftSeconds: task.walltimeSeconds });
    free -= task.cores;
  }
  return { begin, tooLate };
}

/** When `cores` will be free at the latest, and how many more besides. */
function whenFree(
  cores: number,
  busy: readonly BusyTask[],
  allCores: number,
): { freeInSeconds: number; spareCores: number } {
  let free = allCores - sumCores(busy);
  for (const task of busy.toSorted((a, b) => a.leftSeconds - b.leftSeconds)) {
    free += task.cores;
    if (free >= cores) return { freeInSeconds: task.leftSeconds, spareCores: free - cores };
  }
  return { freeInSeconds: 0, spareCores: 0 };
}

function sumCores(tasks: readonly { cores: number }[]): number {
  return tasks.reduce((sum, task) => sum + task.cores, 0);
}
