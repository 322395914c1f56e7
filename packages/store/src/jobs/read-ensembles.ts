import type { EnsembleId, JobId } from '@interpulse/domain/id.ts';
import type { Ensemble } from '@interpulse/domain/job/job.ts';
import type { JobState } from '@interpulse/domain/job/job-state.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';
import { jobOf } from './job-row.ts';
import { openStatesSql } from './job-stage.ts';
import { plainReasonSql } from './plain-reason.ts';
import { findJobs } from './read-jobs.ts';

/** Which ensembles; all conditions hold together. */
export interface EnsembleFilter {
  /** Null for all projects (administrators). */
  projects: readonly string[] | null;
  project?: string | undefined;
  ownerId?: string | undefined;
  /** Only those of which a job has not ended. */
  open?: boolean | undefined;
  /** Part of the label. */
  label?: string | undefined;
  before?: string | undefined;
  limit: number;
}

const isOpen = `exists (select from jobs j
  where j.ensemble_id = e.id and j.state in ${openStatesSql})`;

/** Counts are taken for the ensembles of one page only: each reads all of its jobs. */
const selectSql = (page: string): string => `
  select e.id, e.label, e.project, coalesce(u.name, e.owner_id) as owner, e.owner_id as "ownerId",
    e.tags, e.total, coalesce(c.counts, '{}') as counts, e.created_at as "createdAt",
    case when not c.open then c.ended_at end as "endedAt"
  from (${page}) e left join users u on u.id = e.owner_id
  left join lateral (select jsonb_object_agg(state, n) as counts, max(ended_at) as ended_at,
      coalesce(bool_or(state in ${openStatesSql}), false) as open
    from (select state, count(*) as n, max(ended_at) as ended_at from jobs
      where ensemble_id = e.id group by state) s) c on true
  order by e.id desc`;

/** An ensemble, and whose it is. */
export interface StoredEnsemble extends Ensemble {
  ownerId: string;
}

/** Ensembles with their counts, newest first. */
export async function listEnsembles(
  db: Executor,
  filter: EnsembleFilter,
): Promise<StoredEnsemble[]> {
  const conditions = new Conditions();
  conditions.add('e.project = any(?::text[])', filter.projects);
  conditions.add('e.project = ?', filter.project);
  conditions.add('e.owner_id = ?', filter.ownerId);
  conditions.add('strpos(lower(e.label), lower(?)) > 0', filter.label);
  conditions.add('e.id < ?', filter.before);
  if (filter.open !== undefined) conditions.always(filter.open ? isOpen : `not ${isOpen}`);
  const limit = conditions.parameter(filter.limit);
  const page = `select e.* from ensembles e ${conditions.where} order by e.id desc limit ${limit}`;
  return db.query<StoredEnsemble>(selectSql(page), conditions.values);
}

/** One ensemble, or undefined. */
export async function findEnsemble(
  db: Executor,
  id: EnsembleId,
): Promise<StoredEnsemble | undefined> {
  const page = 'select * from ensembles where id = $1';
  return (await db.query<StoredEnsemble>(selectSql(page), [id]))[0];
}

/** How long the runs of an ensemble took, in seconds; null before the first has completed. */
export interface RunSeconds {
  p50: number;
  p90: number;
  longest: number;
}

const runSecondsSql = `coalesce((usage->>'wallSeconds')::float8,
  extract(epoch from ended_at - started_at)::float8)`;

/** How long the completed runs of an ensemble took. */
export async function ensembleRunSeconds(db: Executor, id: EnsembleId): Promise<RunSeconds | null> {
  const [row] = await db.query<{ [K in keyof RunSeconds]: number | null }>(
    `select percentile_cont(0.5) within group (order by seconds) as p50,
       percentile_cont(0.9) within group (order by seconds) as p90, max(seconds) as longest
     from (select ${runSecondsSql} as seconds from jobs
       where ensemble_id = $1 and state = 'completed') r`,
    [id],
  );
  if (row === undefined || row.p50 === null || row.p90 === null || row.longest === null)
    return null;
  return { p50: row.p50, p90: row.p90, longest: row.longest };
}

/** Jobs of an ensemble that failed alike. */
export interface FailureGroup {
  reason: string;
  exitCode: number | null;
  count: number;
  exampleJobId: JobId;
}

/** Different reasons shown of an ensemble: the most frequent ones. */
const failureGroups = 50;

/** Why jobs of an ensemble failed, most frequent first; ids in a reason do not tell them apart. */
export async function ensembleFailures(db: Executor, id: EnsembleId): Promise<FailureGroup[]> {
  const groups = await db.query<FailureGroup>(
    `select reason, exit_code as "exitCode", count(*)::int as count, min(id) as "exampleJobId"
     from (select id, exit_code, ${plainReasonSql('reason')} as reason from jobs
       where ensemble_id = $1 and state = 'failed') f
     group by reason, exit_code order by 3 desc, 4 limit $2`,
    [id, failureGroups],
  );
  const ids = groups.map(({ exampleJobId }) => exampleJobId);
  const examples = new Map((await findJobs(db, ids)).map((job) => [job.id, job]));
  return groups.map((group) => {
    const example = examples.get(group.exampleJobId);
    if (example === undefined || example.private_paths === null) return group;
    return { ...group, reason: jobOf(example).reason ?? group.reason };
  });
}

/** What of an ensemble runs and ran at a site. */
export interface EnsembleAtSite {
  siteName: string;
  completed: number;
  failed: number;
  active: number;
}

/** What of an ensemble runs and ran where, by the sites' names. */
export async function ensembleBySite(db: Executor, id: EnsembleId): Promise<EnsembleAtSite[]> {
  return db.query<EnsembleAtSite>(
    `select s.name as "siteName", count(*) filter (where j.state = 'completed')::int as completed,
       count(*) filter (where j.state = 'failed')::int as failed,
       count(*) filter (where j.state in ('active', 'stagingOut'))::int as active
     from jobs j join sites s on s.id = j.site_id where j.ensemble_id = $1
     group by s.name order by s.name`,
    [id],
  );
}

/** Columns of equal length: every job of an ensemble in the order of its request. */
export interface EnsembleGrid {
  jobIds: JobId[];
  states: JobState[];
  runSeconds: (number | null)[];
}

/** The grid of an ensemble, up to `most` jobs. */
export async function readEnsembleGrid(
  db: Executor,
  id: EnsembleId,
  most: number,
): Promise<EnsembleGrid> {
  const rows = await db.query<{ id: JobId; state: JobState; seconds: number | null }>(
    `select id, state, case when state in ('completed', 'failed', 'canceled')
       then ${runSecondsSql} end as seconds
     from jobs where ensemble_id = $1 order by ensemble_place, id limit $2`,
    [id, most],
  );
  return {
    jobIds: rows.map((row) => row.id),
    states: rows.map((row) => row.state),
    runSeconds: rows.map((row) => row.seconds),
  };
}
