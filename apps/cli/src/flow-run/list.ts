import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime, span } from '../output/quantities.ts';
import { defined, oneOf } from '../read-input.ts';

const filters = ['all', 'active', 'waiting', 'failed', 'completed'] as const;

/** What `flow-run list` is told. */
export interface ListFlowRunsOptions extends Paging {
  filter: string;
  flow?: string | undefined;
  instrument?: string | undefined;
  project?: string | undefined;
  label?: string | undefined;
  mine?: boolean | undefined;
}

/** `flow-run list`. */
export async function listFlowRuns(context: Context, options: ListFlowRunsOptions): Promise<void> {
  const { flow, instrument, project, label } = options;
  const filter = oneOf('--filter', filters)(options.filter);
  const mine = options.mine === true ? 'true' : undefined;
  const wanted = defined({ filter, flow, instrument, project, label, mine });
  await printList(
    context,
    options,
    (page) =>
      unwrap(
        context.client.GET('/api/v1/flow-runs', { params: { query: { ...page, ...wanted } } }),
      ),
    (runs) => ({
      columns: ['flow run', 'flow', 'label', 'status', 'steps', 'started', 'took', 'now'],
      rows: runs.map((run) => [
        run.id,
        run.flowName,
        run.label,
        run.status,
        `${run.stepsDone}/${run.stepsTotal}`,
        localTime(run.startedAt, context.nowAt),
        span(run.startedAt, run.endedAt, context.nowAt),
        run.reason ?? run.stateName,
      ]),
      empty: 'no flow runs',
    }),
  );
}
