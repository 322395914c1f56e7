import type { Job, JobAttempt } from '@interpulse/domain/job/job.ts';
import type { JobState } from '@interpulse/domain/job/job-state.ts';
import type { Urgency } from '@interpulse/domain/job/urgency.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';
import { stagesOf } from './job-stage.ts';
import { plainReasonSql } from './plain-reason.ts';
import { jobOf, selectJobSql, urgencyNumber, type JobRow } from './job-row.ts';

/** Which jobs; all conditions hold together. */
export interface JobFilter {
  /** Null for all projects (administrators). */
  projects: readonly string[] | null;
  jobIds?: readonly string[] | undefined;
  states?: readonly JobState[] | undefined;
  site?: string | undefined;
  app?: string | undefined;
  project?: string | undefined;
  flowRunId?: string | undefined;
  ensembleId?: string | undefined;
  pilotId?: string | undefined;
  /** Jobs that this one submitted. */
  createdByJobId?: string | undefined;
  /** Jobs that wait for this one. */
  parentId?: string | undefined;
  urgency?: Urgency | undefined;
  ownerId?: string | undefined;
  /** Part of the label. */
  label?: string | undefined;
  tags?: Readonly<Record<string, string>> | undefined;
  /** Part of the reason. */
  reason?: string | undefined;
  /** The whole reason, as `ensembleFailures` says it. */
  reasonIs?: string | undefined;
  createdAfter?: string | undefined;
  createdBefore?: string | undefined;
  before?: string | undefined;
}

function conditionsOf(filter: JobFilter): Conditions {
  const { urgency, tags } = filter;
  const conditions = new Conditions();
  conditions.add('j.project = any(?::text[])', filter.projects);
  conditions.add('j.id = any(?::text[])', filter.jobIds);
  conditions.add('j.state = any(?::text[])', filter.states);
  // The numbers are in the text, so that the indexes of some stages are of use.
  const stages = new Set(filter.states?.flatMap(stagesOf));
  if (stages.size > 0) conditions.always(`j.stage in (${[...stages].join(', ')})`);
  conditions.add('j.site_id = (select id from sites where name = ?)', filter.site);
  conditions.add('j.app = ?', filter.app);
  conditions.add('j.project = ?', filter.project);
  conditions.add('j.flow_run_id = ?', filter.flowRunId);
  conditions.add('j.ensemble_id = ?', filter.ensembleId);
  conditions.add('j.pilot_id = ?', filter.pilotId);
  conditions.add('j.created_by_job_id = ?', filter.createdByJobId);
  conditions.add('j.id in (select job_id from job_parents where parent_id = ?)', filter.parentId);
  conditions.add('j.urgency = ?', urgency === undefined ? undefined : urgencyNumber(urgency));
  conditions.add('j.owner_id = ?', filter.ownerId);
  conditions.add(`strpos(lower(j.label), lower(?)) > 0`, filter.label);
  conditions.add('j.tags @> ?::jsonb', tags === undefined ? undefined : jsonb(tags));
  conditions.add(`strpos(lower(j.reason), lower(?)) > 0`, filter.reason);
  conditions.add(`${plainReasonSql('j.reason')} = ?`, filter.reasonIs);
  conditions.add('j.created_at > ?::timestamptz', filter.createdAfter);
  conditions.add('j.created_at < ?::timestamptz', filter.createdBefore);
  conditions.add('j.id < ?', filter.before);
  return conditions;
}

/** Jobs, newest first. */
export async function listJobs(
  db: Executor,
  filter: JobFilter & { limit: number },
): Promise<Job[]> {
  const conditions = conditionsOf(filter);
  const limit = conditions.parameter(filter.limit);
  const text = `${selectJobSql} ${conditions.where} order by j.id desc limit ${limit}`;
  return (await db.query<JobRow>(text, conditions.values)).map(jobOf);
}

/** How many jobs a filter finds, by state. */
export async function countJobs(
  db: Executor,
  filter: JobFilter,
): Promise<Partial<Record<JobState, number>>> {
  const conditions = conditionsOf(filter);
  const rows = await db.query<{ state: JobState; count: number }>(
    `select j.state, count(*)::int as count from jobs j ${conditions.where} group by j.state`,
    conditions.values,
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** The ids of jobs that a filter finds, with whose they are, for what is done to them all. */
export async function selectJobs(
  db: Executor,
  filter: JobFilter & { limit: number },
): Promise<{ id: Job['id']; project: string; ownerId: string }[]> {
  const conditions = conditionsOf(filter);
  const limit = conditions.parameter(filter.limit);
  return db.query(
    `select j.id, j.project, j.owner_id as "ownerId" from jobs j ${conditions.where}
     order by j.id limit ${limit}`,
    conditions.values,
  );
}

const selectOne = statement<JobRow, [string]>('get_job', `${selectJobSql} where j.id = $1`);

/** One job's row, or undefined. */
export async function findJob(db: Executor, jobId: string): Promise<JobRow | undefined> {
  return (await db.run(selectOne, jobId))[0];
}

const selectThese = statement<JobRow, [readonly string[]]>(
  'get_jobs',
  `${selectJobSql} where j.id = any($1)`,
);

/** The rows of jobs, as many as there are. */
export async function findJobs(db: Executor, jobIds: readonly string[]): Promise<JobRow[]> {
  return jobIds.length === 0 ? [] : db.run(selectThese, jobIds);
}

const selectConsidered = statement<{ considered: unknown[] }, [number]>(
  'job_considered',
  `select considered from placements where id = $1`,
);

/** What the placer saw of the sites for a job like this one, when it last looked. */
export async function consideredFor(
  db: Executor,
  { placement_id: id }: Pick<JobRow, 'placement_id'>,
): Promise<unknown[]> {
  return id === null ? [] : ((await db.run(selectConsidered, id))[0]?.considered ?? []);
}

const selectAttempts = statement<JobAttempt, [string]>(
  'job_attempts',
  `select * from (
   select number, site_name as "siteName", pilot_id as "pilotId", host, hosts, unix_user as "user",
     pid, argv, app_digest as "appDigest", versions, leased_at as "leasedAt",
     started_at as "startedAt", ended_at as "endedAt", outcome, usage, reason,
     exit_code as "exitCode", signal, stderr_tail as "stderrTail"
   from job_attempts where job_id = $1
   union all
   -- Leased, and no word of it yet.
   select j.attempt, s.name, j.pilot_id, null, '[]', null, null, '[]', null, '{}', j.leased_at,
     null,
     null, null, null, null, null, null, null
   from jobs j join sites s on s.id = j.site_id
   where j.id = $1 and j.state = 'ready' and j.pilot_id is not null
     and not exists (select from job_attempts a where a.job_id = $1 and a.number = j.attempt)
   order by 1 desc limit ${limits.attemptsShown}) a order by number`,
);

/** A job's attempts, first to last; of very many the last ones. */
export async function listAttempts(db: Executor, jobId: string): Promise<JobAttempt[]> {
  return db.run(selectAttempts, jobId);
}
