import { randomUUID } from 'node:crypto';
import { askHeld } from '@interpulse/api/client/ask-held.ts';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { openInBatch } from '@interpulse/domain/flow-run/open-in-batch.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { createProgressLine, progressBar } from '../output/progress-bar.ts';
import { countsOfBatch, describeBatch } from './describe-batch.ts';
import { readDocument, readObject } from '../read-document.ts';
import { defined, jsonPairs, oneOf, pairs, readUrgency } from '../read-input.ts';
import { deadlineAt } from '../read-time.ts';

type Batch = Schemas['FlowBatch'];

/** What `flow-run bulk` is told. */
export interface BulkOptions {
  flow: string;
  inputs?: string | undefined;
  dataset?: string[] | undefined;
  datasets?: string | undefined;
  kind?: string | undefined;
  instrument?: string | undefined;
  newest?: number | undefined;
  mapping?: string | undefined;
  map?: string[] | undefined;
  label?: string | undefined;
  tag?: string[] | undefined;
  urgency: string;
  deadline?: string | undefined;
  project?: string | undefined;
  dryRun?: boolean | undefined;
  follow?: boolean | undefined;
}

/** `flow-run bulk`: one flow over many inputs, or over datasets that are there. */
export async function startFlowRuns(context: Context, options: BulkOptions): Promise<void> {
  const { flow, project, label, dataset: ids, instrument, newest } = options;
  const mapping = {
    ...(options.mapping === undefined ? {} : readObject(options.mapping)),
    ...mappings(options.map),
  };
  const kind = oneOf('--kind', ['raw', 'result'], options.kind);
  const filter = defined({ q: options.datasets, kind, instrument, newest });
  const datasets = ids === undefined ? { filter } : { ids };
  const isOfDatasets = ids !== undefined || Object.keys(filter).length > 0;
  if (isOfDatasets === (options.inputs !== undefined)) {
    const ways =
      '--inputs FILE, or --dataset ID…, or --datasets WORDS, --kind, --instrument, --newest';
    throw new DomainError('invalid', `say over what ${flow} is started, one of: ${ways}`);
  }
  const body = {
    ...{ flow, dryRun: options.dryRun === true, tags: pairs(options.tag) },
    ...defined({ project, label }),
    ...(options.inputs === undefined ? {} : { inputs: readInputs(options.inputs) }),
    ...(isOfDatasets ? { datasets } : {}),
    ...(Object.keys(mapping).length > 0 ? { mapping } : {}),
    urgency: readUrgency(options.urgency),
    deadlineAt: deadlineAt(options.deadline, context.nowAt),
  } as Schemas['StartFlowRunsBody'];
  const header = { 'Idempotency-Key': randomUUID() };
  const started = await unwrap(
    context.client.POST('/api/v1/flow-runs/bulk', { params: { header }, body }),
  );
  await followBatch(context, started, options.follow === true);
}

function readInputs(file: string): unknown[] {
  const inputs = readDocument(file);
  if (Array.isArray(inputs)) return inputs;
  throw new DomainError('invalid', `${file} does not hold a list of inputs`);
}

/** `name=constant`, `name.$=path` or `name.==expression`. */
function mappings(words: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, form, text] = /^([^=]+?)(\.=|\.\$)?=(.*)$/s.exec(word) ?? [];
      if (name === undefined || text === undefined) {
        throw new DomainError('invalid', `"${word}" is not name=value, name.$=… or name.==…`);
      }
      return form === undefined
        ? [name, jsonPairs([`value=${text}`])['value']]
        : [name + form, text];
    }),
  );
}

/** Says what a bulk start came to, and waits for its end if that is wanted. */
export async function followBatch(
  context: Context,
  started: { count: number; batch: Batch | null; firstInput: unknown },
  follow: boolean,
): Promise<void> {
  const { count, batch, firstInput } = started;
  if (batch === null) {
    const first = firstInput === null ? '' : `; the first gets ${JSON.stringify(firstInput)}`;
    const said = count === 0 ? 'nothing matches: no flow run is started' : null;
    context.out.document(started, () => said ?? `would start ${count} flow runs${first}`);
    return;
  }
  if (!follow) {
    context.out.document(started, () => `${count} flow runs start as ${batch.id}`);
    return;
  }
  // Who stops watching wants to find it again.
  context.out.note(`${count} flow runs start as ${batch.id}`);
  await waitForBatch(context, batch);
}

/**
 * Waits for the end of a bulk start, with a bar, and tells how it went; exit code 1 unless all
 * succeeded. The hub holds the question until one more has ended.
 */
async function waitForBatch(context: Context, started: Batch): Promise<void> {
  const line = createProgressLine(context.out);
  const params = { path: { batchId: started.id } };
  let batch = started;
  for (let open = openInBatch(batch); open > 0; open = openInBatch(batch)) {
    const ended = batch.total - open;
    const failed = (batch.byStatus.FAILED ?? 0) + batch.faulty;
    const wrong = failed === 0 ? '' : `, ${failed} failed`;
    const bar = progressBar(ended / batch.total, 20);
    line.show(`  ${bar} ${ended} of ${batch.total} have ended${wrong}`);
    const body = { endedMoreThan: ended };
    const path = '/api/v1/flow-batches/{batchId}/wait';
    const ask = () => unwrap(context.client.POST(path, { params, body }));
    batch = await askHeld(ask);
  }
  line.clear();
  const end = await unwrap(context.client.GET('/api/v1/flow-batches/{batchId}', { params }));
  context.out.document(end, () => describeBatch(end, new Date().toISOString()));
  if ((end.batch.byStatus.SUCCEEDED ?? 0) < end.batch.total) process.exitCode = 1;
}

/** `flow-run batches`. */
export async function listBatches(
  context: Context,
  options: Paging & { flow?: string | undefined },
): Promise<void> {
  const wanted = defined({ flow: options.flow });
  await printList(
    context,
    options,
    (page) => {
      const query = { ...page, ...wanted };
      return unwrap(context.client.GET('/api/v1/flow-batches', { params: { query } }));
    },
    (batches) => ({
      columns: ['bulk start', 'flow', 'label', 'owner', 'started', 'flow runs', 'now'],
      rows: batches.map((batch) => [
        batch.id,
        batch.flowName,
        batch.label,
        batch.owner,
        localTime(batch.createdAt, context.nowAt),
        batch.total,
        countsOfBatch(batch),
      ]),
      empty: 'no bulk starts',
    }),
  );
}

/** `flow-run batch`. */
export async function showBatch(
  context: Context,
  batchId: string,
  { cancel, follow }: { cancel?: boolean | undefined; follow?: boolean | undefined },
): Promise<void> {
  const params = { path: { batchId } };
  if (cancel === true) {
    await unwrap(context.client.POST('/api/v1/flow-batches/{batchId}/cancel', { params }));
  }
  const found = await unwrap(context.client.GET('/api/v1/flow-batches/{batchId}', { params }));
  if (follow === true) await waitForBatch(context, found.batch);
  else context.out.document(found, () => describeBatch(found, context.nowAt));
}
