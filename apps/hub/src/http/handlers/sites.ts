import { DomainError } from '@interpulse/domain/error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import type { Site } from '@interpulse/domain/site/site.ts';
import { faultsOfTuning, type TunedSettings } from '@interpulse/domain/site/tune-pool.ts';
import {
  deleteMaintenance,
  insertMaintenance,
  savePoolSettings,
  updateSite,
} from '@interpulse/store/sites/change-sites.ts';
import { findSite, listSites } from '@interpulse/store/sites/read-sites.ts';
import { readSiteSamples } from '@interpulse/store/sites/site-samples.ts';
import { topics } from '../../hub.ts';
import { demand, hubThing, type Call, type Handlers } from '../handler.ts';
import { noteEvent } from '../note-event.ts';
import { existing } from './existing.ts';

type SiteOperation =
  | 'listSites'
  | 'getSite'
  | 'updateSite'
  | 'updatePool'
  | 'addMaintenance'
  | 'removeMaintenance'
  | 'getSiteUsage';

/** Sites: their state, pools, maintenance and use. */
export const siteHandlers: Handlers<SiteOperation> = {
  async listSites(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of sites');
    return { items: await listSites(hub.db), next: null };
  },

  getSite: ({ params }, call) => seenSite(call, params.site),

  async updateSite({ params, body }, call) {
    const { hub } = call;
    const site = await administeredSite(call, params.site);
    await hub.transaction(async (tx) => {
      await updateSite(tx, site.name, body);
      const data = { closed: body.closed ?? null, reason: body.reason ?? null };
      await noteEvent(call, tx, { ...subject(site), kind: 'site.changed', data });
      tx.notify([topics.pilots, topics.queuedJobs]);
    });
    return seenSite(call, site.name);
  },

  async updatePool({ params, body }, call) {
    const { hub } = call;
    const site = await administeredSite(call, params.site);
    const pool = existing(
      site.pools.find(({ name }) => name === params.pool),
      `pool "${params.pool}" at site "${site.name}"`,
    );
    refuseTooMuch(pool, body);
    const tuned = given(body);
    await hub.transaction(async (tx) => {
      await savePoolSettings(tx, site.id, pool.name, tuned);
      const data = { pool: pool.name, ...tuned };
      await noteEvent(call, tx, { ...subject(site), kind: 'site.poolChanged', data });
      tx.notify([topics.pilots, topics.queuedJobs]);
    });
    return seenSite(call, site.name);
  },

  async addMaintenance({ params, body }, call) {
    const { hub } = call;
    const site = await administeredSite(call, params.site);
    if (body.endsAt <= body.startsAt || body.endsAt <= hub.now()) {
      const msg = 'a maintenance ends after it begins, and not in the past';
      const faults = [{ loc: ['endsAt'], msg, type: 'invalid_period' }];
      throw new DomainError('invalid', `announcing it for ${site.name}: ${msg}`, { faults });
    }
    const maintenance = { id: hub.newId('maintenance'), ...body };
    await hub.transaction(async (tx) => {
      await insertMaintenance(tx, site.id, maintenance);
      await noteEvent(call, tx, {
        ...subject(site),
        kind: 'site.maintenanceAnnounced',
        data: { ...maintenance },
      });
      tx.notify([topics.pilots, topics.queuedJobs]);
    });
    return maintenance;
  },

  async removeMaintenance({ params }, call) {
    const { hub } = call;
    const site = await administeredSite(call, params.site);
    const { maintenanceId } = params;
    await hub.transaction(async (tx) => {
      if (!(await deleteMaintenance(tx, site.id, maintenanceId))) {
        const message = `site ${site.name} has no maintenance ${maintenanceId}`;
        throw new DomainError('notFound', message);
      }
      const kind = 'site.maintenanceRemoved';
      await noteEvent(call, tx, { ...subject(site), kind, data: { id: maintenanceId } });
      tx.notify([topics.pilots, topics.queuedJobs]);
    });
    return undefined;
  },

  async getSiteUsage({ params, query }, call) {
    const site = await seenSite(call, params.site);
    const since = addSeconds(call.hub.now(), -query.hours * 3600);
    const most = query.samples;
    return { samples: await readSiteSamples(call.hub.db, site.id, { since, most }) };
  },
};

function subject(site: Site) {
  return { subjectType: 'site' as const, subjectId: site.id };
}

async function seenSite({ hub, who }: Call, name: string) {
  demand(who, 'read', hubThing, `site "${name}"`);
  return existing(await findSite(hub.db, name), `site "${name}"`);
}

async function administeredSite(call: Call, name: string) {
  demand(call.who, 'administer', hubThing, `site ${name}`);
  return seenSite(call, name);
}

/** What is not there stays as it is; JSON knows no undefined. */
function given(tuned: TunedSettings): JsonObject {
  const entries = Object.entries(tuned).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as JsonObject;
}

function refuseTooMuch(
  { name, limits: offered }: Site['pools'][number],
  tuned: TunedSettings,
): void {
  const faults = faultsOfTuning(offered, tuned);
  const [first] = faults;
  if (first === undefined) return;
  const message = `tuning pool ${name}: ${first.loc.at(-1)}: ${first.msg}`;
  throw new DomainError('invalid', message, { faults });
}
