import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { span } from '../output/quantities.ts';
import { waitForEnds } from '../wait/wait-for-ends.ts';

/** `flow-run wait`: each end as it comes; exit code 1 unless all succeeded. */
export async function waitForFlowRuns(
  context: Context,
  flowRunIds: readonly string[],
  options: { timeout?: string | undefined },
): Promise<void> {
  const waiting = {
    ask: async (ids: string[], waitSeconds: number) => {
      const body = { flowRunIds: ids, waitSeconds };
      return (await unwrap(context.client.POST('/api/v1/flow-runs/wait', { body }))).ended;
    },
    isGood: ({ status }: Schemas['FlowRun']) => status === 'SUCCEEDED',
    say: ({ id, status, reason, startedAt, endedAt }: Schemas['FlowRun']) => {
      const why = reason === null ? '' : `: ${reason}`;
      return `${id} ${status} after ${span(startedAt, endedAt, context.nowAt)}${why}`;
    },
  };
  await waitForEnds(context, flowRunIds, waiting, options);
}
