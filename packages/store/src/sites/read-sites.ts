import type { SiteSnapshot } from '@interpulse/domain/placement/place-jobs.ts';
import type { Collection, Pool, Site } from '@interpulse/domain/site/site.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

interface SiteRow {
  id: Site['id'];
  name: string;
  title: string;
  agent_id: Site['agentId'];
  closed: boolean;
  closed_reason: string | null;
  pool: Pool;
  roles: Site['roles'];
  cores_per_node: number;
  batch: string | null;
  scratch_collection: string | null;
  allows_commands: boolean;
  seen_at: string | null;
  silent: boolean;
  is_resting: boolean | null;
  resting_reason: string | null;
  collections: string[];
  counts: Site['counts'];
}

const selectSites = `
  select s.*, s.resting_until > now() as is_resting, coalesce(c.names, '{}') as collections,
    jsonb_build_object(
      'queued', coalesce(j.queued, 0), 'ready', coalesce(j.ready, 0),
      'active', coalesce(j.active, 0), 'pilots', coalesce(p.pilots, 0),
      'coresBusy', coalesce(j.busy, 0), 'coresTotal', coalesce(p.cores, 0)) as counts
  from sites s
  left join lateral (select array_agg(name order by name) as names from collections
    where site_id = s.id) c on true
  left join lateral (select
      count(*) filter (where state in ('placed', 'stagingIn')) as queued,
      count(*) filter (where state = 'ready') as ready,
      count(*) filter (where state = 'active') as active,
      sum(cores) filter (where state = 'active') as busy
    from jobs where site_id = s.id
      and state in ('placed', 'stagingIn', 'ready', 'active', 'stagingOut')) j on true
  left join lateral (select count(*) as pilots, sum(cores) as cores from pilots
    where site_id = s.id and state in ('wanted', 'submitted', 'running')) p on true`;

function siteOf(row: SiteRow): Site {
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
    coresPerNode: row.cores_per_node,
    batch: row.batch,
    scratchCollection: row.scratch_collection,
    collections: row.collections,
    allowsCommands: row.allows_commands,
    pool: row.pool,
    counts: row.counts,
  };
}

/** All sites by name, with their load. */
export async function listSites(db: Executor): Promise<Site[]> {
  return (await db.query<SiteRow>(`${selectSites} order by s.name`)).map(siteOf);
}

/** One site by name, or undefined. */
export async function findSite(db: Executor, name: string): Promise<Site | undefined> {
  const [row] = await db.query<SiteRow>(`${selectSites} where s.name = $1`, [name]);
  return row && siteOf(row);
}

interface SnapshotRow extends Omit<SiteSnapshot, 'status' | 'statusReason' | 'hasCompute'> {
  closed: boolean;
  silent: boolean;
  closedReason: string | null;
  scratchCollection: string | null;
}

const selectSnapshots = statement<SnapshotRow, [string, number]>(
  'site_snapshots',
  `select s.id, s.name, s.closed, s.silent, s.closed_reason as "closedReason",
     s.scratch_collection as "scratchCollection", s.allows_commands as "allowsCommands",
     s.cores_per_node as "coresPerNode", s.max_nodes as "maxNodes",
     case when s.resting_until > $1::timestamptz then s.resting_reason end as "brokenReason",
     coalesce((select array_agg(name) from collections where site_id = s.id), '{}') as collections,
     coalesce((select sum(cores) from pilots where site_id = s.id and state = 'running'), 0)
       as "coresTotal",
     coalesce((select extract(epoch from percentile_disc(0.5) within group
         (order by started_at - created_at)) from (select started_at, created_at from pilots
         where site_id = s.id and started_at is not null order by id desc limit 20) recent), 5)
       ::float8 as "pilotStartSeconds",
     coalesce((select sum(j.cores * coalesce(r.run_seconds, $2::float8)) from jobs j
       left join app_runtimes r on r.site_id = s.id and r.app = j.app
       where j.site_id = s.id and j.state in ('placed', 'stagingIn', 'ready', 'active')), 0)
       ::float8 as "backlogCoreSeconds",
     coalesce((select jsonb_object_agg(app, run_seconds) from app_runtimes
       where site_id = s.id), '{}') as "runSeconds",
     coalesce((select jsonb_object_agg(source, bytes_per_second) from link_rates
       where destination = s.scratch_collection), '{}') as "bytesPerSecond"
   from sites s order by s.name`,
);

