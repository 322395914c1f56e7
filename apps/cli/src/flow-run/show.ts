import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { pairsInWords } from '../output/in-words.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime, span } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';
import { defined } from '../read-input.ts';
import { stepTable } from './steps.ts';
import { expectedEnd, timeLeft } from './time-left.ts';
import { whatItDoes } from './what-it-does.ts';

/** `flow-run show`. */
export async function showFlowRun(context: Context, flowRunId: string): Promise<void> {
  const params = { path: { flowRunId } };
  const answer = context.client.GET('/api/v1/flow-runs/{flowRunId}', { params });
  const found = await unwrap(answer);
  context.out.document(found, () => {
    const { flowRun, steps, takenOver } = found;
    const fields = renderFields([
      ['flow run', flowRun.id],
      ['flow', `${flowRun.flowName}, version ${flowRun.flowVersion}`],
      ['label', flowRun.label],
      ['status', flowRun.status],
      ['now', whatItDoes(flowRun, context.nowAt)],
      ['shot', flowRun.shotNumber],
      ['urgency', flowRun.urgency],
      ['deadline', localTime(flowRun.deadlineAt, context.nowAt)],
      ['time left', timeLeft(flowRun, context.nowAt)],
      ['expected', expectedEnd(flowRun, context.nowAt)],
      ['started', localTime(flowRun.startedAt, context.nowAt)],
      ['took', span(flowRun.startedAt, flowRun.endedAt, context.nowAt)],
      ['result', flowRun.resultDatasetId],
      ['owner', flowRun.owner],
      ['tags', pairsInWords(flowRun.tags)],
      ['does again', flowRun.rerunOf],
      ['from', flowRun.startState],
      ['bulk start', flowRun.batchId],
    ]);
    const again = takenOver.map((step) => ({ ...step, sequence: null }));
    const table = renderTable(stepTable([...again, ...steps], context.nowAt));
    const items = found.items.map(
      ({ path, done, active, failed, total }) =>
        `${path}: ${done} done, ${active} active, ${failed} failed` +
        (total === null ? '' : ` of ${total}`),
    );
    const isPart = steps.length < found.stepCount;
    const more = isPart
      ? [`${steps.length} of ${found.stepCount} steps; all: flow-run steps ${flowRun.id} --all`]
      : [];
    return [fields, table, ...(isPart ? [items.join('\n')] : []), ...more]
      .filter((part) => part !== '')
      .join('\n\n');
  });
}

/** `flow-run log`. */
export async function printFlowRunLog(
  context: Context,
  flowRunId: string,
  options: Paging & { newestFirst?: boolean | undefined },
): Promise<void> {
  const path = { flowRunId };
  await printList(
    context,
    options,
    (page) => {
      const newestFirst = options.newestFirst === true ? ('true' as const) : undefined;
      const query = { ...page, ...defined({ newestFirst }) };
      const params = { path, query };
      return unwrap(context.client.GET('/api/v1/flow-runs/{flowRunId}/log', { params }));
    },
    (entries) => ({
      columns: ['at', 'code', 'description'],
      rows: entries.map(({ at, code, description }) => [
        localTime(at, context.nowAt),
        code,
        description,
      ]),
      empty: 'the log is empty',
    }),
  );
}
