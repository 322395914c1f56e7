import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { followThing } from '../follow-thing.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { createProgressLine } from '../output/progress-bar.ts';
import { duration, localTime, span } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';
import { inOrder } from '../job/in-order.ts';
import { defined } from '../read-input.ts';

/** What `ensemble list` is told. */
export interface ListEnsemblesOptions extends Paging {
  project?: string | undefined;
  label?: string | undefined;
  mine?: boolean | undefined;
  open?: boolean | undefined;
}

/** `ensemble list`. */
export async function listEnsembles(
  context: Context,
  options: ListEnsemblesOptions,
): Promise<void> {
  const { project, label } = options;
  const mine = options.mine === true ? 'true' : undefined;
  const open = options.open === true ? 'true' : undefined;
  const wanted = defined({ project, label, mine, open });
  await printList(
    context,
    options,
    (page) =>
      unwrap(
        context.client.GET('/api/v1/ensembles', { params: { query: { ...page, ...wanted } } }),
      ),
    (ensembles) => ({
      columns: ['ensemble', 'label', 'jobs', 'completed', 'failed', 'open', 'created', 'took'],
      rows: ensembles.map((each) => [
        each.id,
        each.label,
        each.total,
        each.counts.completed ?? 0,
        each.counts.failed ?? 0,
        openOf(each),
        localTime(each.createdAt, context.nowAt),
        span(each.createdAt, each.endedAt, context.nowAt),
      ]),
      empty: 'no ensembles; make one with: interpulse job submit --ensemble LABEL',
    }),
  );
}

function openOf({ total, counts }: Schemas['Ensemble']): number {
  return total - (counts.completed ?? 0) - (counts.failed ?? 0) - (counts.canceled ?? 0);
}

function fetchEnsemble(context: Context, ensembleId: string) {
  const params = { path: { ensembleId } };
  return unwrap(context.client.GET('/api/v1/ensembles/{ensembleId}', { params }));
}

/** `ensemble show`: counts, durations, and why jobs failed. */
export async function showEnsemble(context: Context, ensembleId: string): Promise<void> {
  const found = await fetchEnsemble(context, ensembleId);
  context.out.document(found, () => {
    const { ensemble, runSeconds, failures, bySite } = found;
    const fields = renderFields([
      ['ensemble', ensemble.id],
      ['label', ensemble.label],
      ['project', ensemble.project],
      ['jobs', ensemble.total],
      ...inOrder(ensemble.counts),
      ['created', localTime(ensemble.createdAt, context.nowAt)],
      ['took', span(ensemble.createdAt, ensemble.endedAt, context.nowAt)],
      ['run time', runSeconds === null ? null : describeRuns(runSeconds)],
      ...bySite.map(
        ({ siteName, completed, failed, active }) =>
          [`at ${siteName}`, `${completed} completed, ${failed} failed, ${active} run`] as const,
      ),
    ]);
    if (failures.length === 0) return fields;
    const table = renderTable({
      columns: ['failed', 'exit code', 'reason', 'for example'],
      rows: failures.map((each) => [each.count, each.exitCode, each.reason, each.exampleJobId]),
      empty: '',
    });
    return `${fields}\n\n${table}`;
  });
}

function describeRuns({ p50, p90, longest }: { p50: number; p90: number; longest: number }) {
  return `half within ${duration(p50)}, nine of ten ${duration(p90)}, longest ${duration(longest)}`;
}

/** `ensemble follow`: a line of progress until its end; exit code 1 unless all completed. */
export async function followEnsemble(context: Context, ensembleId: string): Promise<void> {
  const line = createProgressLine(context.out);
  const { ensemble } = await followThing(context, {
    // Hundreds of its jobs may end in a second: a look each second tells as much as their events.
    changesSilently: true,
    concerns: () => false,
    fetch: () => fetchEnsemble(context, ensembleId),
    isEnd: ({ ensemble: each }) => each.endedAt !== null,
    show: ({ ensemble: each }) => {
      const { completed = 0, failed = 0, active = 0 } = each.counts;
      line.show(`  ${completed} of ${each.total} completed, ${active} run, ${failed} failed`);
    },
  });
  line.clear();
  const { completed = 0, failed = 0, canceled = 0 } = ensemble.counts;
  context.out.item(
    ensemble,
    () => `${ensemble.id}: ${completed} completed, ${failed} failed, ${canceled} canceled`,
  );
  if (completed < ensemble.total) process.exitCode = 1;
}

/** `ensemble cancel`. */
export async function cancelEnsemble(context: Context, ensembleId: string): Promise<void> {
  const params = { path: { ensembleId } };
  const answer = await unwrap(
    context.client.POST('/api/v1/ensembles/{ensembleId}/cancel', { params }),
  );
  context.out.document(answer, () => `${answer.canceled} jobs are canceled`);
}

/** `ensemble retry`: the jobs that failed or were canceled. */
export async function retryEnsemble(context: Context, ensembleId: string): Promise<void> {
  const body = { filter: { ensemble: ensembleId, state: 'failed,canceled' } };
  const answer = await unwrap(context.client.POST('/api/v1/jobs/retry', { body }));
  context.out.document(answer, () => `${answer.retried} jobs run again`);
}
