import type { PilotReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { PilotSeen } from '@interpulse/domain/pilot/plan-pilots.ts';
import type { Pilot } from '@interpulse/domain/pilot/pilot.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import type { Pool } from '@interpulse/domain/site/site.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** What planning sees of a site, as stored. */
export interface SitePilots {
  siteId: string;
  siteName: string;
  pool: Pool;
  coresPerNode: number;
  open: boolean;
  backlogCores: number;
  pilots: (PilotSeen & { releaseWanted: boolean; nodes: number; walltimeSeconds: number })[];
}

const selectNeeds = statement<SitePilots, [string, string]>(
  'pilot_needs',
  `select s.id as "siteId", s.name as "siteName", s.pool, s.cores_per_node as "coresPerNode",
     not s.closed and not s.silent
       and coalesce(s.resting_until <= $2::timestamptz, true) as open,
     coalesce((select sum(cores) from jobs where site_id = s.id and pilot_id is null
       and state in ('placed', 'stagingIn', 'ready')), 0)::int as "backlogCores",
     coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'state', p.state, 'nodes', p.nodes,
         'walltimeSeconds', p.walltime_seconds, 'releaseWanted', p.release_wanted,
         'idleSinceAt', to_char(p.idle_since_at at time zone 'utc',
           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'busyCores', coalesce(b.busy, 0)) order by p.id)
       from pilots p left join lateral (select sum(cores) as busy from jobs
         where pilot_id = p.id and state in ('ready', 'active')) b on true
       where p.site_id = s.id and p.state in ('wanted', 'submitted', 'running')), '[]') as pilots
   from sites s where s.id = $1 and s.scratch_collection is not null for update of s`,
);

/** What planning sees of a site; the site is locked until the transaction ends. */
export async function lockPilotNeeds(
  tx: Executor,
  siteId: string,
  now: string,
): Promise<SitePilots | undefined> {
  return (await tx.run(selectNeeds, siteId, now))[0];
}

const insertPilots = statement<never, [string, string, string]>(
  'insert_pilots',
  `with added as (
      insert into pilots (id, site_id, state, reason, nodes, walltime_seconds, created_at)
      select id, $2, 'wanted', reason, nodes, walltime_seconds, $3::timestamptz
      from jsonb_to_recordset($1::jsonb) as r(id text, reason text, nodes integer,
        walltime_seconds integer) returning id, reason)
   insert into events (at, kind, subject_type, subject_id, data)
   select $3::timestamptz, 'pilot.wanted', 'pilot', id,
     jsonb_build_object('siteId', $2::text, 'reason', reason) from added`,
);

/** Writes pilots that are wanted at a site. */
export async function insertWantedPilots(
  tx: Executor,
  siteId: string,
  pilots: readonly { id: string; reason: string; nodes: number; walltimeSeconds: number }[],
  at: string,
): Promise<void> {
  const rows = pilots.map((pilot) => ({ ...pilot, walltime_seconds: pilot.walltimeSeconds }));
  if (rows.length > 0) await tx.run(insertPilots, jsonb(rows), siteId, at);
}

const release = statement<{ id: string }, [string[]]>(
  'release_pilots',
  `update pilots set release_wanted = true
   where id = any($1) and state in ('wanted', 'submitted', 'running') returning id`,
);

/** Marks pilots that shall take nothing new and end. */
export async function releasePilots(tx: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.run(release, [...ids]);
}

/** A pilot whose row a report changed. */
export interface ReportedPilot {
  id: string;
  state: string;
  reason: string | null;
  /** False when it ended before it ever ran. */
  hasRun: boolean;
}

const reportPilot = statement<ReportedPilot, [string, string]>(
  'report_pilots',
  `with changed as (
      update pilots p set
        state = r.event, batch_job_id = coalesce(r.batch_job_id, p.batch_job_id),
        host = coalesce(r.host, p.host),
        cores = case when r.cores > 0 then r.cores else p.cores end,
        reason = coalesce(r.reason, p.reason),
        started_at = case when r.event = 'running' then coalesce(p.started_at, r.at)
          else p.started_at end,
        idle_since_at = case when r.event = 'running' then coalesce(p.idle_since_at, r.at)
          else p.idle_since_at end,
        ended_at = case when r.event in ('ended', 'lost') then r.at end
      from jsonb_to_recordset($1::jsonb) as r(pilot_id text, event text, at timestamptz,
        batch_job_id text, host text, cores integer, reason text)
      where p.id = r.pilot_id and p.site_id = $2 and p.state in ('wanted', 'submitted', 'running')
        and not (p.state = r.event and p.state <> 'running')
        and not (p.state = 'running' and r.event = 'submitted')
      returning p.id, p.state, p.site_id, p.host, p.reason, r.at, p.cores, p.started_at),
    history as (
      insert into events (at, kind, subject_type, subject_id, data)
      select at, 'pilot.' || state, 'pilot', id, jsonb_strip_nulls(jsonb_build_object(
        'siteId', site_id, 'host', host, 'reason', reason, 'cores', cores)) from changed)
   select id, state, reason, started_at is not null as "hasRun" from changed`,
);

/** Applies what an agent says of its site's pilots; answers those that changed. */
export async function applyPilotReports(
  tx: Executor,
  siteId: string,
  reports: readonly PilotReport[],
): Promise<ReportedPilot[]> {
  if (reports.length === 0) return [];
  const rows = reports.map((report) => ({
    pilot_id: report.pilotId,
    event: report.event,
    at: report.at,
    batch_job_id: report.batchJobId,
    host: report.host,
    cores: report.cores,
    reason: report.reason,
  }));
  return tx.run(reportPilot, jsonb(rows), siteId);
}

const idle = statement<never, [string[], string]>(
  'pilots_idle',
  `update pilots p set idle_since_at = case when exists (select from jobs j
      where j.pilot_id = p.id and j.state in ('ready', 'active')) then null
      else $2::timestamptz end
   where id = any($1) and state = 'running'`,
);

/** Notes since when these pilots, of which a job has just ended, have nothing to do. */
export async function notePilotsIdle(
  tx: Executor,
  ids: readonly string[],
  at: string,
): Promise<void> {
  if (ids.length > 0) await tx.run(idle, [...new Set(ids)], at);
}

const alive = statement<{ id: string; state: string }, [string]>(
  'alive_pilots',
  `select id, state from pilots where site_id = $1 and state in ('wanted', 'submitted', 'running')`,
);

/** The pilots of a site that have not ended. */
export async function alivePilots(
  db: Executor,
  siteId: string,
): Promise<{ id: string; state: string }[]> {
  return db.run(alive, siteId);
}

interface PilotRow extends Omit<Pilot, 'endsAt'> {
  nodes: number;
}

/** Which pilots. */
export interface PilotFilter {
  site?: string | undefined;
  alive?: boolean | undefined;
  before?: string | undefined;
  limit: number;
}

/** Pilots, newest first. */
export async function listPilots(db: Executor, filter: PilotFilter): Promise<Pilot[]> {
  const rows = await db.query<PilotRow>(
    `select p.id, p.site_id as "siteId", s.name as "siteName", p.state, p.reason,
       p.batch_job_id as "batchJobId", p.host, p.cores, p.walltime_seconds as "walltimeSeconds",
       p.created_at as "createdAt", p.started_at as "startedAt",
       p.idle_since_at as "idleSinceAt", p.ended_at as "endedAt"
     from pilots p join sites s on s.id = p.site_id
     where ($1::text is null or s.name = $1) and ($2::text is null or p.id < $2)
       and ($3::boolean is null or (p.state in ('wanted', 'submitted', 'running')) = $3)
     order by p.id desc limit $4`,
    [filter.site ?? null, filter.before ?? null, filter.alive ?? null, filter.limit],
  );
  return rows.map((row) => ({
    ...row,
    endsAt: row.startedAt === null ? null : addSeconds(row.startedAt, row.walltimeSeconds),
  }));
}
