import { DomainError } from '@interpulse/domain/error.ts';
import {
  deleteLimit,
  readLimitUses,
  saveLimit,
  type LimitKey,
} from '@interpulse/store/sites/limits.ts';
import { topics } from '../../hub.ts';
import { demand, hubThing, type Handlers } from '../handler.ts';
import { noteEvent } from '../note-event.ts';

/** Limits of placing, by project, site and app. */
export const limitHandlers: Handlers<'listLimits' | 'saveLimit' | 'removeLimit'> = {
  async listLimits(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of limits');
    return { items: await readLimitUses(hub.db) };
  },

  async saveLimit({ body }, call) {
    const { hub, who } = call;
    demand(who, 'administer', hubThing, 'list of limits');
    if (body.maxJobs === null && body.maxCores === null) {
      const msg = 'give "maxJobs", "maxCores" or both; a limit is taken away with DELETE';
      throw new DomainError('invalid', msg, {
        faults: [{ loc: ['maxJobs'], msg, type: 'missing' }],
      });
    }
    await hub.transaction(async (tx) => {
      await saveLimit(tx, body);
      const fact = { kind: 'limit.saved', subjectType: 'limit' as const, subjectId: nameOf(body) };
      await noteEvent(call, tx, { ...fact, data: { ...body } });
      tx.notify([topics.queuedJobs]);
    });
    return body;
  },

  async removeLimit({ query }, call) {
    const { hub, who } = call;
    demand(who, 'administer', hubThing, 'list of limits');
    const { project = null, site = null, app = null } = query;
    const key = { project, site, app };
    await hub.transaction(async (tx) => {
      if (!(await deleteLimit(tx, key))) {
        throw new DomainError('notFound', `there is no limit for ${nameOf(key)}`);
      }
      const fact = { kind: 'limit.removed', subjectType: 'limit' as const, subjectId: nameOf(key) };
      await noteEvent(call, tx, { ...fact, data: key });
      tx.notify([topics.queuedJobs]);
    });
    return undefined;
  },
};

function nameOf({ project, site, app }: LimitKey): string {
  const named = Object.entries({ project, site, app }).filter(([, name]) => name !== null);
  return named.length === 0 ? 'everything' : named.map(([what, name]) => `${what} ${name}`).join();
}
