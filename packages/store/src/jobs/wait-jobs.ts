import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

const selectEnded = statement<{ id: string }, [string[]]>(
  'ended_jobs',
  `select id from jobs where id = any($1) and state in ('completed', 'failed', 'canceled')
   order by id`,
);

/** Of these jobs, those that have ended. */
export async function endedJobs(db: Executor, jobIds: readonly string[]): Promise<string[]> {
  return (await db.run(selectEnded, [...jobIds])).map(({ id }) => id);
}

const selectOwners = statement<{ id: string; project: string; ownerId: string }, [string[]]>(
  'jobs_owners',
  `select id, project, owner_id as "ownerId" from jobs where id = any($1)`,
);

/** Whose these jobs are; those that do not exist are not among them. */
export async function ownersOfJobs(
  db: Executor,
  jobIds: readonly string[],
): Promise<Map<string, { project: string; ownerId: string }>> {
  const rows = await db.run(selectOwners, [...jobIds]);
  return new Map(rows.map(({ id, ...whose }) => [id, whose]));
}
