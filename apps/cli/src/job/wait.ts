import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { waitForEnds } from '../wait/wait-for-ends.ts';

/** `job wait`: each end as it comes; exit code 1 unless all completed. */
export async function waitForJobs(
  context: Context,
  jobIds: readonly string[],
  options: { timeout?: string | undefined } = {},
): Promise<void> {
  const waiting = {
    ask: async (ids: string[], waitSeconds: number) => {
      const body = { jobIds: ids, waitSeconds };
      return (await unwrap(context.client.POST('/api/v1/jobs/wait', { body }))).ended;
    },
    isGood: ({ state }: Schemas['Job']) => state === 'completed',
    say: ({ id, state, reason }: Schemas['Job']) => {
      const why = reason === null || state === 'completed' ? '' : `: ${reason}`;
      return `${id} ${state}${why}`;
    },
  };
  await waitForEnds(context, jobIds, waiting, options);
}
