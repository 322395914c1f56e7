import { poolSchema } from '@interpulse/domain/site/site.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import type { siteRoutes } from '@interpulse/api/routes/sites.ts';
import { findApps, listApps, saveApp } from '@interpulse/store/apps/apps.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  findInstrument,
  listInstruments,
  listShots,
} from '@interpulse/store/instruments/instruments.ts';
import { listPilots } from '@interpulse/store/pilots/pilots.ts';
import {
  findSite,
  listCollections,
  listSites,
  updateSite,
} from '@interpulse/store/sites/read-sites.ts';
import {
  bindAgentToSite,
  insertOneTimeCode,
  insertSecret,
  takeOneTimeCode,
} from '@interpulse/store/access/secrets.ts';
import { topics } from '../../hub.ts';
import { hashSecret, makeSecret } from '../../secret.ts';
import { askAgent, askCollection } from '../../agents/ask-agent.ts';
import { demand, hubThing, page, type Handlers } from '../handler.ts';

/** Agents, sites, collections, apps and instruments. */
export const siteHandlers: Handlers<keyof typeof siteRoutes> = {
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
      const pool = poolSchema.parse({});
      const id = hub.newId('site');
      await bindAgentToSite(tx, { id, name: taken.siteName, agentId, pool, createdAt: now });
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

  async listSites(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of sites');
    return { items: await listSites(hub.db), next: null };
  },

  async getSite({ params }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of sites');
    return existing(await findSite(hub.db, params.site), `site "${params.site}"`);
  },

  async updateSite({ params, body }, { hub, who }) {
    demand(who, 'administer', hubThing, `site ${params.site}`);
    const site = existing(await findSite(hub.db, params.site), `site "${params.site}"`);
    const changes = Object.entries(body.pool ?? {}).filter(([, value]) => value !== undefined);
    const pool = poolSchema.parse({ ...site.pool, ...Object.fromEntries(changes) });
    await hub.transaction(async (tx) => {
      await updateSite(tx, params.site, { ...body, pool });
      await appendEvents(tx, [
        {
          at: hub.now(),
          kind: 'site.changed',
          subjectType: 'site',
          subjectId: site.id,
          project: null,
          flowRunId: null,
          actor: who.id,
          data: { closed: body.closed ?? null, reason: body.reason ?? null },
        },
      ]);
      tx.notify([eventsTopic, topics.pilots, topics.queuedJobs]);
    });
    return existing(await findSite(hub.db, params.site), `site "${params.site}"`);
  },

  async listPilots({ query }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of pilots');
    const { site, alive, cursor, limit } = query;
    const rows = await listPilots(hub.db, { site, alive, before: cursor, limit: limit + 1 });
    return page(rows, limit, (pilot) => pilot.id);
  },

  async listCollections(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of collections');
    return { items: await listCollections(hub.db), next: null };
  },

  async listFolder({ query }, { hub, who }) {
    demand(who, 'run', hubThing, 'folder');
    const session = await askCollection(hub, query.location);
    const { answer } = await askAgent(session, { ask: 'listFolder', location: query.location });
    if (answer.answer !== 'folder')
      throw new DomainError('unavailable', 'the agent answered oddly');
    return { location: query.location, entries: answer.entries };
  },

  async listApps(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of apps');
    return { items: await listApps(hub.db), next: null };
  },

  async getApp({ params }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of apps');
    return existing((await findApps(hub.db, [params.app])).get(params.app), `app "${params.app}"`);
  },

  async saveApp({ params, body }, { hub, who }) {
    demand(who, 'administer', hubThing, `app ${params.app}`);
    const app = { ...body, name: params.app };
    await hub.transaction(async (tx) => {
      await saveApp(tx, app, hub.now());
      await appendEvents(tx, [
        {
          at: hub.now(),
          kind: 'app.saved',
          subjectType: 'app',
          subjectId: app.name,
          project: null,
          flowRunId: null,
          actor: who.id,
          data: {},
        },
      ]);
      tx.notify([eventsTopic]);
    });
    return app;
  },

  async listInstruments(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of instruments');
    return { items: await listInstruments(hub.db), next: null };
  },

  async getInstrument({ params }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of instruments');
    const found = await findInstrument(hub.db, params.instrument);
    const { siteId: _, ...instrument } = existing(found, `instrument "${params.instrument}"`);
    return instrument;
  },

  async listShots({ params, query }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of instruments');
    existing(await findInstrument(hub.db, params.instrument), `instrument "${params.instrument}"`);
    const before = query.cursor === undefined ? undefined : Number(query.cursor);
    if (before !== undefined && !Number.isSafeInteger(before)) {
      throw new DomainError('invalid', 'the cursor is not one of a list of shots');
    }
    const rows = await listShots(hub.db, {
      instrument: params.instrument,
      before,
      limit: query.limit + 1,
    });
    return page(rows, query.limit, (shot) => String(shot.number));
  },
};

/** The thing, or the error that there is none. */
export function existing<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new DomainError('notFound', `there is no ${what}`);
  return thing;
}
