import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime, span } from '../output/quantities.ts';
import { defined } from '../read-input.ts';

/** What `job list` is told. */
export interface ListJobsOptions extends Paging {
  state?: string | undefined;
  site?: string | undefined;
  app?: string | undefined;
  project?: string | undefined;
  flowRun?: string | undefined;
  label?: string | undefined;
  mine?: boolean | undefined;
}

/** `job list`. */
export async function listJobs(context: Context, options: ListJobsOptions): Promise<void> {
  const { state, site, app, project, flowRun, label } = options;
  const mine = options.mine === true ? 'true' : undefined;
  const wanted = defined({ state, site, app, project, flowRun, label, mine });
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
