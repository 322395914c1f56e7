import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { listPilots } from '@interpulse/store/pilots/pilots.ts';
import {
  bindAgentToSite,
  insertOneTimeCode,
  insertSecret,
  takeOneTimeCode,
} from '@interpulse/store/access/secrets.ts';
import { hashSecret, makeSecret } from '../../secret.ts';
import { demand, hubThing, page, type Handlers } from '../handler.ts';

/** Agents, how they enrol, and the pilots that they start. */
export const agentHandlers: Handlers<'createEnrolmentCode' | 'enrolAgent' | 'listPilots'> = {
  async createEnrolmentCode({ body }, { hub, who }) {
    demand(who, 'administer', hubThing, 'list of sites');
    const code = makeSecret('enrol');
    const expiresAt = addSeconds(hub.now(), limits.oneTimeCodeSeconds);
    const kept = { hash: hashSecret(code), purpose: 'enrol' as const, userId: null, expiresAt };
    await insertOneTimeCode(hub.db, { ...kept, siteName: body.site }, hub.now());
    return { code, expiresAt };
  },

  async enrolAgent({ body }, { hub }) {
    const now = hub.now();
    const secret = makeSecret('ipa');
    const agentId = hub.newId('agent');
    const site = await hub.transaction(async (tx) => {
      const taken = await takeOneTimeCode(tx, hashSecret(body.code), 'enrol', now);
      if (!taken?.siteName) {
        const message =
          'the code is unknown, used or too old; `interpulse site add` makes a new one';
        throw new DomainError('unauthenticated', message);
      }
      const id = hub.newId('site');
      await bindAgentToSite(tx, { id, name: taken.siteName, agentId, createdAt: now });
      await insertSecret(tx, {
        id: hub.newId('token'),
        kind: 'agent',
        userId: null,
        agentId,
        label: taken.siteName,
        hash: hashSecret(secret),
        createdAt: now,
        expiresAt: null,
      });
      return taken.siteName;
    });
    return { agentId, site, secret };
  },

  async listPilots({ query }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of pilots');
    const { site, alive, cursor, limit } = query;
    const rows = await listPilots(hub.db, { site, alive, before: cursor, limit: limit + 1 });
    return page(rows, limit, (pilot) => pilot.id);
  },
};
