import type { App, AppCode, Resources } from '@interpulse/domain/app/app.ts';
import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Turn } from '@interpulse/domain/job/compare-turns.ts';
import type { Urgency } from '@interpulse/domain/job/urgency.ts';
import type { Location } from '@interpulse/domain/location.ts';
import {
  chooseLeases,
  roomForMore,
  type PilotWithRoom,
  type ReadyJob,
} from '@interpulse/domain/pilot/choose-leases.ts';
import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { urgencyNumber, urgencyOf, urgencyOrder } from './job-row.ts';
import { heldSql, jobStages } from './job-stage.ts';

/** What the leases of one spec at one site share. */
export interface LeasedSpec {
  appVersion: string;
  /** Null for plain commands. */
  code: AppCode | null;
  outputs: App['outputs'];
  environment: Record<string, string>;
  resources: Resources;
  restartable: boolean;
  mayUseHub: boolean;
}

/** A job given to a pilot. */
export interface LeasedJob extends Turn {
  jobId: JobId;
  attempt: number;
  pilotId: PilotId;
  app: string | null;
  /** Of a plain command; null for an app. */
  command: App['command'] | null;
  parameters: JsonObject;
  inputs: Record<string, Location>;
  project: string;
  ownerId: string;
  specId: number;
  /** One object for all jobs that share it. */
  spec: LeasedSpec;
  /** The site's collection for work directories. */
  scratchCollection: string;
}

type LeasedRow = Omit<LeasedJob, 'spec' | 'urgency'> & { spec: LeasedSpec | null; urgency: number };

/** The spec travels with the first row that has it. `j` has the columns of jobs. */
const leasedColumns = `j.id as "jobId", j.attempt, j.pilot_id as "pilotId", j.app, j.command,
  j.parameters, coalesce(j.inputs || j.staged_inputs, j.inputs) as inputs, j.project,
  j.owner_id as "ownerId", j.spec_id as "specId", j.urgency, j.priority,
  j.deadline_at as "deadlineAt",
  coalesce(s.scratch_collection, '') as "scratchCollection",
  case when row_number() over (partition by j.spec_id order by j.n) = 1 then
    jsonb_build_object('appVersion', sp.app_version, 'code',
      coalesce(sp.code -> s.name, sp.code -> '*'), 'outputs', sp.output_rules,
      'environment', sp.environment, 'resources', sp.resources, 'restartable', sp.restartable,
      'mayUseHub', sp.may_use_hub) end as spec`;

const leasedJoins = `join job_specs sp on sp.id = j.spec_id join sites s on s.id = j.site_id`;

function withSpecs(rows: readonly LeasedRow[]): LeasedJob[] {
  const specs = new Map<number, LeasedSpec>();
  for (const { specId, spec } of rows) if (spec !== null) specs.set(specId, spec);
  return rows.flatMap((row) => {
    const spec = specs.get(row.specId);
    return spec === undefined ? [] : [{ ...row, urgency: urgencyOf(row.urgency), spec }];
  });
}

/** Two that lease at one site at the same moment would give the same room twice. */
const lockLeasing = statement<{ mine: boolean }, [string]>(
  'lock_leasing',
  `select pg_try_advisory_xact_lock(hashtextextended('lease ' || $1, 0)) as mine`,
);

const waitForLeasing = statement<{ mine: boolean }, [string]>(
  'wait_for_leasing',
  `select true as mine from pg_advisory_xact_lock(hashtextextended('lease ' || $1, 0))`,
);

/** A pilot as leasing reads it. */
export interface PilotRow extends Omit<PilotWithRoom, 'urgencies'> {
  urgencies: number[];
  heldJobs: number;
}

/** What a pilot holds, with what it was given now. */
export interface HeldByPilot {
  pilotId: PilotId;
  jobs: number;
}

/** What leasing at a site came to. */
export interface LeasedAtSite {
  leased: LeasedJob[];
  /** Of the pilots that were looked at; of none where nothing was ready. */
  held: HeldByPilot[];
}

const nothingHeldSql = `'{"cores": 0, "gpus": 0, "memoryBytes": 0, "coreSeconds": 0}'::jsonb`;

/** Sums of what has not begun and is less urgent. */
function passableSql(urgency: Urgency): string {
  const which = `filter (where j.urgency > ${urgencyNumber(urgency)} and j.state = 'ready')`;
  return `jsonb_build_object('cores', coalesce(sum(j.cores) ${which}, 0),
    'gpus', coalesce(sum(sp.gpus) ${which}, 0),
    'memoryBytes', coalesce(sum(sp.memory_bytes) ${which}, 0),
    'coreSeconds', coalesce(sum(j.cores * coalesce(r.run_seconds, $3::float8)) ${which}, 0))`;
}

