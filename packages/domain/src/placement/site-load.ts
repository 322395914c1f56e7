import type { Urgency } from '../job/urgency.ts';
import type { Instant } from '../time.ts';
import type { JobToPlace, SiteSnapshot } from './snapshot.ts';

/** Work that a site has: what was placed there before, and what this round has added. */
export interface SiteLoad {
  jobs: number;
  cores: Record<Urgency, number>;
  coreSeconds: Record<Urgency, number>;
  /** Cores of work with a deadline, by when it is due. */
  due: Record<Urgency, Map<number, number>>;
}

/** Deadlines are told apart by so many milliseconds. */
const dueStepMilliseconds = 10_000;

/** The load of a site before the round. */
export function loadOf(site: SiteSnapshot): SiteLoad {
  const load = {
    jobs: site.backlogJobs,
    cores: { ...site.backlogCores },
    coreSeconds: { ...site.backlogCoreSeconds },
    due: { urgent: new Map(), normal: new Map(), backfill: new Map() },
  };
  for (const { urgency, dueAt, cores } of site.backlogDue) addDue(load, urgency, { dueAt, cores });
  return load;
}

function addDue(
  load: SiteLoad,
  urgency: Urgency,
  { dueAt, cores }: { dueAt: Instant; cores: number },
): void {
  const due = load.due[urgency];
  const step = stepOf(dueAt);
  due.set(step, (due.get(step) ?? 0) + cores);
}

function stepOf(dueAt: Instant): number {
  return Math.floor(Date.parse(dueAt) / dueStepMilliseconds);
}

/** Cores of work of an urgency that is due before an instant, or at about the same time. */
export function coresDueBefore(load: SiteLoad, urgency: Urgency, deadlineAt: Instant): number {
  const last = stepOf(deadlineAt);
  let cores = 0;
  for (const [step, each] of load.due[urgency]) if (step <= last) cores += each;
  return cores;
}

/** Cores that a job asks for on all its nodes together. */
export function coresOf({ resources }: Pick<JobToPlace, 'resources'>): number {
  return resources.cores * resources.nodes;
}

/** Adds a job that the round has placed there. */
export function addToLoad(load: SiteLoad, job: JobToPlace, runSeconds: number): void {
  const cores = coresOf(job);
  load.jobs += 1;
  load.cores[job.urgency] += cores;
  load.coreSeconds[job.urgency] += cores * runSeconds;
  if (job.deadlineAt !== null) addDue(load, job.urgency, { dueAt: job.deadlineAt, cores });
}

/** Takes away a job that was placed there before the round, and goes elsewhere by it. */
export function removeFromLoad(load: SiteLoad, job: JobToPlace, runSeconds: number): void {
  const cores = coresOf(job);
  const { urgency, deadlineAt } = job;
  load.jobs -= 1;
  load.cores[urgency] = Math.max(0, load.cores[urgency] - cores);
  load.coreSeconds[urgency] = Math.max(0, load.coreSeconds[urgency] - cores * runSeconds);
  if (deadlineAt !== null) addDue(load, urgency, { dueAt: deadlineAt, cores: -cores });
}
