import {
  foreignAction,
  type ForeignAction,
  type ForeignMapping,
} from '@interpulse/domain/flow/import/foreign-mapping.ts';
import { isRegistered } from '@interpulse/domain/flow/states/action-state.ts';
import { allActions } from '../actions/all-actions.ts';
import { externalName } from '../actions/deferred-action.ts';

/** What a definition's address stands for. */
export interface ChosenAction {
  /** For `actionNamed`; null when it stands for nothing here. */
  name: string | null;
  /** The action of ours that stands in for one of Globus', whose input must be adapted. */
  foreign: ForeignAction | null;
}

/** The action that an address stands for: ours, ours for one of Globus', or one elsewhere. */
export function chooseAction(provider: string, mapping: ForeignMapping): ChosenAction {
  const foreign = foreignAction(provider, mapping);
  if (foreign !== null) return { name: actionName(foreign), foreign };
  if (/^https?:\/\//.test(provider)) return { name: externalName, foreign };
  const name = actionName(provider);
  return { name: name === provider ? null : name, foreign };
}

/** NAME of `interpulse:NAME`; everything else as it is. */
export function actionName(provider: string): string {
  return provider.replace(/^interpulse:/, '');
}

/** Why an address stands for nothing here, and what to write instead. */
export function refuseAction(provider: string): string {
  if (isRegistered(provider)) {
    return (
      `${provider} is a registered API, which exists at Globus only; name the address of an ` +
      'action provider, or an action of this hub, or map it in mapping.actions'
    );
  }
  const built = Object.keys(allActions).map((known) => `interpulse:${known}`);
  return `${provider} is not an action here; use ${built.join(', ')}`;
}
