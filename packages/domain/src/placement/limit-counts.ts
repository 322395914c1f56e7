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
  const count = (job: JobToPlace, site: SiteSnapshot, sign: 1 | -1): void => {
    for (const limit of holding(job, site)) {
      limit.jobs += sign;
      limit.cores += sign * coresOf(job);
    }
  };
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
    add: (job, site) => count(job, site, 1),
    remove: (job, site) => count(job, site, -1),
  };
}

/** Whether any of these limits may hold for a job, wherever it is placed. */
export function mayLimit(limits: readonly LimitUse[], job: JobToPlace): boolean {
  return limits.some((limit) => mayHold(limit, job));
}

function holds(limit: LimitUse, job: JobToPlace, at: SiteSnapshot): boolean {
  return mayHold(limit, job) && (limit.site === null || limit.site === at.name);
}

function mayHold({ project, app }: LimitUse, job: JobToPlace): boolean {
  return (project === null || project === job.project) && (app === null || app === job.app);
}

function nameOf({ project, site, app }: LimitUse): string {
  const parts = [
    ...(project === null ? [] : [`project ${project}`]),
    ...(app === null ? [] : [`app ${app}`]),
    ...(site === null ? [] : [`site ${site}`]),
  ];
  return parts.length === 0 ? 'of everything' : `of ${parts.join(', ')}`;
}
