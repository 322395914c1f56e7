import type { EnsembleId, JobId } from '@interpulse/domain/id.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { selectJobSql, type JobRow } from './job-row.ts';
import { openStatesSql } from './job-stage.ts';

const selectOpen = statement<{ id: JobId }, [readonly string[]]>(
  'open_jobs_of_ensembles',
  `select id from jobs where ensemble_id = any($1) and state in ${openStatesSql}`,
);

/** The jobs of ensembles that have not ended. */
export async function openJobsOfEnsembles(
  db: Executor,
  ensembleIds: readonly EnsembleId[],
): Promise<JobId[]> {
  if (ensembleIds.length === 0) return [];
  return (await db.run(selectOpen, ensembleIds)).map(({ id }) => id);
}

const selectEnded = statement<{ id: EnsembleId; label: string }, [readonly string[]]>(
  'ended_ensembles',
  `select e.id, e.label from ensembles e where e.id = any($1) and not exists (
     select from jobs j where j.ensemble_id = e.id and j.state in ${openStatesSql})`,
);

const selectTheirJobs = statement<JobRow, [readonly string[]]>(
  'jobs_of_ensembles',
  `${selectJobSql} where j.ensemble_id = any($1) order by j.ensemble_place, j.id`,
);

/** An ensemble that is over, with its jobs in the order of its request. */
export interface EndedEnsemble {
  id: EnsembleId;
  label: string;
  jobs: JobRow[];
}

/** Those of some ensembles of which no job is open, read whole. */
export async function findEndedEnsembles(
  db: Executor,
  ensembleIds: readonly EnsembleId[],
): Promise<EndedEnsemble[]> {
  const ended = ensembleIds.length === 0 ? [] : await db.run(selectEnded, ensembleIds);
  if (ended.length === 0) return [];
  const ids = ended.map(({ id }) => id);
  const jobs = Map.groupBy(await db.run(selectTheirJobs, ids), (job) => job.ensemble_id);
  return ended.map((each) => ({ ...each, jobs: jobs.get(each.id) ?? [] }));
}
