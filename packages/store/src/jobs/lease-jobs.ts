import type { App } from '@interpulse/domain/app/app.ts';
import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Location } from '@interpulse/domain/location.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** A job given to a pilot. */
export interface LeasedJob {
  jobId: JobId;
  attempt: number;
  pilotId: PilotId;
  command: App['command'];
  parameters: JsonObject;
  inputs: Record<string, Location>;
  outputs: App['outputs'];
  environment: Record<string, string>;
  cores: number;
  walltimeSeconds: number;
}

const columns = `j.id as "jobId", j.attempt, j.pilot_id as "pilotId", j.command, j.parameters,
  j.inputs || j.staged_inputs as inputs, j.output_rules as outputs, j.environment, j.cores,
  (j.resources->>'walltimeSeconds')::int as "walltimeSeconds"`;

/** Two that lease at one site at the same moment would give the same room twice. */
const lockLeasing = statement<{ mine: boolean }, [string]>(
  'lock_leasing',
  `select pg_try_advisory_xact_lock(hashtextextended('lease ' || $1, 0)) as mine`,
);

const waitForLeasing = statement<{ mine: boolean }, [string]>(
  'wait_for_leasing',
  `select true as mine from pg_advisory_xact_lock(hashtextextended('lease ' || $1, 0))`,
);

/** What a pilot has room for, in cores: to run now, and to keep at hand besides. */
interface Room {
  pilotId: PilotId;
  now: number;
  atHand: number;
}

const selectRoom = statement<Room, [string, number]>(
  'pilots_with_room',
  `select p.id as "pilotId", (p.cores - coalesce(sum(j.cores), 0))::int as now,
     (p.cores * (1 + $2::int) - coalesce(sum(j.cores), 0))::int as "atHand"
   from pilots p left join jobs j on j.pilot_id = p.id and j.state in ('ready', 'active')
   where p.site_id = $1 and p.state = 'running' and not p.release_wanted
   group by p.id having p.cores * (1 + $2::int) > coalesce(sum(j.cores), 0)`,
);

/** A leased job, and whether others were ready that did not fit. */
interface ClaimedJob extends LeasedJob {
  leavesMore: boolean;
}

/**
 * Gives ready jobs of a site to one pilot: the most urgent first, as many as its cores (and a
 * prefetch) hold. Counts the attempt and writes it down. $1 site, $2 pilot, $3 cores, $4 jobs,
 * $5 at.
 */
const claim = statement<ClaimedJob, [string, string, number, number, string]>(
  'lease_jobs',
  `with candidates as (
      select id, cores, urgency, deadline_at from jobs
      where site_id = $1 and state = 'ready' and pilot_id is null
      order by urgency, deadline_at nulls last, id limit $4 for update skip locked),
    fitting as (
      select id from (select id, sum(cores) over (order by urgency, deadline_at nulls last, id)
        as used from candidates) c where used <= $3),
    leased as (
      update jobs j set pilot_id = $2, attempt = attempt + 1 from fitting
      where j.id = fitting.id returning ${columns}),
    attempts as (
      insert into job_attempts (job_id, number, site_name, pilot_id, leased_at)
      select "jobId", attempt, (select name from sites where id = $1), $2, $5::timestamptz
      from leased)
  select leased.*, (select count(*) from candidates) > (select count(*) from fitting)
      as "leavesMore"
    from leased join candidates c on c.id = leased."jobId"
    order by c.urgency, c.deadline_at nulls last, c.id`,
);

/**
 * Leases what is ready at a site to its pilots with room: first as much as each can run at once,
 * then as much as each keeps at hand. One transaction leases at a site at a time: undefined when it
 * is another. Only one that holds no other lock may wait for it.
 */
export async function leaseReadyJobs(
  tx: Executor,
  siteId: string,
  at: string,
  { wait }: { wait: boolean },
): Promise<LeasedJob[] | undefined> {
  const [[lock], rooms] = await Promise.all([
    tx.run(wait ? waitForLeasing : lockLeasing, siteId),
    tx.run(selectRoom, siteId, limits.prefetchJobsPerCore),
  ]);
  if (lock?.mine !== true) return undefined;
  const leased: LeasedJob[] = [];
  for (const kind of ['now', 'atHand'] as const) {
    for (const room of rooms.toSorted((a, b) => b[kind] - a[kind])) {
      if (room[kind] <= 0) break;
      const jobs = await tx.run(claim, siteId, room.pilotId, room[kind], limits.jobsPerLease, at);
      const cores = jobs.reduce((sum, job) => sum + job.cores, 0);
      room.now -= cores;
      room.atHand -= cores;
      leased.push(...jobs.map(({ leavesMore: _, ...job }) => job));
      // What does not fit the widest room fits none.
      if (jobs.length === 0) break;
      if (jobs.every((job) => !job.leavesMore)) return leased;
    }
  }
  return leased;
}

const selectLeased = statement<LeasedJob, [string]>(
  'leased_jobs',
  `select ${columns} from jobs j join pilots p on p.id = j.pilot_id
   where p.site_id = $1 and p.state in ('submitted', 'running') and j.state in ('ready', 'active')
   order by j.urgency, j.deadline_at nulls last, j.id`,
);

/** Everything that a site's living pilots hold: sent again to an agent that restarted. */
export async function leasedJobsOfSite(db: Executor, siteId: string): Promise<LeasedJob[]> {
  return db.run(selectLeased, siteId);
}

const selectReady = statement<{ siteId: string; scratchCollection: string }>(
  'ready_at_sites',
  `select distinct j.site_id as "siteId", s.scratch_collection as "scratchCollection"
   from jobs j join sites s on s.id = j.site_id
   where j.state = 'ready' and j.pilot_id is null and s.scratch_collection is not null`,
);

/** Sites at which jobs are ready that no pilot holds. */
export async function readyAtSites(
  db: Executor,
): Promise<{ siteId: string; scratchCollection: string }[]> {
  return db.run(selectReady);
}
