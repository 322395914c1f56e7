import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { span } from '../output/quantities.ts';
import type { Table } from '../output/render-table.ts';
import { defined } from '../read-input.ts';

type Step = Schemas['FlowStep'];

/** Steps as a table; those without a number were done by an earlier flow run. */
export function stepTable(
  steps: readonly (Omit<Step, 'sequence'> & { sequence: number | null })[],
  nowAt: string,
): Table {
  return {
    columns: ['step', 'state', 'status', 'took', 'job, jobs or transfer', 'reason'],
    rows: steps.map((step) => [
      step.sequence ?? 'taken over',
      step.stateName,
      step.status,
      span(step.startedAt, step.endedAt, nowAt),
      step.jobId ?? step.ensembleId ?? step.transferId,
      step.reason,
    ]),
    empty: 'no steps yet',
  };
}

interface StepOptions extends Paging {
  path?: string | undefined;
  state?: string | undefined;
  status?: Step['status'] | undefined;
  newestFirst?: boolean | undefined;
}

/** `flow-run steps`. */
export async function listSteps(
  context: Context,
  flowRunId: string,
  { path, state, status, newestFirst, ...paging }: StepOptions,
): Promise<void> {
  const order = newestFirst === true ? ('true' as const) : undefined;
  const filter = defined({ path, state, status, newestFirst: order });
  await printList(
    context,
    paging,
    (page) => {
      const params = { path: { flowRunId }, query: { ...page, ...filter } };
      return unwrap(context.client.GET('/api/v1/flow-runs/{flowRunId}/steps', { params }));
    },
    (steps) => stepTable(steps, context.nowAt),
  );
}