/** Pilots that take work, and what each holds. $1 site, $2 now, $3 assumed seconds. */
export const takingPilotsSql = `select p.id, p.urgencies, p.account,
     greatest(p.nodes, 1) as nodes, p.cores,
     case when p.node_cores > 0 then p.node_cores else p.cores end as "coresPerNode",
     p.node_gpus as "gpusPerNode", p.node_memory_bytes as "memoryBytesPerNode",
     extract(epoch from p.ends_at - $2::timestamptz)::float8 as "leftSeconds",
     coalesce(h.jobs, 0)::int as "heldJobs", coalesce(h.cores, 0)::int as "heldCores",
     coalesce(h.gpus, 0)::float8 as "heldGpus",
     coalesce(h.memory, 0)::bigint as "heldMemoryBytes",
     coalesce(h.seconds, 0)::float8 as "heldCoreSeconds",
     jsonb_build_object('urgent', h.after_urgent, 'normal', h.after_normal,
       'backfill', ${nothingHeldSql}) as passable
   from pilots p left join lateral (
     select count(*) as jobs, sum(j.cores) as cores, sum(sp.gpus) as gpus,
       sum(sp.memory_bytes) as memory,
       sum(j.cores * coalesce(r.run_seconds, $3::float8)) as seconds,
       ${passableSql('urgent')} as after_urgent, ${passableSql('normal')} as after_normal
     from jobs j join job_specs sp on sp.id = j.spec_id
     left join app_runtimes r on r.site_id = $1 and r.app = coalesce(j.app, '')
     where j.pilot_id = p.id and ${heldSql('j')}) h on true
   where p.site_id = $1 and p.state = 'running' and not p.release_wanted`;

/** What is most urgent of what is ready. */
interface PilotAndReady extends PilotRow {
  mostUrgent: number;
}

/** None where nothing is ready for them. $4 only these. */
const selectPilots = statement<PilotAndReady, [string, string, number, string[] | null]>(
  'pilots_with_room',
  `with ready as (select urgency from jobs where site_id = $1 and stage = ${jobStages.ready}
     order by urgency limit 1)
   select p.*, ready.urgency as "mostUrgent" from ready cross join lateral (
     ${takingPilotsSql} and ($4::text[] is null or p.id = any($4))) p
   order by p.id`,
);

/** Room at a site for jobs that are about to be ready. */
export interface RoomForNew {
  /** Others are ready that no pilot has: new ones are no matter of these pilots alone. */
  othersWait: boolean;
  /** None where others wait. */
  pilots: (PilotWithRoom & { heldJobs: number })[];
}

/** A pilot as it is read with whether others wait; without one there is one row of nulls. */
export type RoomRow = { othersWait: boolean } & { [K in keyof PilotRow]: PilotRow[K] | null };

/** SQL of the room at a site. $1 site, $2 now, $3 assumed seconds. */
export const roomForNewSql = `select r."othersWait", p.* from (select exists (select from jobs
       where site_id = $1 and stage = ${jobStages.ready}) as "othersWait") r
   left join lateral (${takingPilotsSql}) p on not r."othersWait" order by p.id`;

const selectRoom = statement<RoomRow, [string, string, number]>('room_for_new', roomForNewSql);

/** The room of a site's pilots, and whether anything else waits for it. */
export async function roomForNew(tx: Executor, siteId: string, at: string): Promise<RoomForNew> {
  return roomOf(await tx.run(selectRoom, siteId, at, assumptions.runSeconds));
}

/** The room that was read. */
export function roomOf(rows: readonly RoomRow[]): RoomForNew {
  const pilots = rows.filter((row): row is typeof row & PilotRow => row.id !== null);
  return {
    othersWait: rows[0]?.othersWait ?? false,
    pilots: pilots.map((row) => ({ ...row, urgencies: row.urgencies.map(urgencyOf) })),
  };
}

interface ReadyRow extends Omit<ReadyJob, 'urgency'> {
  urgency: number;
}

/**
 * $1 site, $2 most, $3 assumed seconds, $4 what was passed by: spec and urgency in one number,
 * $5 nothing less urgent.
 */
const selectReady = statement<ReadyRow, [string, number, number, number[], number]>(
  'ready_jobs',
  `select j.id, j.spec_id as "specId", j.urgency, sp.nodes, j.cores, sp.gpus,
     sp.memory_bytes as "memoryBytes", sp.walltime_seconds as "walltimeSeconds", sp.allocation,
     sp.restartable, coalesce(r.run_seconds, $3::float8) as "runSeconds"
   from (select id, spec_id, urgency, priority, deadline_at, cores, app from jobs
     where site_id = $1 and stage = ${jobStages.ready} and urgency <= $5
       and (cardinality($4::bigint[]) = 0 or spec_id * 4 + urgency <> all($4))
     order by urgency, priority desc, deadline_at nulls last, id limit $2) j
   join job_specs sp on sp.id = j.spec_id
   left join app_runtimes r on r.site_id = $1 and r.app = coalesce(j.app, '')
   order by j.urgency, j.priority desc, j.deadline_at nulls last, j.id`,
);

