import type { operations } from '@interpulse/api/client/schema.ts';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime, span } from '../output/quantities.ts';
import { renderTable } from '../output/render-table.ts';
import { expectedEnd, timeLeft } from './time-left.ts';
import { filterOf, type FlowRunFilterOptions } from './filter.ts';
import { defined, oneOf } from '../read-input.ts';
import { whatItDoes } from './what-it-does.ts';

type FlowRunQuery = NonNullable<operations['listFlowRuns']['parameters']['query']>;

/** What `flow-run list` is told. */
export interface ListFlowRunsOptions extends Paging, FlowRunFilterOptions {
  mine?: boolean | undefined;
  order: string;
}

/** `flow-run list`. */
export async function listFlowRuns(context: Context, options: ListFlowRunsOptions): Promise<void> {
  const order = oneOf('--order', ['started', 'ended', 'deadline'], options.order);
  const mine = options.mine === true ? 'true' : undefined;
  const asked = filterOf(context, options);
  // What is due next is of those under way, unless somebody asks for others.
  const isOpen = order === 'deadline' && asked.filter === undefined && asked.status === undefined;
  const open = isOpen ? { status: 'ACTIVE,INACTIVE' } : {};
  const wanted = { ...asked, ...open, ...defined({ order, mine }) };
  await printList(
    context,
    options,
    (page) => {
      const query = { ...page, ...wanted } as FlowRunQuery;
      return unwrap(context.client.GET('/api/v1/flow-runs', { params: { query } }));
    },
    (runs) => ({
      columns: [
        'flow run',
        'flow',
        'label',
        'status',
        'steps',
        'started',
        'took',
        'deadline',
        'expected',
        'now',
      ],
      rows: runs.map((run) => [
        run.id,
        run.flowName,
        run.label,
        run.status,
        // Actions alone are counted: a flow may have none.
        run.stepsTotal === 0 ? null : `${run.stepsDone}/${run.stepsTotal}`,
        localTime(run.startedAt, context.nowAt),
        span(run.startedAt, run.endedAt, context.nowAt),
        timeLeft(run, context.nowAt),
        expectedEnd(run, context.nowAt),
        whatItDoes(run, context.nowAt),
      ]),
      empty: isOpen ? 'no flow runs under way' : 'no flow runs that match',
    }),
  );
}

/** `flow-run count`. */
export async function countFlowRuns(
  context: Context,
  options: FlowRunFilterOptions & { mine?: boolean | undefined },
): Promise<void> {
  const mine = options.mine === true ? 'true' : undefined;
  const query = { ...filterOf(context, options), ...defined({ mine }) } as FlowRunQuery;
  const found = await unwrap(context.client.GET('/api/v1/flow-runs/counts', { params: { query } }));
  context.out.document(found, () =>
    renderTable({
      columns: ['status', 'flow runs'],
      rows: [...Object.entries(found.byStatus), ['all', found.total]],
      empty: 'no flow runs',
    }),
  );
}
