import type { Pilot } from '@interpulse/domain/pilot/pilot.ts';
import type { Urgency } from '@interpulse/domain/job/urgency.ts';
import type { Executor } from '../executor.ts';
import { urgencyNumber } from '../jobs/job-row.ts';
import { jsonb } from '../jsonb.ts';
import { heldSql } from '../jobs/job-stage.ts';
import { statement } from '../statement.ts';

const insertPilots = statement<never, [string, string, string]>(
  'insert_pilots',
  `with added as (
      insert into pilots (id, site_id, state, reason, pool, urgencies, account, nodes,
        walltime_seconds, created_at)
      select id, $2, 'wanted', reason, pool,
        array(select jsonb_array_elements_text(urgencies)::smallint), account, nodes,
        walltime_seconds, $3::timestamptz
      from jsonb_to_recordset($1::jsonb) as r(id text, reason text, pool text, urgencies jsonb,
        account text, nodes integer, walltime_seconds integer) returning id, pool, reason)
   insert into events (at, kind, subject_type, subject_id, data)
   select $3::timestamptz, 'pilot.wanted', 'pilot', id,
     jsonb_build_object('siteId', $2::text, 'pool', pool, 'reason', reason) from added`,
);

/** A pilot to be written, with what it keeps of its pool whatever becomes of that. */
export interface WantedPilot {
  id: string;
  reason: string;
  pool: string;
  urgencies: readonly Urgency[];
  account: string | null;
  nodes: number;
  walltimeSeconds: number;
}

/** Writes pilots that are wanted at a site. */
export async function insertWantedPilots(
  tx: Executor,
  siteId: string,
  pilots: readonly WantedPilot[],
  at: string,
): Promise<void> {
  const rows = pilots.map(({ walltimeSeconds, urgencies, ...pilot }) => ({
    ...pilot,
    urgencies: urgencies.map(urgencyNumber),
    walltime_seconds: walltimeSeconds,
  }));
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

/**
 * SQL of since when a pilot has nothing to do; null while it holds a job. A lease does not write to
 * the pilot's row: what stands there may be from before it.
 */
export function idleSinceSql(alias: string): string {
  return `case when ${alias}.state = 'running' and not exists (select from jobs held
    where held.pilot_id = ${alias}.id and ${heldSql('held')}) then ${alias}.idle_since_at end`;
}

const idle = statement<never, [string[], string]>(
  'pilots_idle',
  `update pilots p set idle_since_at = case when not b.busy then $2::timestamptz end
   from (select id, exists (select from jobs j where j.pilot_id = pilots.id and ${heldSql('j')})
       as busy from pilots where id = any($1) and state = 'running') b
   where p.id = b.id and not (b.busy and p.idle_since_at is null)`,
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

/** Which pilots. */
export interface PilotFilter {
  site?: string | undefined;
  alive?: boolean | undefined;
  before?: string | undefined;
  limit: number;
}

/** Pilots, newest first. */
export async function listPilots(db: Executor, filter: PilotFilter): Promise<Pilot[]> {
  return db.query<Pilot>(
    `select p.id, p.site_id as "siteId", s.name as "siteName", p.state, p.reason, p.pool,
       p.batch_job_id as "batchJobId", p.host, p.node_list as nodes, p.cores, p.preemptions,
       p.walltime_seconds as "walltimeSeconds", p.created_at as "createdAt",
       p.expected_at as "expectedAt", p.started_at as "startedAt", p.ends_at as "endsAt",
       ${idleSinceSql('p')} as "idleSinceAt", p.ended_at as "endedAt"
     from pilots p join sites s on s.id = p.site_id
     where ($1::text is null or s.name = $1) and ($2::text is null or p.id < $2)
       and ($3::boolean is null or (p.state in ('wanted', 'submitted', 'running')) = $3)
     order by p.id desc limit $4`,
    [filter.site ?? null, filter.before ?? null, filter.alive ?? null, filter.limit],
  );
}
