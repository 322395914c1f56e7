import type { Fault } from '@interpulse/domain/error.ts';
import { orderParents } from '@interpulse/domain/job/order-parents.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import type { JobRequest } from '@interpulse/domain/job/job.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { lockParents } from '@interpulse/store/jobs/parents.ts';

/** A job of a submission, for its place among the others. */
export interface Placed {
  id: JobId;
  project: string;
  request: Pick<JobRequest, 'parents'>;
}

/**
 * The jobs that each job of a submission waits for, by place. Parents are jobs of the same project,
 * there already or in the same submission. They do not end before this transaction does.
 */
export async function resolveParents(
  tx: Executor,
  jobs: readonly Placed[],
  faults: Fault[],
): Promise<JobId[][]> {
  if (jobs.every(({ request }) => request.parents.length === 0)) return jobs.map(() => []);
  const order = orderParents(jobs.map(({ request }) => request.parents));
  faults.push(...order.faults);
  const outside = order.parents.flatMap(({ ids }) => ids);
  const known = new Map<string, { id: JobId; project: string }>(
    (await lockParents(tx, outside)).map((job) => [job.id, job]),
  );
  return jobs.map(({ project, request }, place) => {
    const { ids = [], places = [] } = order.parents[place] ?? {};
    const wanted = [...ids, ...places];
    return wanted.flatMap((parent): JobId[] => {
      const found = typeof parent === 'number' ? jobs[parent] : known.get(parent);
      if (found?.project === project) return [found.id];
      const index = request.parents.findIndex((each) => each === parent);
      const msg = `there is no job ${parent} in project ${project}`;
      faults.push({ loc: ['jobs', place, 'parents', index], msg, type: 'unknown_parent' });
      return [];
    });
  });
}