/** A site as the placer sees it, with the collection for work directories. */
export interface StoredSnapshot extends SiteSnapshot {
  scratchCollection: string | null;
}

/** What the placer sees of all sites. `assumedRunSeconds` stands for apps never seen to run. */
export async function readSiteSnapshots(
  db: Executor,
  now: string,
  assumedRunSeconds: number,
): Promise<StoredSnapshot[]> {
  const rows = await db.run(selectSnapshots, now, assumedRunSeconds);
  return rows.map(({ closed, silent, closedReason, ...row }) => ({
    ...row,
    hasCompute: row.scratchCollection !== null,
    status: closed ? 'closed' : silent ? 'silent' : 'up',
    statusReason: closed ? closedReason : silent ? 'its agent is not connected' : null,
  }));
}

/** All collections by name. */
export async function listCollections(db: Executor): Promise<Collection[]> {
  return db.query<Collection>(
    `select c.name, s.name as "siteName", s.agent_id as "agentId", c.writable, c.title
     from collections c join sites s on s.id = c.site_id order by c.name`,
  );
}

const selectCollectionSite = statement<
  { siteId: string; siteName: string; writable: boolean; silent: boolean },
  [string]
>(
  'collection_site',
  `select s.id as "siteId", s.name as "siteName", c.writable, s.silent
   from collections c join sites s on s.id = c.site_id where c.name = $1`,
);

/** The site that holds a collection, or undefined. */
export async function findCollectionSite(
  db: Executor,
  name: string,
): Promise<{ siteId: string; siteName: string; writable: boolean; silent: boolean } | undefined> {
  return (await db.run(selectCollectionSite, name))[0];
}

/** Where other agents reach a site's byte channel. */
export interface ChannelAddress {
  host: string;
  port: number;
  fingerprint: string | null;
}

/** What an administrator changes of a site. */
export interface SiteChange {
  title?: string | undefined;
  pool?: Pool | undefined;
  closed?: boolean | undefined;
  reason?: string | undefined;
}

/** Changes a site; answers whether it exists. */
export async function updateSite(tx: Executor, name: string, change: SiteChange): Promise<boolean> {
  const rows = await tx.query(
    `update sites set title = coalesce($2, title), pool = coalesce($3::jsonb, pool),
       closed = coalesce($4, closed),
       closed_reason = case when $4 is true then coalesce($5, 'closed by its staff')
         when $4 is false then null else closed_reason end
     where name = $1 returning id`,
    [
      name,
      change.title ?? null,
      change.pool === undefined ? null : jsonb(change.pool),
      change.closed ?? null,
      change.reason ?? null,
    ],
  );
  return rows.length > 0;
}

const selectScratch = statement<{ scratch: string | null }, [string]>(
  'site_scratch',
  `select scratch_collection as scratch from sites where id = $1`,
);

/** The collection for work directories at a site; null where nothing runs. */
export async function findScratch(db: Executor, siteId: string): Promise<string | null> {
  return (await db.run(selectScratch, siteId))[0]?.scratch ?? null;
}

const selectRelay = statement<{ siteId: string; channel: ChannelAddress }>(
  'find_relay',
  `select id as "siteId", channel from sites where channel is not null and not silent and not closed
   order by id limit 1`,
);

/** A site whose byte channel others can reach, to pass bytes on; undefined when there is none. */
export async function findRelay(
  db: Executor,
): Promise<{ siteId: string; channel: ChannelAddress } | undefined> {
  return (await db.run(selectRelay))[0];
}

const selectKnown = statement<{ name: string }, [string[]]>(
  'known_collections',
  `select name from collections where name = any($1)`,
);

/** Of these names, those that are collections. */
export async function knownCollections(
  db: Executor,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set();
  return new Set((await db.run(selectKnown, [...names])).map((row) => row.name));
}
