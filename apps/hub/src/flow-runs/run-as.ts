import { authorize } from '@interpulse/domain/access/authorize.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { findPrincipalNamed } from '@interpulse/store/access/access.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import { findFlow } from '@interpulse/store/flows/flows.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/** For whom an action is carried out: its effects are theirs, and their rights are asked. */
export type Actor = { ownerId: string; project: string } | { refusal: string };

/**
 * Finds for whom an action of a flow run is carried out, as the state's `RunAs` says: who started
 * the run (`User`), the flow's service account (`Flow`), or the account of a role.
 */
export async function actorOf(
  { kept }: Pick<Hub, 'kept'>,
  tx: HubTransaction,
  run: Pick<LockedFlowRun, 'ownerId' | 'project' | 'flowName'>,
  runAs: string,
): Promise<Actor> {
  if (runAs === 'User') {
    const who = (await kept.principals.get(tx, [run.ownerId])).get(run.ownerId);
    if (who === undefined) return { refusal: 'who started the flow run is no longer known' };
    if (mayRunIn(who, run.project)) return { ownerId: who.id, project: run.project };
    const message = `${who.name} may not run anything in project ${run.project}`;
    return { refusal: `${message}; become a member, or let the state run as the flow` };
  }
  const flow = await findFlow(tx, run.flowName);
  const name = runAs === 'Flow' ? flow?.serviceAccount : accountOf(flow?.roles, runAs);
  if (flow === undefined || name === null || name === undefined) {
    const lacks = runAs === 'Flow' ? 'has no service account' : `has no role "${runAs}"`;
    return { refusal: `flow ${run.flowName} ${lacks}` };
  }
  const account = await findPrincipalNamed(tx, name);
  if (account === undefined) return { refusal: `the service account ${name} is gone` };
  for (const project of [run.project, flow.project]) {
    if (mayRunIn(account, project)) return { ownerId: account.id, project };
  }
  const where = [...new Set([run.project, flow.project])].join(' or ');
  return { refusal: `${name} may not run anything in project ${where}; make it a member` };
}

function mayRunIn(who: Principal, project: string): boolean {
  return authorize(who, 'run', { project, ownerId: null }) === 'allowed';
}

function accountOf(roles: Record<string, string> | undefined, role: string): string | undefined {
  return roles !== undefined && Object.hasOwn(roles, role) ? roles[role] : undefined;
}