/** Counts the attempts; their rows are written with their first word. */
const claim = statement<LeasedRow, [string[], string[], string, string]>(
  'lease_jobs',
  `with chosen as (
      select j.id, c.pilot_id, c.n
      from unnest($1::text[], $2::text[]) with ordinality as c(id, pilot_id, n)
      join jobs j on j.id = c.id
      where j.site_id = $3 and j.state = 'ready' and j.pilot_id is null
      order by j.id for update of j skip locked),
    j as (
      update jobs set pilot_id = c.pilot_id, attempt = attempt + 1, leased_at = $4::timestamptz
      from chosen c where jobs.id = c.id returning jobs.*, c.n)
  select ${leasedColumns} from j ${leasedJoins} order by j.n`,
);

/** How it is leased. */
export interface LeaseHow {
  wait: boolean;
  /** Only to these pilots, which have more room than before; all when not given. */
  pilotIds?: readonly string[] | null;
  /** Not to these. */
  except?: ReadonlySet<string>;
}

/** So many portions at most in one transaction: of jobs that are leased, or that suit no pilot. */
const mostLooks = 20;

/**
 * Leases what is ready at a site to its pilots with room: first as much as each can run at once,
 * then as much as each keeps at hand. One transaction leases at a site at a time: undefined when it
 * is another. Only one that holds no other lock may wait for it.
 */
export async function leaseReadyJobs(
  tx: Executor,
  siteId: string,
  at: string,
  { wait, pilotIds = null, except = new Set() }: LeaseHow,
): Promise<LeasedAtSite | undefined> {
  const [[lock], rows] = await Promise.all([
    tx.run(wait ? waitForLeasing : lockLeasing, siteId),
    tx.run(selectPilots, siteId, at, assumptions.runSeconds, pilotIds && [...pilotIds]),
  ]);
  if (lock?.mine !== true) return undefined;
  const pilots = rows
    .filter(({ id }) => !except.has(id))
    .map((row) => ({ ...row, urgencies: row.urgencies.map(urgencyOf) }));
  const leased: LeasedJob[] = [];
  const passed: number[] = [];
  for (let look = 0; look < mostLooks; look += 1) {
    const wanted = wantedOf(pilots, rows[0]?.mostUrgent ?? 0);
    if (wanted === null) break;
    const { most, until } = wanted;
    const ready = await tx.run(selectReady, siteId, most, assumptions.runSeconds, passed, until);
    if (ready.length === 0) break;
    const jobs = ready.map((job) => ({ ...job, urgency: urgencyOf(job.urgency) }));
    const { leases, unsuited } = chooseLeases(jobs, pilots);
    if (leases.length > 0) {
      const ids = leases.map(({ jobId }) => jobId);
      const pilotIds = leases.map(({ pilotId }) => pilotId);
      leased.push(...withSpecs(await tx.run(claim, ids, pilotIds, siteId, at)));
    }
    if (ready.length < most) break;
    const numbers = new Map(ready.map((row) => [row.id, row.specId * 4 + row.urgency]));
    passed.push(...new Set(unsuited.map((id) => numbers.get(id) ?? 0)));
  }
  const given = Map.groupBy(leased, ({ pilotId }) => pilotId);
  const held = rows.map(({ id, heldJobs }) => ({
    pilotId: id,
    jobs: heldJobs + (given.get(id)?.length ?? 0),
  }));
  return { leased, held };
}

/** How many ready jobs are wanted, and down to which urgency; null when none is. */
function wantedOf(
  pilots: readonly PilotWithRoom[],
  mostUrgent: number,
): { most: number; until: number } | null {
  const rooms = urgencyOrder.map((urgency) => roomForMore(pilots, urgency));
  const until = rooms.findLastIndex((room) => room > 0);
  if (until < mostUrgent) return null;
  return { most: Math.min(limits.jobsPerLease, Math.max(...rooms.slice(mostUrgent))), until };
}

const selectLeased = statement<LeasedRow, [string]>(
  'leased_jobs',
  `select ${leasedColumns} from (select jobs.*, row_number() over (order by urgency, priority desc,
       deadline_at nulls last, jobs.id) as n
     from jobs join pilots p on p.id = jobs.pilot_id and p.state in ('submitted', 'running')
     where p.site_id = $1 and ${heldSql('jobs')}) j ${leasedJoins} order by j.n`,
);

/** Everything that a site's living pilots hold: sent again to an agent that restarted. */
export async function leasedJobsOfSite(db: Executor, siteId: string): Promise<LeasedJob[]> {
  return withSpecs(await db.run(selectLeased, siteId));
}

const selectSites = statement<{ siteId: string; scratchCollection: string }>(
  'ready_at_sites',
  `select s.id as "siteId", s.scratch_collection as "scratchCollection" from sites s
   where s.scratch_collection is not null and exists (select from jobs j
     where j.site_id = s.id and j.stage = ${jobStages.ready})`,
);

/** Sites at which jobs are ready that no pilot holds. */
export async function readyAtSites(
  db: Executor,
): Promise<{ siteId: string; scratchCollection: string }[]> {
  return db.run(selectSites);
}
