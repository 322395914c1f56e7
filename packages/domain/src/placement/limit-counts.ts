import { coresOf } from './site-load.ts';
import type { JobToPlace, LimitUse, SiteSnapshot } from './snapshot.ts';

/** Limits of placing, counted on while a round places. */
export interface LimitCounts {
  /** Why a job may not be placed at a site, or null. */
  refuse(job: JobToPlace, site: SiteSnapshot): string | null;
  /** Counts a job that was placed there. */
  add(job: JobToPlace, site: SiteSnapshot): void;
  /** Counts a job no more that was placed there. */
  remove(job: JobToPlace, site: SiteSnapshot): void;
}

/** Counts on from what is placed under each limit. */
export function countLimits(limits: readonly LimitUse[]): LimitCounts {
  const counts = limits.map((limit) => ({ ...limit }));
  const holding = (job: JobToPlace, site: SiteSnapshot): LimitUse[] =>
    counts.filter((limit) => holds(limit, job, site));
  return {
    refuse(job, site) {
      if (counts.length === 0) return null;
      for (const limit of holding(job, site)) {
        const { jobs, cores, maxJobs, maxCores } = limit;
        const asked = coresOf(job);
        if (maxJobs !== null && jobs + 1 > maxJobs) {
          return `the limit ${nameOf(limit)} is reached: ${jobs} of ${maxJobs} jobs are placed`;
        }
        if (maxCores !== null && cores + asked > maxCores) {
          const use = `${cores} of ${maxCores} cores are placed, ${asked} asked for`;
          return `the limit ${nameOf(limit)} is reached: ${use}`;
        }
      }
      return null;
    },
    add(job, site) {
      for (const limit of holding(job, site)) {
        limit.jobs += 1;
        limit.cores += coresOf(job);
      }
    },
    remove(job, site) {
      for (const limit of holding(job, site)) {
        limit.jobs -= 1;
        limit.cores -= coresOf(job);
      }
    },
  };
}

function holds({ project, site, app }: LimitUse, job: JobToPlace, at: SiteSnapshot): boolean {
  return (
    (project === null || project === job.project) &&
    (site === null || site === at.name) &&
    (app === null || app === job.app)
  );
}

function nameOf({ project, site, app }: LimitUse): string {
  const parts = [
    ...(project === null ? [] : [`project ${project}`]),
    ...(app === null ? [] : [`app ${app}`]),
    ...(site === null ? [] : [`site ${site}`]),
  ];
  return parts.length === 0 ? 'of everything' : `of ${parts.join(', ')}`;
}
