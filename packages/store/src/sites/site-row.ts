import type { Maintenance, Pool, PoolOffer, Site } from '@interpulse/domain/site/site.ts';
import { heldSql } from '../jobs/job-stage.ts';
import { tunePool, type TunedSettings } from '@interpulse/domain/site/tune-pool.ts';

/** Text of an instant within jsonb, as JavaScript writes it. */
export function instantSql(column: string): string {
  return `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The windows of site `s` that have not ended. */
export const maintenanceSql = (now: string): string => `coalesce((select jsonb_agg(
  jsonb_build_object('id', id, 'startsAt', ${instantSql('starts_at')},
    'endsAt', ${instantSql('ends_at')}, 'reason', reason) order by starts_at, id)
  from maintenance where site_id = s.id and ends_at > ${now}), '[]')`;

/** What was observed of a pool, and how much of it there is. */
type PoolSeen = Pick<Pool, 'reason' | 'queueWaitSeconds'> & Pool['counts'];

/** A site with its load, as {@link selectSitesSql} answers it. */
export interface SiteRow {
  id: Site['id'];
  name: string;
  title: string;
  agent_id: Site['agentId'];
  closed: boolean;
  closed_reason: string | null;
  roles: Site['roles'];
  labels: string[];
  cores_per_node: number;
  batch: string | null;
  scratch_collection: string | null;
  allows_commands: boolean;
  apps: Site['apps'];
  launcher: Site['launcher'];
  pool_offers: PoolOffer[];
  pool_settings: Record<string, TunedSettings>;
  seen_at: string | null;
  silent: boolean;
  resting_until: string | null;
  is_resting: boolean | null;
  resting_reason: string | null;
  collections: string[];
  maintenance: Maintenance[];
  pools: Record<string, PoolSeen>;
  counts: Site['counts'];
}

/** Cores, GPUs and nodes of a site's living pilots, and what of them is in use, by pool. */
const poolsSql = `select jsonb_object_agg(o.name, jsonb_build_object(
    'reason', o.reason, 'queueWaitSeconds', o.queue_wait_seconds,
    'pilotsWaiting', coalesce(c.waiting, 0), 'pilotsRunning', coalesce(c.running, 0),
    'nodes', coalesce(c.nodes, 0), 'coresBusy', coalesce(c.busy, 0),
    'coresTotal', coalesce(c.cores, 0), 'gpusBusy', coalesce(c.gpus_busy, 0),
    'gpusTotal', coalesce(c.gpus, 0)))
  from pools o left join (select p.pool,
      count(*) filter (where p.state <> 'running') as waiting,
      count(*) filter (where p.state = 'running') as running,
      sum(jsonb_array_length(p.node_list)) as nodes, sum(p.cores) as cores, sum(b.busy) as busy,
      sum((select sum((n->>'gpus')::int) from jsonb_array_elements(p.node_list) n)) as gpus,
      sum(b.gpus) as gpus_busy
    from pilots p left join lateral (select sum(j.cores) as busy,
        sum(x.gpus) as gpus
      from jobs j join job_specs x on x.id = j.spec_id
      where j.pilot_id = p.id and ${heldSql('j')} and j.state = 'active') b on true
    where p.site_id = s.id and p.state in ('wanted', 'submitted', 'running')
    group by p.pool) c on c.pool = o.name
  where o.site_id = s.id`;

/** The SQL that selects a {@link SiteRow}, up to its `where`. */
export const selectSitesSql = `
  select s.*, s.resting_until > now() as is_resting, coalesce(c.names, '{}') as collections,
    ${maintenanceSql('now()')} as maintenance, coalesce((${poolsSql}), '{}') as pools,
    jsonb_build_object(
      'queued', coalesce(j.queued, 0), 'ready', coalesce(j.ready, 0),
      'active', coalesce(j.active, 0), 'pilots', coalesce(p.pilots, 0),
      'coresBusy', coalesce(j.busy, 0), 'coresTotal', coalesce(p.cores, 0)) as counts
  from sites s
  left join lateral (select array_agg(name order by name) as names from collections
    where site_id = s.id) c on true
  left join lateral (select
      sum(jobs) filter (where state in ('placed', 'stagingIn')) as queued,
      sum(jobs) filter (where state = 'ready') as ready,
      sum(jobs) filter (where state = 'active') as active,
      sum(cores) filter (where state = 'active') as busy
    from site_loads where site_id = s.id) j on true
  left join lateral (select count(*) as pilots, sum(cores) as cores from pilots
    where site_id = s.id and state in ('wanted', 'submitted', 'running')) p on true`;

/** The site that a row holds. */
export function siteOf(row: SiteRow): Site {
  const status = row.closed ? 'closed' : row.silent ? 'silent' : 'up';
  const silence =
    row.agent_id === null ? 'no agent has enrolled yet' : 'its agent is not connected';
  const resting = row.is_resting === true ? `resting: ${row.resting_reason}` : null;
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    agentId: row.agent_id,
    status,
    statusReason: row.closed ? row.closed_reason : row.silent ? silence : resting,
    seenAt: row.seen_at,
    roles: row.roles,
    labels: row.labels,
    coresPerNode: row.cores_per_node,
    batch: row.batch,
    scratchCollection: row.scratch_collection,
    collections: row.collections,
    allowsCommands: row.allows_commands,
    apps: row.apps,
    launcher: row.launcher,
    pools: row.pool_offers.map((offer) => poolOf(offer, row)),
    maintenance: row.maintenance,
    restingUntil: row.is_resting === true ? row.resting_until : null,
    counts: row.counts,
  };
}

const nothing: PoolSeen = {
  reason: null,
  queueWaitSeconds: null,
  pilotsWaiting: 0,
  pilotsRunning: 0,
  nodes: 0,
  coresBusy: 0,
  coresTotal: 0,
  gpusBusy: 0,
  gpusTotal: 0,
};

function poolOf(offer: PoolOffer, row: SiteRow): Pool {
  const tuned = Object.hasOwn(row.pool_settings, offer.name) ? row.pool_settings[offer.name] : {};
  const seen = Object.hasOwn(row.pools, offer.name) ? row.pools[offer.name] : undefined;
  const { reason, queueWaitSeconds, ...counts } = seen ?? nothing;
  return {
    ...offer,
    settings: tunePool(offer.settings, tuned ?? {}),
    limits: offer.settings,
    reason,
    queueWaitSeconds,
    counts,
  };
}
