import type { DeferredAction } from './action.ts';
import { allActions } from './all-actions.ts';

/** The action that carries out a row of `action_runs`; undefined when this hub has none. */
export function deferredAction(name: string): DeferredAction | undefined {
  const action = Object.hasOwn(allActions, name) ? allActions[name] : undefined;
  return action?.deferred ? action : undefined;
}
