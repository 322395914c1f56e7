import { urgencySchema, type Urgency } from '../job/urgency.ts';
import type { JobToPlace, SiteSnapshot } from './snapshot.ts';

/** Work that a site has: what was placed there before, and what this round has added. */
export interface SiteLoad {
  jobs: number;
  cores: Record<Urgency, number>;
  coreSeconds: Record<Urgency, number>;
}

/** From the most to the least urgent. */
export const urgencies = urgencySchema.options;

/** The load of a site before the round. */
export function loadOf(site: SiteSnapshot): SiteLoad {
  return {
    jobs: site.backlogJobs,
    cores: { ...site.backlogCores },
    coreSeconds: { ...site.backlogCoreSeconds },
  };
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
}
