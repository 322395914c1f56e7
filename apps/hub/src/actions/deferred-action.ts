import { externalAction } from '../providers/external-action.ts';
import type { Action, DeferredAction } from './action.ts';
import { allActions } from './all-actions.ts';

/** How rows of `action_runs` name actions at providers elsewhere. */
export const externalName = 'https';

/** The action by the name that its rows have; undefined when this hub has none. */
export function actionNamed(name: string): Action | undefined {
  if (name === externalName) return externalAction;
  return Object.hasOwn(allActions, name) ? allActions[name] : undefined;
}

/** The action that carries out a row of `action_runs`; undefined when this hub has none. */
export function deferredAction(name: string): DeferredAction | undefined {
  const action = actionNamed(name);
  return action?.deferred ? action : undefined;
}
