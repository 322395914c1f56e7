import type { RouteInput } from '@interpulse/api/routes/all-routes.ts';
import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { measureJson, type JsonObject } from '@interpulse/domain/json.ts';
import {
  firstFilesOf,
  listDatasets,
  type OwnedDataset,
} from '@interpulse/store/catalog/read-datasets.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import type { NewFlowBatchItem } from '@interpulse/store/flow-runs/flow-batches.ts';
import type { OwnedFlow } from '@interpulse/store/flows/flows.ts';
import {
  datasetDocument,
  faultsOfMapping,
  filesPerDataset,
  mapInput,
  plainMapping,
} from './map-bulk-input.ts';

type BulkBody = RouteInput<'startFlowRuns'>['body'];

interface Source {
  document: JsonObject;
  datasetId: string | null;
  loc: (string | number)[];
}

const datasetsPerRead = 1_000;

/**
 * What a bulk start starts: an input for each dataset or each input given, mapped and checked.
 * @throws DomainError invalid with all faults (none is started then), or exhausted.
 */
export async function planBatch(
  db: Executor,
  flow: OwnedFlow,
  body: BulkBody,
  projects: readonly string[] | null,
): Promise<NewFlowBatchItem[]> {
  if ((body.inputs === undefined) === (body.datasets === undefined)) {
    throw new DomainError('invalid', 'say over what: either "inputs" or "datasets"');
  }
  const mapping = body.mapping ?? (body.datasets ? plainMapping : null);
  const faults: Fault[] = mapping === null ? [] : faultsOfMapping(mapping);
  refuse(faults);
  const items: NewFlowBatchItem[] = [];
  let bytes = 0;
  for await (const { document, datasetId, loc } of sourcesOf(db, body, projects)) {
    const mapped = mapping === null ? document : mapInput(mapping, document);
    if (mapping !== null && isProblem(mapped)) {
      faults.push({ loc, msg: mapped.msg, type: 'mapping' });
      continue;
    }
    const input = mapped as JsonObject;
    const found = validateInput(flow.inputSchema, input);
    faults.push(...found.map((fault) => ({ ...fault, loc: [...loc, ...fault.loc] })));
    if (faults.length > limits.faultsTold) break;
    const { stateBytes, stateDepth, bulkBytes } = flowLimits;
    bytes += measureJson(input, stateBytes, stateDepth).sizeBytes;
    if (bytes > bulkBytes) {
      const message = `the inputs take more than ${bulkBytes / 1024 ** 2} MiB together`;
      throw new DomainError('exhausted', `${message}; start fewer at once, or pass locations`);
    }
    items.push({ input, datasetId, rerunOf: null });
  }
  refuse(faults);
  return items;
}

function isProblem(value: JsonObject | { msg: string }): value is { msg: string } {
  return Object.keys(value).length === 1 && typeof value['msg'] === 'string';
}

function refuse(faults: readonly Fault[]): void {
  const [first] = faults;
  if (!first) return;
  const message = `${first.loc.join('.')}: ${first.msg}; no flow run was started`;
  throw new DomainError('invalid', message, { faults: faults.slice(0, limits.faultsTold) });
}

async function* sourcesOf(
  db: Executor,
  { inputs, datasets }: BulkBody,
  projects: readonly string[] | null,
): AsyncGenerator<Source> {
  for (const [index, document] of (inputs ?? []).entries()) {
    yield { document, datasetId: null, loc: ['inputs', index] };
  }
  if (datasets === undefined) return;
  const found = await selectDatasets(db, datasets, projects);
  for (let from = 0; from < found.length; from += datasetsPerRead) {
    const some = found.slice(from, from + datasetsPerRead);
    const ids = some.map(({ id }) => id);
    const files = await firstFilesOf(db, ids, filesPerDataset);
    for (const dataset of some) {
      const document = datasetDocument(dataset, files.get(dataset.id) ?? []);
      yield { document, datasetId: dataset.id, loc: ['datasets', dataset.id] };
    }
  }
}

async function selectDatasets(
  db: Executor,
  { ids, filter }: NonNullable<BulkBody['datasets']>,
  projects: readonly string[] | null,
): Promise<OwnedDataset[]> {
  if ((ids === undefined) === (filter === undefined)) {
    throw new DomainError('invalid', 'say which datasets: either "ids" or "filter"');
  }
  const most = flowLimits.flowRunsPerBulk;
  const { newest = most + 1, ...wanted } = filter ?? {};
  const found = await listDatasets(db, { ...wanted, ids, projects, limit: newest });
  if (found.length > most) {
    const ways = 'narrow the filter, take the newest, or begin several';
    throw new DomainError('exhausted', `more than ${most} datasets are meant; ${ways}`);
  }
  const known = new Set<string>(found.map(({ id }) => id));
  const unknown = ids?.find((id) => !known.has(id));
  if (unknown !== undefined) throw new DomainError('notFound', `there is no dataset ${unknown}`);
  // The oldest first: results come in the order of the measurements.
  return found.toReversed();
}
