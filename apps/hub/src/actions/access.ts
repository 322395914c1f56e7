import type { AccessInput } from '@interpulse/domain/flow/access-input.ts';
import { accessInputSchema } from '@interpulse/domain/flow/access-input.ts';
import { authorize } from '@interpulse/domain/access/authorize.ts';
import { refuseCollection } from '@interpulse/domain/access/refuse-collection.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import { findPrincipalNamed } from '@interpulse/store/access/access.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { findCollectionSite, type CollectionSite } from '@interpulse/store/sites/read-sites.ts';
import { demandCollections } from '../services/refuse-collections.ts';
import type { Action } from './action.ts';
import { endedAtOnce } from './ended-at-once.ts';

/**
 * `interpulse:access`: makes sure that somebody may read or write somewhere. It gives no rights: a
 * step that others rely on ends well where they have them, and says what is missing where not.
 */
export const access: Action = {
  deferred: false,

  async start(call) {
    const { tx, run, state, input } = call;
    const wanted = accessInputSchema.parse(input);
    const { location, grantee, may } = wanted;
    // Who has a role in a project is for those to know who have one.
    await demandCollections(tx, { project: run.project, by: run.ownerId }, 'read', [location]);
    const { collection: name } = parseLocation(location);
    const site = await findCollectionSite(tx, name);
    if (site === undefined) {
      return { kind: 'unable', reason: `${state}: there is no collection "${name}"` };
    }
    const reason = await whyNot(tx, wanted, { ...site, name });
    if (reason !== null) return { kind: 'unable', reason: `${state}: ${reason}` };
    const details = { location, grantee, may, project: site.project };
    return endedAtOnce(call, details, { displayStatus: `${grantee} may ${may} there` });
  },
};

async function whyNot(
  tx: Executor,
  { grantee, may }: AccessInput,
  site: CollectionSite & { name: string },
): Promise<string | null> {
  const { name, project, siteName } = site;
  if (may === 'write' && !site.writable) return `"${name}" is read-only at site ${siteName}`;
  const missing = `${grantee} may not ${may} in collection "${name}"`;
  const hint = `give a role in project ${project}: interpulse project add-member ${project} NAME`;
  if (!grantee.startsWith('user:')) {
    const isTheirs = project === null || grantee === `project:${project}`;
    return isTheirs ? null : `${missing}, which is project ${project}'s; ${hint}`;
  }
  const who = await findPrincipalNamed(tx, grantee.slice('user:'.length));
  if (who === undefined) return `there is no ${grantee}`;
  // What is everybody's is for those who have a role somewhere.
  if (authorize(who, 'run', { project: null, ownerId: null }) !== 'allowed') {
    return `${missing}: a role in a project is needed`;
  }
  const refused = refuseCollection({ project: null, who }, may, { name, project }) !== null;
  return refused ? `${missing}, which is project ${project}'s; ${hint}` : null;
}
