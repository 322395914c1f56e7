import type { JsonTrail } from '../../json.ts';
import type { FlowPeople } from '../../flow-run/flow-run.ts';
import type { ActionState } from '../states/action-state.ts';

/** Whom a flow's actions run as, beside who started it. */
export type FlowAccounts = Pick<FlowPeople, 'serviceAccount' | 'roles'>;

/** The account that an action runs as and that the flow has not, with what to do. */
export function accountNeeds(
  { RunAs: runAs = 'User' }: ActionState,
  loc: JsonTrail,
  { serviceAccount, roles }: FlowAccounts,
): { kind: 'accounts'; id: string; loc: JsonTrail; msg: string }[] {
  const isKnown = runAs === 'Flow' ? serviceAccount !== null : Object.hasOwn(roles, runAs);
  if (runAs === 'User' || isKnown) return [];
  const msg =
    runAs === 'Flow'
      ? 'the flow acts as itself and has no service account: give it one with --account NAME'
      : `the role "${runAs}" has no service account: --role "${runAs}=NAME"`;
  return [{ kind: 'accounts', id: runAs, loc: [...loc, 'RunAs'], msg }];
}
