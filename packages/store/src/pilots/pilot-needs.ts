import { limits } from '@interpulse/domain/limits.ts';
import type { JobsWaiting, PilotSeen, PoolNeeds } from '@interpulse/domain/pilot/pilot-needs.ts';
import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import type { Maintenance, PoolOffer } from '@interpulse/domain/site/site.ts';
import { tunePool, type TunedSettings } from '@interpulse/domain/site/tune-pool.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import type { Executor } from '../executor.ts';
import { urgencyOf } from '../jobs/job-row.ts';
import { instantSql, maintenanceSql } from '../sites/site-row.ts';
import { heldSql, jobStages } from '../jobs/job-stage.ts';
import { statement } from '../statement.ts';
import { idleSinceSql } from './pilots.ts';

/** A living pilot as stored, with the pool that it came from. */
export interface StoredPilot extends PilotSeen {
  pool: string;
  walltimeSeconds: number;
  /** It takes nothing new and ends. */
  releaseWanted: boolean;
}

/** What planning sees of a site; pilots that leave are not among those of the pools. */
export interface StoredNeeds {
  siteName: string;
  open: boolean;
  maintenance: Maintenance[];
  pools: PoolNeeds[];
  /** All living pilots, those too that leave or whose pool is gone. */
  pilots: StoredPilot[];
}

interface NeedsRow extends Omit<StoredNeeds, 'pools'> {
  offers: PoolOffer[];
  tuned: Record<string, TunedSettings>;
}

const selectNeeds = statement<NeedsRow, [string, string]>(
  'pilot_needs',
  `select s.name as "siteName", s.pool_offers as offers, s.pool_settings as tuned,
     not s.closed and not s.silent and coalesce(s.resting_until <= $2::timestamptz, true) as open,
     ${maintenanceSql('$2::timestamptz')} as maintenance,
     coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'pool', p.pool, 'state', p.state,
         'nodes', p.nodes, 'walltimeSeconds', p.walltime_seconds,
         'releaseWanted', p.release_wanted, 'idleSinceAt', ${instantSql(idleSinceSql('p'))},
         'endsAt', ${instantSql('p.ends_at')}, 'busyCores', coalesce(b.cores, 0),
         'busyGpus', coalesce(b.gpus, 0), 'busyMemoryBytes', coalesce(b.memory, 0)) order by p.id)
       from pilots p left join lateral (select sum(j.cores) as cores,
           sum(x.gpus) as gpus,
           sum(x.memory_bytes) as memory
         from jobs j join job_specs x on x.id = j.spec_id
         where j.pilot_id = p.id and ${heldSql('j')}) b on true
       where p.site_id = s.id and p.state in ('wanted', 'submitted', 'running')), '[]') as pilots
   from sites s where s.id = $1 and s.scratch_collection is not null for update of s`,
);

/** Jobs that are looked at for planning: what so many ask for is more than any pool has. */
const jobsLookedAt = 5_000;

interface WaitingRow extends Omit<JobsWaiting, 'urgency'> {
  urgency: number;
}

/**
 * Jobs that pilots have beyond what they can run at once: kept at hand they wait all the same. Not
 * those whose turn comes so soon that another pilot would come too late, as far as one knows of
 * their app, unless they wait already. $1 site, $3 assumed seconds, $4 leased before.
 */
const keptSql = `select urgency, spec_id from (
   select j.urgency, j.spec_id, j.state, j.leased_at, p.cores, p.nodes, p.node_gpus,
     p.node_memory_bytes, coalesce(r.run_seconds, $3::float8) as seconds,
     sum(j.cores) over before as held_cores, sum(x.gpus) over before as held_gpus,
     sum(x.memory_bytes) over before as held_memory
   from pilots p join jobs j on j.pilot_id = p.id and ${heldSql('j')}
   join job_specs x on x.id = j.spec_id
   left join app_runtimes r on r.site_id = $1 and r.app = coalesce(j.app, '')
   where p.site_id = $1 and p.state = 'running' and not p.release_wanted
   window before as (partition by p.id order by j.state <> 'active', j.leased_at, j.id)) k
 where state = 'ready' and (seconds > ${limits.prefetchSeconds} or leased_at < $4::timestamptz)
   and (held_cores > cores or held_gpus > node_gpus * greatest(nodes, 1) + 1e-9
     or (node_memory_bytes > 0 and held_memory > node_memory_bytes * greatest(nodes, 1)))`;

/** The most urgent of those that are ready come first: none is overlooked behind thousands. */
const selectWaiting = statement<WaitingRow, [string, number, number, string]>(
  'jobs_waiting_for_pilots',
  `select w.count, w.urgency, x.resources, x.allocation, x.restartable
   from (select count(*)::int as count, urgency, spec_id from (
       (select urgency, spec_id from jobs
        where site_id = $1 and stage = ${jobStages.ready}
        order by urgency, priority desc, deadline_at nulls last, id limit $2)
       union all
       (select urgency, spec_id from jobs
        where site_id = $1 and stage = ${jobStages.placed} limit $2)
       union all (${keptSql})) j
     group by urgency, spec_id) w
   join job_specs x on x.id = w.spec_id order by w.urgency, x.id`,
);

/** What planning sees of a site; the site is locked until the transaction ends. */
export async function lockPilotNeeds(
  tx: Executor,
  siteId: string,
  now: string,
): Promise<StoredNeeds | undefined> {
  const leasedBefore = addSeconds(now, -2 * limits.prefetchSeconds);
  const [[row], waitingRows] = await Promise.all([
    tx.run(selectNeeds, siteId, now),
    tx.run(selectWaiting, siteId, jobsLookedAt, assumptions.runSeconds, leasedBefore),
  ]);
  if (row === undefined) return undefined;
  const { offers, tuned, ...rest } = row;
  const waiting = waitingRows.map((it) => ({ ...it, urgency: urgencyOf(it.urgency) }));
  const staying = row.pilots.filter((pilot) => !pilot.releaseWanted);
  const pools = offers.map(({ settings, ...pool }) => ({
    pool,
    settings: tunePool(settings, Object.hasOwn(tuned, pool.name) ? (tuned[pool.name] ?? {}) : {}),
    limits: settings,
    pilots: staying.filter((pilot) => pilot.pool === pool.name),
    waiting,
  }));
  return { ...rest, pools };
}

const saveReasons = statement<never, [string, string[], string[]]>(
  'save_pool_reasons',
  `insert into pools as p (site_id, name, reason)
   select $1, name, reason from unnest($2::text[], $3::text[]) as r(name, reason)
   on conflict (site_id, name) do update set reason = excluded.reason
     where p.reason is distinct from excluded.reason`,
);

/** Keeps why each pool has as many pilots as it has. */
export async function savePoolReasons(
  tx: Executor,
  siteId: string,
  reasons: readonly { pool: string; reason: string }[],
): Promise<void> {
  const names = reasons.map(({ pool }) => pool);
  const texts = reasons.map(({ reason }) => reason);
  if (names.length > 0) await tx.run(saveReasons, siteId, names, texts);
}
