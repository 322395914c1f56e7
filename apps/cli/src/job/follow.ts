import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { followThing } from '../follow-thing.ts';
import { createProgressLine } from '../output/progress-bar.ts';
import { span } from '../output/quantities.ts';

/** `job follow`: each state as it comes; exit code 1 unless it completes. */
export async function followJob(context: Context, jobId: string): Promise<void> {
  const line = createProgressLine(context.out);
  const params = { path: { jobId } };
  let printed = '';
  const { job } = await followThing(context, {
    concerns: (event) => event.subjectId === jobId,
    fetch: () => unwrap(context.client.GET('/api/v1/jobs/{jobId}', { params })),
    isEnd: ({ job: each }) => ['completed', 'failed', 'canceled'].includes(each.state),
    show: ({ job: each }) => {
      const nowAt = new Date().toISOString();
      const place = each.siteName === null ? '' : ` at ${each.siteName}`;
      const why = each.reason === null ? '' : `: ${each.reason}`;
      if (each.state !== printed) {
        printed = each.state;
        line.clear();
        context.out.item(each, () => `${each.id} ${each.state}${place}${why}`);
      }
      line.show(`  ${each.state}${place} for ${span(each.stateSinceAt, null, nowAt)}${why}`);
    },
  });
  line.clear();
  if (job.state !== 'completed') process.exitCode = 1;
}
