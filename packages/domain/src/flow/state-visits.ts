import { flowLimits } from './flow-limits.ts';
import { errorNames, StateError } from './state-error.ts';

/** Counts a visit in place. A state may be called `__proto__`. */
export function countVisit(visits: Record<string, number>, state: string): void {
  const before = Object.hasOwn(visits, state) ? (visits[state] ?? 0) : 0;
  const property = { enumerable: true, writable: true, configurable: true };
  Object.defineProperty(visits, state, { value: before + 1, ...property });
}

/** Throws a `StateError` when a branch, or the whole run, has visited too many states. */
export function checkVisits(inARow: number, inTheRun: number): void {
  const { stateVisits, stateVisitsInARow } = flowLimits;
  if (inARow > stateVisitsInARow) {
    const msg =
      `${stateVisitsInARow} states in a row without an Action or a Wait between; ` +
      'put a Wait in the loop';
    throw new StateError(errorNames.limit, msg);
  }
  if (inTheRun > stateVisits) {
    const msg = `more than ${stateVisits} states in one flow run`;
    throw new StateError(errorNames.limit, msg);
  }
}
