import { DomainError } from '@interpulse/domain/error.ts';
import { evaluateParameters } from '@interpulse/domain/flow/parameters.ts';
import type { FlowBatch, FlowBatchProgress } from '@interpulse/domain/flow-run/flow-batch.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { addSeconds, type Instant } from '@interpulse/domain/time.ts';
import { page, type Handlers } from './answering.ts';
import { fixedId } from './shot-story.ts';
import type { World } from './world.ts';

const base = { flowName: 'survey', project: 'demo', owner: 'ada', urgency: 'backfill' } as const;

/** One under way and one that ended. */
function firstBatches(at: Instant): FlowBatch[] {
  return [
    {
      ...{ ...base, id: fixedId('flowbatch', 0, 2), label: 'gold, with the new mask' },
      ...{ createdAt: addSeconds(at, -1800), canceledAt: null, total: 2197, waiting: 850 },
      ...{ faulty: 3, byStatus: { SUCCEEDED: 1204, ACTIVE: 96, INACTIVE: 2, FAILED: 42 } },
    },
    {
      ...{ ...base, id: fixedId('flowbatch', 0, 1), label: '' },
      ...{ createdAt: addSeconds(at, -86_400), canceledAt: null, total: 60, waiting: 0 },
      ...{ faulty: 0, byStatus: { SUCCEEDED: 58, ENDED: 2 } },
    },
  ];
}

/** How the flow runs of a batch went. */
function progressOf(batch: FlowBatch, now: Instant): FlowBatchProgress {
  const isOpen = batch.waiting > 0;
  const flowRun = (place: number) => ({ id: fixedId('flowrun', 0, place), label: batch.label });
  const failed = batch.byStatus.FAILED ?? 0;
  const reason = 'Reduce: the job failed: exit code 3';
  return {
    expectedEndAt: isOpen ? addSeconds(now, 720) : null,
    runSeconds: { p50: 14.2, p90: 31, longest: 88 },
    failures: failed > 0 ? [{ reason, count: failed, examples: [1, 2].map(flowRun) }] : [],
    doneAgain: [],
  };
}

/** The input that a bulk start's first dataset would give. */
function firstInputOf(mapping: JsonObject | undefined): JsonObject {
  if (!mapping) return { input: { file: 'raw:/1', dataset: 'dataset_1' } };
  const dataset = { id: 'dataset_1', metadata: { n: 3 } };
  const document = { dataset, files: [], file: 'raw:/1' };
  const { value } = evaluateParameters(mapping, { document, privatePaths: [] });
  return isJsonObject(value) ? value : {};
}

/** Flow runs started many at a time: one under way, one that ended, and those that one starts. */
export function batchHandlers(world: World): Handlers {
  const at = world.now();
  const batches = firstBatches(at);
  const find = (id: string) => {
    const found = batches.find((batch) => batch.id === id);
    if (found === undefined) throw new DomainError('notFound', `there is no batch ${id}`);
    return found;
  };
  const start = (flowName: string, total: number, label: string): FlowBatch => {
    const id = fixedId('flowbatch', Date.now(), batches.length + 1);
    const createdAt = world.now();
    const state = { total, waiting: total, faulty: 0, byStatus: {}, canceledAt: null };
    const batch: FlowBatch = { ...base, id, flowName, label, createdAt, ...state };
    batches.unshift(batch);
    return batch;
  };
  return {
    listServiceAccounts: ({ query }) =>
      page(
        ['xpcs-service', 'tomo-service'].map((name, place) => ({
          ...{ id: fixedId('user', 0, 50 + place), name, title: '', admin: false },
          ...{ kind: 'serviceAccount' as const, project: 'demo', createdAt: at },
        })),
        query,
      ),
    listFlowBatches: ({ query }) => page(batches, query),
    getFlowBatch: ({ params }) => {
      const batch = find(params.batchId);
      const reason = 'the flow refuses its input at input.files: at least 1 item';
      const positions = [17, 402, 1777].slice(0, batch.faulty);
      const faults = positions.map((position) => ({ position, reason }));
      return { batch, progress: progressOf(batch, world.now()), faults };
    },
    cancelFlowBatch: ({ params }) => {
      const batch = find(params.batchId);
      const canceled = { ...batch, waiting: 0, canceledAt: world.now() };
      const { ACTIVE = 0, INACTIVE = 0, ...rest } = batch.byStatus;
      canceled.byStatus = { ...rest, ENDED: batch.waiting + ACTIVE + INACTIVE };
      batches.splice(batches.indexOf(batch), 1, canceled);
      return canceled;
    },
    startFlowRuns: ({ body }) => {
      const found = Math.min(121, body.datasets?.filter?.newest ?? 121);
      const count = body.datasets?.ids?.length ?? found;
      const batch = body.dryRun ? null : start(body.flow, count, body.label);
      return { count, batch, firstInput: firstInputOf(body.mapping) };
    },
    rerunFlowRuns: ({ body }) => {
      const count = body.flowRunIds?.length ?? 42;
      const batch = body.dryRun ? null : start('survey', count, body.label);
      return { count, batch, firstInput: null };
    },
    countFlowRuns: () => ({ total: 1384, byStatus: { SUCCEEDED: 1342, FAILED: 42 } }),
    cancelFlowRuns: ({ body }) => {
      const ids = body.flowRunIds ?? [];
      if (!body.dryRun) for (const id of ids) world.canceled.set(id, world.now());
      return { count: body.flowRunIds?.length ?? 7, dryRun: body.dryRun };
    },
  };
}
