import { authorize } from './authorize.ts';
import type { Principal } from './principal.ts';

/**
 * Whether someone keeps a service account: makes its tokens, and lets flows act as it. Its
 * project's managers do, and the hub's administrators.
 */
export function keepsAccount(who: Principal, account: { project: string | null }): boolean {
  const { project } = account;
  if (project === null) return who.admin && who.jobId === null;
  return authorize(who, 'administer', { project, ownerId: null }) === 'allowed';
}
