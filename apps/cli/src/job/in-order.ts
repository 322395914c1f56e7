import { jobStates, type JobState } from '@interpulse/domain/job/job-state.ts';

/** Counts by state, in the order of a job's life. */
export function inOrder(
  counts: Readonly<Partial<Record<JobState, number>>>,
): [state: JobState, jobs: number][] {
  return jobStates.flatMap((state) => {
    const jobs = counts[state];
    return jobs === undefined ? [] : [[state, jobs] as [JobState, number]];
  });
}
