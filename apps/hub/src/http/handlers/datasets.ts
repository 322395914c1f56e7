import type { datasetRoutes } from '@interpulse/api/routes/datasets.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Question } from '@interpulse/api/agent-messages/questions.ts';
import {
  findDataset,
  isFileOf,
  listDatasetFiles,
  listDatasets,
  listRelatives,
  readPreview,
  type OwnedDataset,
} from '@interpulse/store/catalog/read-datasets.ts';
import { insertDataset } from '@interpulse/store/catalog/write-datasets.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { seenFlowRuns } from '@interpulse/store/flow-runs/list-flow-runs.ts';
import { listEvents } from '@interpulse/store/events/list-events.ts';
import { askAgent, askCollection } from '../../agents/ask-agent.ts';
import { readWholeFile } from '../../agents/read-whole-file.ts';
import { demandCollections } from '../../services/refuse-collections.ts';
import { fireDatasetTriggers } from '../../triggers/dataset-event.ts';
import {
  demand,
  page,
  projectFor,
  visibleProjects,
  visibleTo,
  type Call,
  type Handlers,
} from '../handler.ts';
import { idempotently } from '../idempotently.ts';
import { streamEvents } from '../stream-events.ts';
import { existing } from './existing.ts';
import { sendFile } from './send-file.ts';

/** The catalog, and the history of everything. */
export const datasetHandlers: Handlers<keyof typeof datasetRoutes> = {
  registerDataset: ({ body }, call) =>
    idempotently(call, body, async (tx) => {
      const { hub, who } = call;
      const id = hub.newId('dataset');
      const { project: _, files, ...rest } = body;
      const dataset = {
        ...rest,
        id,
        project: projectFor(who, body.project, 'write'),
        ownerId: who.id,
        instrument: null,
        shotNumber: null,
        flowRunId: null,
        jobId: null,
        files: files.map((file) => ({
          location: file.location,
          sizeBytes: file.sizeBytes ?? null,
          modifiedAt: file.modifiedAt ?? null,
          xxh3: file.xxh3 ?? null,
        })),
        preview: null,
        sourceKey: null,
      };
      const read = files.map(({ location }) => location);
      await demandCollections(tx, { project: dataset.project, by: who }, 'read', read);
      const at = hub.now();
      await insertDataset(tx, dataset, at);
      await fireDatasetTriggers(hub, tx, dataset, at);
      tx.notify([eventsTopic]);
      return publicDataset(existing(await findDataset(tx, id), `dataset ${id}`));
    }),

  async listDatasets({ query }, { hub, who }) {
    const rows = await listDatasets(hub.db, {
      ...query,
      projects: visibleProjects(who),
      flowRunId: query.flowRun,
      before: query.cursor,
      limit: query.limit + 1,
    });
    return page(rows.map(publicDataset), query.limit, (dataset) => dataset.id);
  },

  async getDataset({ params }, call) {
    const { hub, who } = call;
    const dataset = await seenDataset(call, params.datasetId);
    const relatives = await listRelatives(hub.db, params.datasetId, visibleProjects(who));
    return {
      dataset: publicDataset(dataset),
      files: await listDatasetFiles(hub.db, params.datasetId),
      sources: relatives.sources.map(publicDataset),
      results: relatives.results.map(publicDataset),
    };
  },

  async getDatasetPreview({ params }, call) {
    await seenDataset(call, params.datasetId);
    const preview = await readPreview(call.hub.db, params.datasetId);
    return existing(preview ?? undefined, `preview of dataset ${params.datasetId}`);
  },

  async getDatasetFile({ params, query }, call) {
    const session = await agentOfFile(call, params.datasetId, query.file);
    const bytes = await readWholeFile(session, query.file);
    return sendFile(call.reply, query.file, bytes);
  },

  async getHdf5Entity({ params, query }, call) {
    const question = { ask: 'hdf5Entity' as const, location: query.file, path: query.path };
    return jsonAnswer(await askAboutFile(call, params.datasetId, question));
  },

  async getHdf5Attributes({ params, query }, call) {
    const question = { ask: 'hdf5Attributes' as const, location: query.file, path: query.path };
    return jsonAnswer(await askAboutFile(call, params.datasetId, question));
  },

  async getHdf5Value({ params, query }, call) {
    const { answer, bytes } = await askAboutFile(call, params.datasetId, {
      ask: 'hdf5Value',
      location: query.file,
      path: query.path,
      selection: query.selection ?? null,
      format: query.format,
    });
    const type = query.format === 'bin' ? 'application/octet-stream' : 'application/json';
    const json = answer.answer === 'json' ? JSON.stringify(answer.value['value'] ?? null) : null;
    await call.reply.header('content-type', type).send(bytes ? Buffer.from(bytes) : json);
    return undefined;
  },

  async listEvents({ query }, { hub, who }) {
    const { subjectType, subjectId, flowRun, cursor, limit } = query;
    const wanted = [flowRun, subjectType === 'flowRun' ? subjectId : undefined];
    const ids = wanted.filter((id) => id !== undefined);
    const rows = await listEvents(hub.db, {
      projects: visibleProjects(who),
      sharedFlowRuns: ids.length > 0 ? await seenFlowRuns(hub.db, visibleTo(who), ids) : [],
      subjectType,
      subjectId,
      flowRunId: flowRun,
      after: cursor,
      limit: limit + 1,
    });
    return page(rows, limit, (event) => event.cursor);
  },

  async streamEvents({ query }, call) {
    await streamEvents(call, query);
    return undefined;
  },
};

function publicDataset({ ownerId: _, ...dataset }: OwnedDataset) {
  return dataset;
}

async function seenDataset({ hub, who }: Call, id: string): Promise<OwnedDataset> {
  const dataset = existing(await findDataset(hub.db, id), `dataset ${id}`);
  demand(who, 'read', { project: dataset.project, ownerId: dataset.ownerId }, `dataset ${id}`);
  return dataset;
}

/** Only files of the dataset's own manifest can be asked for. */
async function askAboutFile(
  call: Call,
  datasetId: string,
  question: Question & { location: string },
) {
  return askAgent(await agentOfFile(call, datasetId, question.location), question);
}

async function agentOfFile(call: Call, datasetId: string, location: string) {
  await seenDataset(call, datasetId);
  const isOurs = await isFileOf(call.hub.db, datasetId, location);
  if (!isOurs) throw new DomainError('notFound', `${location} is no file of the dataset`);
  return askCollection(call.hub, location);
}

function jsonAnswer({ answer }: Awaited<ReturnType<typeof askAgent>>) {
  if (answer.answer === 'json') return answer.value;
  throw new DomainError('unavailable', 'the agent answered something else than it was asked');
}
