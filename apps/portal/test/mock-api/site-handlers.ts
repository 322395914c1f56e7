import { DomainError } from '@interpulse/domain/error.ts';
import type { PlacementLimit, SiteSample } from '@interpulse/domain/site/site.ts';
import { faultsOfTuning } from '@interpulse/domain/site/tune-pool.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { page, type Handlers } from './answering.ts';
import { fixedId, jitter } from './shot-story.ts';
import type { World } from './world.ts';

function siteNamed(world: World, name: string) {
  const site = world.sites.find((each) => each.name === name);
  if (site === undefined) throw new DomainError('notFound', `there is no site ${name}`);
  return site;
}

function loaded(world: World, name: string) {
  const site = siteNamed(world, name);
  return world.loadedSites().find((each) => each.name === name) ?? site;
}

/** Sites, their pools and pilots, their use, their limits; and the apps that they run. */
export function siteHandlers(world: World): Handlers {
  return {
    ...readHandlers(world),
    ...limitHandlers(world),
    updateSite: ({ params, body }) => {
      const site = siteNamed(world, params.site);
      if (body.closed !== undefined) {
        site.status = body.closed ? 'closed' : 'up';
        site.statusReason = body.closed ? (body.reason ?? null) : null;
      }
      world.note('site.changed', 'site', site.id);
      return loaded(world, params.site);
    },
    updatePool: ({ params, body }) => {
      const site = siteNamed(world, params.site);
      const pool = site.pools.find((each) => each.name === params.pool);
      if (pool === undefined) throw new DomainError('notFound', `there is no pool ${params.pool}`);
      const faults = faultsOfTuning(pool.limits, body);
      if (faults.length > 0) {
        const why = `pool "${pool.name}" cannot be set so`;
        throw new DomainError('invalid', why, { faults });
      }
      const given = Object.entries(body).filter(([, value]) => value !== undefined);
      Object.assign(pool.settings, Object.fromEntries(given));
      world.note('site.poolTuned', 'site', site.id);
      return loaded(world, params.site);
    },
    addMaintenance: ({ params, body }) => {
      const site = siteNamed(world, params.site);
      const maintenance = { id: fixedId('maintenance', Date.now(), 9), ...body };
      site.maintenance = [...site.maintenance, maintenance];
      world.note('site.changed', 'site', site.id);
      return maintenance;
    },
    removeMaintenance: ({ params }) => {
      const site = siteNamed(world, params.site);
      site.maintenance = site.maintenance.filter(({ id }) => id !== params.maintenanceId);
      world.note('site.changed', 'site', site.id);
      return undefined;
    },
  };
}

function readHandlers(world: World): Handlers {
  return {
    listSites: ({ query }) => page(world.loadedSites(), query),
    getSite: ({ params }) => loaded(world, params.site),
    getSiteUsage: ({ params, query }) => ({
      samples: usageOf(siteNamed(world, params.site).name, query.hours, query.samples),
    }),
    listPilots: ({ query }) =>
      page(
        world.pilots.filter(
          (pilot) =>
            (query.site === undefined || pilot.siteName === query.site) &&
            (query.alive !== true || pilot.endedAt === null),
        ),
        query,
      ),
    listCollections: ({ query }) => page(world.collections, query),
    listApps: ({ query }) => page(world.apps, query),
    getApp: ({ params }) => {
      const app = world.apps.find(({ name }) => name === params.app);
      if (app === undefined) throw new DomainError('notFound', `there is no app ${params.app}`);
      return app;
    },
  };
}

/** What a limit is for, as a body or a query says it. */
interface LimitScope {
  project?: string | null | undefined;
  site?: string | null | undefined;
  app?: string | null | undefined;
}

function limitHandlers(world: World): Handlers {
  const isSame = (a: LimitScope, b: PlacementLimit) =>
    (a.project ?? null) === b.project && (a.site ?? null) === b.site && (a.app ?? null) === b.app;
  return {
    listLimits: () => ({
      items: world.limits.map((limit, place) => {
        const jobs = place === 0 ? 588 : 3;
        return { ...limit, jobs, cores: jobs * 16 };
      }),
    }),
    saveLimit: ({ body }) => {
      world.limits = [...world.limits.filter((each) => !isSame(body, each)), body];
      world.note('limit.saved', 'limit', 'all');
      return body;
    },
    removeLimit: ({ query }) => {
      world.limits = world.limits.filter((each) => !isSame(query, each));
      world.note('limit.removed', 'limit', 'all');
      return undefined;
    },
  };
}

/** A day's rise and fall, some noise, and bursts; the same for the same instants. */
function usageOf(site: string, hours: number, samples: number): SiteSample[] {
  const most = { alpha: 512, beta: 104, gamma: 0 }[site] ?? 0;
  const step = Math.max(30_000, (hours * 3_600_000) / samples);
  const last = Math.floor(Date.now() / step);
  return Array.from({ length: Math.floor((hours * 3_600_000) / step) }, (_, index) => {
    const at = (last - Math.floor((hours * 3_600_000) / step) + index + 1) * step;
    const day = 0.5 - 0.5 * Math.cos((2 * Math.PI * (at % 86_400_000)) / 86_400_000);
    const block = Math.floor(at / 1_800_000);
    const pilots = Math.round((0.25 + 0.75 * day) * 8 * (0.6 + 0.4 * jitter(block, 1)));
    const coresTotal = Math.round((most * pilots) / 8 / 8) * 8;
    const share = Math.min(1, 0.35 + 0.7 * day * (0.7 + 0.5 * jitter(Math.floor(at / 300_000), 2)));
    const isGamma = site === 'gamma';
    return {
      at: fromMilliseconds(at),
      coresTotal,
      coresBusy: Math.round(coresTotal * share),
      jobsActive: Math.round((coresTotal * share) / 16),
      jobsReady: isGamma ? 40 : Math.round(90 * day * jitter(block, 3)),
      pilots,
    };
  });
}
