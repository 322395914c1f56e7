import { unwrap } from '@interpulse/api/client/create-client.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Context } from '../context.ts';
import { createProgressLine } from '../output/progress-bar.ts';

/**
 * `job wait`: each end as it comes; exit code 1 unless all completed. The hub holds the question
 * until there is something to say.
 */
export async function waitForJobs(context: Context, jobIds: readonly string[]): Promise<void> {
  const line = createProgressLine(context.out);
  const open = new Set(jobIds);
  let failed = 0;
  while (open.size > 0) {
    line.show(`  ${jobIds.length - open.size} of ${jobIds.length} have ended`);
    const asked = [...open].slice(0, limits.jobsPerWait);
    const body = { jobIds: asked, waitSeconds: limits.jobWaitSeconds };
    const { ended } = await unwrap(context.client.POST('/api/v1/jobs/wait', { body }));
    line.clear();
    for (const job of ended) {
      open.delete(job.id);
      if (job.state !== 'completed') failed += 1;
      const why = job.reason === null || job.state === 'completed' ? '' : `: ${job.reason}`;
      context.out.item(job, () => `${job.id} ${job.state}${why}`);
    }
  }
  if (failed > 0) process.exitCode = 1;
}
