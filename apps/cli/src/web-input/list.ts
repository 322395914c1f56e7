import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { defined, oneOf } from '../read-input.ts';

/** Which questions `web-input list` is told to show. */
export interface WebInputListOptions extends Paging {
  filter: string;
  flowRun?: string | undefined;
  flow?: string | undefined;
  project?: string | undefined;
}

/** `web-input list`. */
export async function listWebInputs(context: Context, options: WebInputListOptions): Promise<void> {
  const filter = oneOf('--filter', ['mine', 'open', 'ended', 'all'], options.filter);
  const { flowRun, flow, project } = options;
  const wanted = defined({ filter, flowRun, flow, project });
  await printList(
    context,
    options,
    (query) =>
      unwrap(
        context.client.GET('/api/v1/web-inputs', { params: { query: { ...wanted, ...query } } }),
      ),
    (items) => ({
      columns: ['id', 'question', 'status', 'flow run', 'asked', 'expires', 'answered by'],
      rows: items.map((asked) => [
        asked.id,
        asked.question.title,
        asked.status,
        asked.label || asked.flowRunId,
        localTime(asked.createdAt, context.nowAt),
        localTime(asked.expiresAt, context.nowAt),
        asked.endedBy ?? '',
      ]),
      empty: filter === 'mine' ? 'nobody waits for an answer of yours' : 'no questions',
    }),
  );
}
