import type { PilotId } from '@interpulse/domain/id.ts';
import type { ReadyJob } from '@interpulse/domain/pilot/choose-leases.ts';
import type { KeptWork } from '@interpulse/domain/pilot/choose-returns.ts';
import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { urgencyOf } from './job-row.ts';
import { heldSql, jobStages } from './job-stage.ts';
import { takingPilotsSql, type PilotRow } from './lease-jobs.ts';

const selectSites = statement<{ siteId: string }, [string[]]>(
  'sites_with_kept_work',
  `select p.site_id as "siteId" from pilots p left join lateral (
     select coalesce(sum(j.cores), 0) as cores, coalesce(sum(x.gpus), 0) as gpus,
       coalesce(sum(x.memory_bytes), 0) as memory
     from jobs j join job_specs x on x.id = j.spec_id
     where j.pilot_id = p.id and ${heldSql('j')}) h on true
   where p.site_id = any($1) and p.state = 'running' and not p.release_wanted
     and exists (select from pilots o where o.site_id = p.site_id and o.id <> p.id
       and o.state = 'running' and not o.release_wanted)
   group by p.site_id
   having bool_or(h.cores < p.cores) and bool_or(h.cores > p.cores
     or h.gpus > p.node_gpus * greatest(p.nodes, 1)
     or (p.node_memory_bytes > 0 and h.memory > p.node_memory_bytes * greatest(p.nodes, 1)))`,
);

/** Of these sites, those where one pilot holds more than it can run at once, another less. */
export async function sitesWithKeptWork(
  db: Executor,
  siteIds: readonly string[],
): Promise<string[]> {
  if (siteIds.length === 0) return [];
  return (await db.run(selectSites, [...siteIds])).map(({ siteId }) => siteId);
}

const selectPilots = statement<PilotRow, [string, string, number]>(
  'taking_pilots',
  `${takingPilotsSql} order by p.id`,
);

interface JobRow extends Omit<ReadyJob, 'urgency'> {
  urgency: number;
}

const shapeColumns = `sp.nodes, j.cores, sp.gpus, sp.memory_bytes as "memoryBytes",
  sp.walltime_seconds as "walltimeSeconds", sp.allocation, sp.restartable`;

interface KeptRow extends JobRow {
  pilotId: PilotId;
  attempt: number;
}

/** $1 pilots, $2 leased before, $3 assumed seconds, $4 site, $5 most. */
const selectKept = statement<KeptRow, [string[], string, number, string, number]>(
  'kept_jobs',
  `select j.id, j.attempt, j.pilot_id as "pilotId", j.spec_id as "specId", j.urgency,
     ${shapeColumns}, coalesce(r.run_seconds, $3::float8) as "runSeconds"
   from (select * from jobs where pilot_id = any($1) and ${heldSql('jobs')} and state = 'ready'
       and leased_at < $2::timestamptz order by leased_at desc, id desc limit $5) j
   join job_specs sp on sp.id = j.spec_id
   left join app_runtimes r on r.site_id = $4 and r.app = coalesce(j.app, '')
   order by j.leased_at, j.id`,
);

/** One job of each kind among the first that are ready. */
const selectKinds = statement<JobRow, [string, number]>(
  'kinds_of_ready_jobs',
  `select distinct on (j.spec_id, j.urgency) j.id, j.spec_id as "specId", j.urgency,
     ${shapeColumns}, 0::float8 as "runSeconds"
   from (select id, spec_id, urgency, cores from jobs
     where site_id = $1 and stage = ${jobStages.ready}
     order by urgency, priority desc, deadline_at nulls last, id limit $2) j
   join job_specs sp on sp.id = j.spec_id order by j.spec_id, j.urgency, j.id`,
);

/** Jobs looked at in one round; the next one comes soon. */
const looks = { kept: 1_000, ready: 5_000 };

/** What the pilots of a site can take, and what they got before an instant and have not begun. */
export async function readKeptWork(
  db: Executor,
  siteId: string,
  { now, leasedBefore }: { now: string; leasedBefore: string },
): Promise<KeptWork> {
  const rows = await db.run(selectPilots, siteId, now, assumptions.runSeconds);
  const ids = rows.map(({ id }) => id);
  const [kept, kinds] = await Promise.all([
    db.run(selectKept, ids, leasedBefore, assumptions.runSeconds, siteId, looks.kept),
    db.run(selectKinds, siteId, looks.ready),
  ]);
  return {
    pilots: rows.map((row) => ({ ...row, urgencies: row.urgencies.map(urgencyOf) })),
    kept: kept.map((row) => ({ ...row, urgency: urgencyOf(row.urgency), isAsked: false })),
    waiting: kinds.map((row) => ({ ...row, urgency: urgencyOf(row.urgency) })),
  };
}
