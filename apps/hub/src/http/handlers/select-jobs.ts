import { openJobStates, type JobState } from '@interpulse/domain/job/job-state.ts';
import type { RouteInput } from '@interpulse/api/routes/all-routes.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { selectJobs, type JobFilter } from '@interpulse/store/jobs/read-jobs.ts';
import { ownersOfJobs } from '@interpulse/store/jobs/wait-jobs.ts';
import type { HubTransaction } from '../../hub.ts';
import { demand, runnableProjects, visibleProjects, type Call } from '../handler.ts';
import { tagsOf } from './tags-of.ts';

/** Jobs that are changed by one statement; those of a selection by one transaction. */
const jobsPerBatch = 5_000;

type Query = RouteInput<'countJobs'>['query'];
type Selection = RouteInput<'cancelJobs'>['body'];

/** The filter that a caller wrote, limited to what it may see. */
export function jobFilterOf({ who }: Pick<Call, 'who'>, query: Query): JobFilter {
  return {
    projects: visibleProjects(who),
    states: statesOf(query.state),
    site: query.site,
    app: query.app,
    project: query.project,
    flowRunId: query.flowRun,
    ensembleId: query.ensemble,
    pilotId: query.pilot,
    createdByJobId: query.createdBy,
    parentId: query.parent,
    urgency: query.urgency,
    ownerId: query.mine === true ? who.id : undefined,
    label: query.label,
    tags: tagsOf(query.tags),
    reason: query.reason,
    reasonIs: query.reasonIs,
    createdAfter: query.createdAfter,
    createdBefore: query.createdBefore,
  };
}

function statesOf(text: string | undefined): readonly JobState[] | undefined {
  if (text === undefined) return undefined;
  return text === 'open' ? openJobStates : (text.split(',') as JobState[]);
}

/**
 * Does something to all jobs of a selection that are in these states, in batches of one
 * transaction; answers how many it was done to.
 * @throws DomainError notFound or forbidden, for jobs that are named and may not be run.
 */
export async function forSelectedJobs(
  call: Call,
  tx: HubTransaction,
  selection: Selection,
  { states, act }: { states: readonly JobState[]; act: (ids: string[]) => Promise<number> },
): Promise<number> {
  if (selection.jobIds !== undefined) {
    const ids = [...new Set(selection.jobIds)];
    await demandJobs(call, tx, ids, 'run');
    return inBatches(tx, { projects: null, jobIds: ids, states }, act);
  }
  const filter = jobFilterOf(call, { ...selection.filter });
  const wanted = filter.states?.filter((state) => states.includes(state)) ?? states;
  if (wanted.length === 0) return 0;
  return inBatches(tx, { ...filter, states: wanted, projects: runnable(call, filter) }, act);
}

/** Whoever may only read a project's jobs does not change them by a filter either. */
function runnable({ who }: Call, { project }: JobFilter): string[] | null {
  if (project !== undefined) {
    demand(who, 'run', { project, ownerId: null }, `project ${project}`);
  }
  const projects = runnableProjects(who);
  if (projects?.length !== 0) return projects;
  const message = `${who.name} may run jobs in no project; ask a manager of one`;
  throw new DomainError('forbidden', message);
}

async function inBatches(
  tx: HubTransaction,
  filter: JobFilter,
  act: (ids: string[]) => Promise<number>,
): Promise<number> {
  const jobs = await selectJobs(tx, { ...filter, limit: limits.jobsPerSelection });
  let done = 0;
  for (let first = 0; first < jobs.length; first += jobsPerBatch) {
    done += await act(jobs.slice(first, first + jobsPerBatch).map((job) => job.id));
  }
  return done;
}

/** @throws DomainError with the place in the request of the first that may not be. */
export async function demandJobs(
  { who }: Pick<Call, 'who'>,
  db: Parameters<typeof ownersOfJobs>[0],
  jobIds: readonly string[],
  verb: 'read' | 'run',
): Promise<void> {
  const owners = await ownersOfJobs(db, jobIds);
  for (const [index, id] of jobIds.entries()) {
    const thing = owners.get(id);
    try {
      if (thing === undefined) throw new DomainError('notFound', `there is no job ${id}`);
      demand(who, verb, thing, `job ${id}`);
    } catch (cause) {
      if (!(cause instanceof DomainError)) throw cause;
      const faults = [{ loc: ['jobIds', index], msg: cause.message, type: cause.kind }];
      throw new DomainError(cause.kind, cause.message, { faults, cause });
    }
  }
}
