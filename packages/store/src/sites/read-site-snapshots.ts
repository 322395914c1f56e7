import type { Urgency } from '@interpulse/domain/job/urgency.ts';
import type { PoolSeen, SiteSnapshot } from '@interpulse/domain/placement/snapshot.ts';
import type { PoolOffer } from '@interpulse/domain/site/site.ts';
import { tunePool, type TunedSettings } from '@interpulse/domain/site/tune-pool.ts';
import type { Executor } from '../executor.ts';
import { urgencyOf, urgencyOrder } from '../jobs/job-row.ts';
import { heldSql, placedSql } from '../jobs/job-stage.ts';
import { statement } from '../statement.ts';
import { instantSql, maintenanceSql } from './site-row.ts';

/** Until a pool's queue has been seen: seconds from submitting a pilot to its start. */
const assumedStartSeconds = { local: 1, queue: 60 };

/** A site as the placer sees it, with the collection for work directories. */
export interface StoredSnapshot extends SiteSnapshot {
  scratchCollection: string | null;
}

interface PilotsSeen {
  coresTotal: number;
  coresBusy: number;
  /** How long the oldest of its pilots has waited that does not run yet. */
  waitedSeconds: number;
}

type Copied =
  | 'id'
  | 'name'
  | 'labels'
  | 'allowsCommands'
  | 'apps'
  | 'launcher'
  | 'maintenance'
  | 'collections'
  | 'backlogJobs'
  | 'runSeconds'
  | 'outputBytes'
  | 'bytesPerSecond'
  | 'returnBytesPerSecond'
  | 'brokenReason';

/** A site as it is read. */
export interface SnapshotRow extends Pick<SiteSnapshot, Copied> {
  closed: boolean;
  silent: boolean;
  closedReason: string | null;
  batch: string | null;
  scratchCollection: string | null;
  offers: PoolOffer[];
  tuned: Record<string, TunedSettings>;
  queueWaits: Record<string, number>;
  pilots: Record<string, PilotsSeen>;
  /** By the number of the urgency: cores, and core-seconds. */
  backlog: Record<string, [number, number]>;
  due: { urgency: number; dueAt: string; cores: number }[];
}

const backlogSql = `select sum(n)::int as jobs,
    jsonb_object_agg(urgency, jsonb_build_array(cores, core_seconds)) as by_urgency
  from (select l.urgency, sum(l.jobs) as n, sum(l.cores) as cores,
      sum(l.cores * coalesce(r.run_seconds, $2::float8)) as core_seconds
    from site_loads l left join app_runtimes r on r.site_id = l.site_id and r.app = l.app
    where l.site_id = s.id group by l.urgency) u`;

/** Placed jobs whose deadlines are looked at, the nearest first; those so near count as one. */
const dueLooks = { most: 200, near: '5 seconds' };

const dueSql = `select jsonb_agg(jsonb_build_object('urgency', urgency, 'dueAt',
    ${instantSql('due_at')}, 'cores', cores) order by due_at, urgency)
  from (select urgency, min(deadline_at) as due_at, sum(cores) as cores
    from (select urgency, deadline_at, cores from jobs j
      where ${placedSql('j', 's.id')} and deadline_at is not null
      order by deadline_at limit ${dueLooks.most}) j
    group by urgency, date_bin('${dueLooks.near}', deadline_at, '2000-01-01')) d`;

const pilotsSql = `select jsonb_object_agg(pool, jsonb_build_object('coresTotal', cores,
    'coresBusy', busy, 'waitedSeconds', waited))
  from (select p.pool, coalesce(sum(p.cores) filter (where p.state = 'running'), 0) as cores,
      coalesce(sum(b.busy), 0) as busy,
      coalesce(max(extract(epoch from $1::timestamptz - coalesce(p.submitted_at, p.created_at)))
        filter (where p.state <> 'running'), 0)::float8 as waited
    from pilots p left join lateral (select sum(j.cores) as busy from jobs j
      where j.pilot_id = p.id and ${heldSql('j')} and j.state = 'active') b on true
    where p.site_id = s.id and p.state in ('wanted', 'submitted', 'running')
    group by p.pool) q`;

