import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { renderTable } from '../output/render-table.ts';
import { inOrder } from './in-order.ts';
import { jobFilter, type JobFilterOptions } from './job-filter.ts';

/** Jobs by their ids, or by flags. */
export interface SelectOptions extends JobFilterOptions {
  jobIds: string[];
}

/**
 * The jobs that are meant.
 * @throws DomainError invalid, when both or neither are said: never all by mistake.
 */
export function jobSelection(options: SelectOptions, nowAt: string): Schemas['CancelJobsBody'] {
  const filter = {
    ...jobFilter(options, nowAt),
    ...(options.mine === true ? { mine: true } : {}),
  };
  const hasFilter = Object.keys(filter).length > 0;
  if (hasFilter === options.jobIds.length > 0) {
    const message = 'say which jobs: either their ids, or flags such as --state failed --mine';
    throw new DomainError('invalid', message);
  }
  return hasFilter ? { filter } : { jobIds: options.jobIds };
}

/** `job cancel`. */
export async function cancelJobs(context: Context, options: SelectOptions): Promise<void> {
  const body = jobSelection(options, context.nowAt);
  const answer = await unwrap(context.client.POST('/api/v1/jobs/cancel', { body }));
  context.out.document(answer, () => `${count(answer.canceled)} canceled`);
}

/** `job retry`. */
export async function retryJobs(context: Context, options: SelectOptions): Promise<void> {
  const body = jobSelection(options, context.nowAt);
  const answer = await unwrap(context.client.POST('/api/v1/jobs/retry', { body }));
  context.out.document(answer, () => `${count(answer.retried)} run again`);
}

/** `job count`. */
export async function countJobs(context: Context, options: JobFilterOptions): Promise<void> {
  const mine = options.mine === true ? { mine: 'true' } : {};
  const query = { ...jobFilter(options, context.nowAt), ...mine };
  const found = await unwrap(context.client.GET('/api/v1/jobs/counts', { params: { query } }));
  context.out.document(found, () =>
    renderTable({
      columns: ['state', 'jobs'],
      rows: [...inOrder(found.counts), ['all', found.total]],
      empty: 'no jobs',
    }),
  );
}

function count(jobs: number): string {
  return jobs === 1 ? '1 job is' : `${jobs} jobs are`;
}
