import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime, span } from '../output/quantities.ts';
import { jobFilter, type JobFilterOptions } from './job-filter.ts';

/** What `job list` is told. */
export type ListJobsOptions = Paging & JobFilterOptions;

/** `job list`. */
export async function listJobs(context: Context, options: ListJobsOptions): Promise<void> {
  const mine = options.mine === true ? { mine: 'true' } : {};
  const wanted = { ...jobFilter(options, context.nowAt), ...mine };
  await printList(
    context,
    options,
    (page) =>
      unwrap(context.client.GET('/api/v1/jobs', { params: { query: { ...page, ...wanted } } })),
    (jobs) => ({
      columns: ['job', 'what', 'label', 'state', 'site', 'created', 'ran', 'reason'],
      rows: jobs.map((job) => [
        job.id,
        job.app ?? job.command.flat()[0],
        job.label,
        job.state,
        job.siteName,
        localTime(job.createdAt, context.nowAt),
        span(job.startedAt, job.endedAt, context.nowAt),
        job.reason,
      ]),
      empty: 'no jobs',
    }),
  );
}
