import type { RouteInput } from '@interpulse/api/routes/all-routes.ts';
import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import type { EnsembleId, JobId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { insertEnsemble, type NewJob } from '@interpulse/store/jobs/insert-jobs.ts';
import { settleWaiting } from '@interpulse/store/jobs/parents.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { findLocationFaults } from './find-location-faults.ts';
import { findShortages } from './find-shortages.ts';
import { newJobIds } from './new-job-ids.ts';
import { prepareJobs, type PreparedJobs } from './prepare-jobs.ts';
import { readJobRequests, type ReadRequest } from './read-job-requests.ts';
import { resolveParents } from './resolve-parents.ts';
import { goOn } from './settle-ended-jobs.ts';
import { startJobs, type JobToStart } from './start-jobs.ts';

/** Who submits. */
export interface Submitter {
  /** The user or service account. */
  id: string;
  /**
   * The project in which a job is made that names one, or none.
   * @throws DomainError for one in which the submitter may not run jobs.
   */
  projectOf: (named: string | undefined) => string;
  /** The job whose token is used; null for people. */
  createdByJobId: JobId | null;
}

/** What a submission came to. */
export interface Submitted {
  jobIds: JobId[];
  ensembleId: EnsembleId | null;
}

type SubmitBody = RouteInput<'submitJobs'>['body'];

/**
 * Submits jobs, all or none. A few are placed in the same transaction, so that they start after one
 * commit; the rest wait for the next round of placing.
 * @throws DomainError invalid with every fault and its path; nothing is half done.
 */
export async function submitJobs(
  hub: Hub,
  tx: HubTransaction,
  body: SubmitBody,
  submitter: Submitter,
): Promise<Submitted> {
  const faults: Fault[] = [];
  const requests = readJobRequests(body.common ?? {}, body.jobs, faults);
  refuse(faults);
  const projects = projectsOf(requests, submitter);
  const jobIds = newJobIds(hub, requests.length);
  const prepared = await checkedJobs(hub, tx, requests, projects, submitter);
  const parents = await resolveParents(
    tx,
    requests.map(({ request }, place) => ({
      id: jobIds[place] ?? 'job_',
      project: projects[place] ?? '',
      request,
    })),
    faults,
  );
  refuse(faults);
  const returns = returnFolders(requests, jobIds);
  const jobs = prepared.jobs.flatMap((job, place): JobToStart[] => {
    if (job === null) return [];
    const id = jobIds[place] ?? 'job_';
    return [{ ...job, id, parents: parents[place] ?? [], returnTo: returns[place] ?? null }];
  });
  const ensembleId = await write(hub, tx, { body, submitter, jobs, projects });
  await settleParents(hub, tx, jobs);
  return { jobIds, ensembleId };
}

function refuse(faults: readonly Fault[]): void {
  const [first] = faults;
  if (!first) return;
  const message = `${first.loc.join('.')}: ${first.msg}; no job was submitted`;
  throw new DomainError('invalid', message, { faults: faults.slice(0, limits.faultsTold) });
}

/** By place. Whether the submitter may is asked once for each project. */
function projectsOf(requests: readonly ReadRequest[], { projectOf }: Submitter): string[] {
  const known = new Map<string | undefined, string>();
  return requests.map(({ request: { project: named } }) => {
    const project = known.get(named) ?? projectOf(named);
    known.set(named, project);
    return project;
  });
}

async function checkedJobs(
  hub: Hub,
  tx: HubTransaction,
  requests: readonly ReadRequest[],
  projects: readonly string[],
  { id, createdByJobId }: Submitter,
): Promise<PreparedJobs> {
  // A job has what its project has, not what its owner has elsewhere.
  const by = createdByJobId === null ? id : null;
  const works = projects.map((project) => ({ project, by }));
  const faults = await findLocationFaults(hub, tx, requests, works);
  const prepared = await prepareJobs(hub, tx, requests, faults);
  refuse(faults);
  const specs = prepared.specs.flatMap(({ spec, place }) => {
    const request = requests[place]?.request;
    const project = projects[place] ?? '';
    return request === undefined ? [] : [{ spec, place, request, project }];
  });
  refuse(await findShortages(tx, specs, hub.now()));
  return prepared;
}

/** Jobs of one request that return to the same folder have each one of their own below it. */
function returnFolders(
  requests: readonly ReadRequest[],
  jobIds: readonly JobId[],
): (string | null)[] {
  const counts = new Map<string, number>();
  for (const { request } of requests) {
    const { returnTo } = request;
    if (returnTo !== null) counts.set(returnTo, (counts.get(returnTo) ?? 0) + 1);
  }
  return requests.map(({ request: { returnTo } }, place) => {
    if (returnTo === null) return null;
    const folder = returnTo.replace(/\/$/, '');
    return (counts.get(returnTo) ?? 0) > 1 ? `${folder}/${jobIds[place]}` : folder;
  });
}

interface ToWrite {
  body: SubmitBody;
  submitter: Submitter;
  jobs: readonly JobToStart[];
  projects: readonly string[];
}

async function write(
  hub: Hub,
  tx: HubTransaction,
  { body, submitter, jobs, projects }: ToWrite,
): Promise<EnsembleId | null> {
  const at = hub.now();
  const byProject = Map.groupBy(
    jobs.map((job, place) => ({ job, place })),
    ({ place }) => projects[place] ?? '',
  );
  const { ensemble } = body;
  const ensembleId = ensemble === undefined ? null : hub.newId('ensemble');
  if (ensemble !== undefined && ensembleId !== null) {
    const [project = '', ...others] = byProject.keys();
    if (others.length > 0) {
      const names = [project, ...others].join(', ');
      const msg = `the jobs of an ensemble have one project, not ${names}`;
      refuse([{ loc: ['ensemble'], msg, type: 'several_projects' }]);
    }
    const { label, tags } = ensemble;
    const about = { id: ensembleId, label, tags, project, ownerId: submitter.id };
    await insertEnsemble(tx, { ...about, total: jobs.length }, at);
  }
  const origin = {
    ownerId: submitter.id,
    flowRunId: null,
    flowStep: null,
    createdByJobId: submitter.createdByJobId,
    ensembleId,
    privatePaths: [],
  };
  for (const [project, ofIt] of byProject) {
    const together = {
      jobs: ofIt.map(({ job }) => job),
      origin: { ...origin, project },
      places: ofIt.map(({ place }) => place),
    };
    await startJobs(hub, tx, together, at, limits.jobsPlacedAtOnce);
  }
  return ensembleId;
}

/** Jobs some of whose parents were there before: they may have ended. */
async function settleParents(hub: Hub, tx: HubTransaction, jobs: readonly NewJob[]): Promise<void> {
  const own = new Set<string>(jobs.map(({ id }) => id));
  const waiting = jobs.filter(({ parents }) => parents.some((id) => !own.has(id)));
  const settled = await settleWaiting(
    tx,
    waiting.map(({ id }) => id),
    hub.now(),
  );
  await goOn(hub, tx, settled);
}
