import { compareTurns, type Turn } from '@interpulse/domain/job/compare-turns.ts';

/** Puts what came into a queue that is kept in order: behind whatever has its turn with it. */
export function insertInTurn<T extends Turn>(queue: T[], one: T): void {
  const last = queue.at(-1);
  // Usually it came in its turn.
  if (last === undefined || compareTurns(last, one) <= 0) queue.push(one);
  else queue.splice(placeFor(queue, one), 0, one);
}

function placeFor(queue: readonly Turn[], one: Turn): number {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = queue[middle];
    if (there !== undefined && compareTurns(there, one) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