/** SQL of all sites as {@link SnapshotRow}s. $1 now, $2 assumed seconds. */
export const siteSnapshotsSql = `select s.id, s.name, s.labels, s.closed, s.silent,
     s.closed_reason as "closedReason", s.batch,
     s.scratch_collection as "scratchCollection", s.allows_commands as "allowsCommands", s.apps,
     s.launcher, s.pool_offers as offers, s.pool_settings as tuned,
     ${maintenanceSql('$1::timestamptz')} as maintenance,
     case when s.resting_until > $1::timestamptz then s.resting_reason end as "brokenReason",
     coalesce((select array_agg(name) from collections where site_id = s.id), '{}') as collections,
     coalesce((select jsonb_object_agg(name, queue_wait_seconds) from pools
       where site_id = s.id and queue_wait_seconds is not null), '{}') as "queueWaits",
     coalesce((${pilotsSql}), '{}') as pilots, coalesce((${dueSql}), '[]') as due,
     coalesce(b.jobs, 0) as "backlogJobs", coalesce(b.by_urgency, '{}') as backlog,
     coalesce((select jsonb_object_agg(app, run_seconds) from app_runtimes
       where site_id = s.id), '{}') as "runSeconds",
     coalesce((select jsonb_object_agg(app, output_bytes) from app_outputs), '{}')
       as "outputBytes",
     coalesce((select jsonb_object_agg(source, bytes_per_second) from link_rates
       where destination = s.scratch_collection), '{}') as "bytesPerSecond",
     coalesce((select jsonb_object_agg(destination, bytes_per_second) from link_rates
       where source = s.scratch_collection), '{}') as "returnBytesPerSecond"
   from sites s left join lateral (${backlogSql}) b on true order by s.name`;

const selectSnapshots = statement<SnapshotRow, [string, number]>(
  'site_snapshots',
  siteSnapshotsSql,
);

/** What the placer sees of all sites. `assumedRunSeconds` stands for apps never seen to run. */
export async function readSiteSnapshots(
  db: Executor,
  now: string,
  assumedRunSeconds: number,
): Promise<StoredSnapshot[]> {
  return (await db.run(selectSnapshots, now, assumedRunSeconds)).map(snapshotOf);
}

/** What the placer sees of a site that was read. */
export function snapshotOf(row: SnapshotRow): StoredSnapshot {
  const {
    closed,
    silent,
    closedReason,
    batch,
    offers,
    tuned,
    queueWaits,
    pilots,
    backlog,
    due,
    ...rest
  } = row;
  return {
    ...rest,
    hasCompute: row.scratchCollection !== null,
    status: closed ? 'closed' : silent ? 'silent' : 'up',
    statusReason: closed ? closedReason : silent ? 'its agent is not connected' : null,
    pools: offers.map((offer) => poolSeen(offer, row)),
    backlogDue: due.map((work) => ({ ...work, urgency: urgencyOf(work.urgency) })),
    backlogCores: byUrgency((number) => backlog[number]?.[0] ?? 0),
    backlogCoreSeconds: byUrgency((number) => backlog[number]?.[1] ?? 0),
  };
}

function byUrgency(value: (number: number) => number): Record<Urgency, number> {
  const entries = urgencyOrder.map((urgency, number) => [urgency, value(number)]);
  return Object.fromEntries(entries) as Record<Urgency, number>;
}

function poolSeen(offer: PoolOffer, { tuned, pilots, queueWaits, batch }: SnapshotRow): PoolSeen {
  const settings = tunePool(offer.settings, ownOf(tuned, offer.name) ?? {});
  const seen = ownOf(pilots, offer.name);
  const assumed = batch === 'local' ? assumedStartSeconds.local : assumedStartSeconds.queue;
  return {
    name: offer.name,
    urgencies: offer.urgencies,
    account: offer.account,
    paused: settings.paused,
    maxPilots: settings.maxPilots,
    // A job of many nodes may have a pilot larger than the usual ones.
    maxNodes: offer.settings.nodesPerPilot,
    walltimeSeconds: settings.walltimeSeconds,
    coresPerNode: offer.coresPerNode,
    gpusPerNode: offer.gpusPerNode,
    memoryBytesPerNode: offer.memoryBytesPerNode,
    coresTotal: seen?.coresTotal ?? 0,
    coresBusy: seen?.coresBusy ?? 0,
    // A queue that has not moved for an hour will not start a pilot in a minute.
    pilotStartSeconds: Math.max(ownOf(queueWaits, offer.name) ?? assumed, seen?.waitedSeconds ?? 0),
  };
}

/** Names come from outside: `constructor` is one too. */
function ownOf<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
