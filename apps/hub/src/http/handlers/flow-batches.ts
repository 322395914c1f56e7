import type { flowBatchRoutes } from '@interpulse/api/routes/flow-batches.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import { redactState } from '@interpulse/domain/flow/redact.ts';
import { openInBatch } from '@interpulse/domain/flow-run/open-in-batch.ts';
import { predictBatchEnd } from '@interpulse/domain/flow-run/predict-batch-end.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import {
  cancelFlowBatch,
  findFlowBatch,
  insertFlowBatch,
  listBatchFaults,
  listFlowBatches,
  type NewFlowBatch,
  type OwnedFlowBatch,
} from '@interpulse/store/flow-runs/flow-batches.ts';
import { readBatchProgress } from '@interpulse/store/flow-runs/read-batch-progress.ts';
import { listDoneAgain } from '@interpulse/store/flow-runs/list-done-again.ts';
import { listFlowRuns } from '@interpulse/store/flow-runs/list-flow-runs.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findFlow } from '@interpulse/store/flows/flows.ts';
import { planBatch } from '../../flow-runs/plan-batch.ts';
import { startPlace } from '../../flow-runs/start-place.ts';
import { topics, type HubTransaction } from '../../hub.ts';
import { demand, page, visibleProjects, type Call, type Handlers } from '../handler.ts';
import { hold } from '../hold.ts';
import { idempotently } from '../idempotently.ts';
import { cancelRuns, selectFlowRuns } from './cancel-flow-runs.ts';
import { existing } from './existing.ts';

/** Flow runs started many at a time. */
export const flowBatchHandlers: Handlers<keyof typeof flowBatchRoutes> = {
  startFlowRuns: ({ body }, call) =>
    idempotently(call, body, async (tx) => {
      const { who } = call;
      const flow = existing(await findFlow(tx, body.flow), `flow "${body.flow}"`);
      const { project } = startPlace(who, flow, body.project);
      const items = await planBatch(tx, flow, body, visibleProjects(who));
      const { label, tags, urgency, deadlineAt, dryRun } = body;
      const batch = {
        ...{ flowName: flow.name, project, label, items },
        request: { tags, urgency, deadlineAt, rerun: null },
      };
      return begin(call, tx, batch, { dryRun, firstInput: items[0]?.input ?? null });
    }),

  rerunFlowRuns: ({ body }, call) =>
    idempotently(call, body, async (tx) => {
      const { from, version, label, tags, urgency, dryRun } = body;
      const found = await selectFlowRuns(call, body, 'run', ({ endedAt, status }) =>
        from === 'failed' ? ['FAILED', 'ENDED'].includes(status) : endedAt !== null,
      );
      // Who names flow runs means them; who asks for what failed means what still has no answer.
      const ids = found.map(({ id }) => id);
      const isLeftOut = from === 'failed' && body.filter !== undefined;
      const again = isLeftOut ? await listDoneAgain(tx, ids) : new Set<string>();
      const runs = found.filter(({ id }) => !again.has(id));
      const items = runs
        .toReversed()
        .map(({ id, datasetId }) => ({ input: null, datasetId, rerunOf: id }));
      const [first] = runs;
      const batch = {
        flowName: first?.flowName ?? 'none',
        project: first?.project ?? 'none',
        ...{ label, items },
        request: { tags, urgency, deadlineAt: null, rerun: { from, version } },
      };
      return begin(call, tx, batch, { dryRun, firstInput: null });
    }),

  async listFlowBatches({ query }, { hub, who }) {
    const rows = await listFlowBatches(hub.db, {
      projects: visibleProjects(who),
      ownerId: who.id,
      flow: query.flow,
      before: query.cursor,
      limit: query.limit + 1,
    });
    return page(rows.map(publicBatch), query.limit, (batch) => batch.id);
  },

  async getFlowBatch({ params }, call) {
    const batch = await seenBatch(call, params.batchId, 'read');
    const { hub } = call;
    const [faults, row] = await Promise.all([
      listBatchFaults(hub.db, batch.id, limits.faultsTold),
      readBatchProgress(hub.db, batch.id),
    ]);
    const { lastEndsAt, ...progress } = row;
    // What waits for people ends at no pace.
    const remaining = batch.waiting + (batch.byStatus.ACTIVE ?? 0);
    const expectedEndAt = predictBatchEnd({ remaining, lastEndsAt }, hub.now());
    return { batch: publicBatch(batch), progress: { ...progress, expectedEndAt }, faults };
  },

  async waitForFlowBatch({ params, body }, call) {
    const seen = await seenBatch(call, params.batchId, 'read');
    const { endedMoreThan = seen.total } = body;
    const ended = await hold(call, body.waitSeconds, async () => {
      const now = await seenBatch(call, seen.id, 'read');
      const open = openInBatch(now);
      return open === 0 || now.total - open > endedMoreThan ? now : undefined;
    });
    return publicBatch(ended ?? (await seenBatch(call, seen.id, 'read')));
  },

  async cancelFlowBatch({ params }, call) {
    const { hub } = call;
    const { id } = await seenBatch(call, params.batchId, 'run');
    await hub.transaction(async (tx) => {
      await cancelFlowBatch(tx, id, hub.now());
      tx.notify([eventsTopic]);
    });
    const filter = { projects: null, grantees: [], batch: id };
    const limit = flowLimits.flowRunsPerBulk;
    const status = ['ACTIVE' as const, 'INACTIVE' as const];
    await cancelRuns(call, await listFlowRuns(hub.db, { ...filter, status, limit }));
    return publicBatch(await seenBatch(call, id, 'read'));
  },
};

type Begun = Omit<NewFlowBatch, 'id' | 'createdAt' | 'ownerId'>;

async function begin(
  { hub, who }: Call,
  tx: HubTransaction,
  batch: Begun,
  { dryRun, firstInput }: { dryRun: boolean; firstInput: JsonObject | null },
) {
  const shown = firstInput && redactState(firstInput, []);
  const count = batch.items.length;
  if (dryRun || count === 0) return { count, batch: null, firstInput: shown };
  const id = hub.newId('flowbatch');
  await insertFlowBatch(tx, { ...batch, id, ownerId: who.id, createdAt: hub.now() });
  tx.notify([topics.flowBatches]);
  const written = existing(await findFlowBatch(tx, id), `bulk start ${id}`);
  return { count, batch: publicBatch(written), firstInput: shown };
}

async function seenBatch({ hub, who }: Call, id: string, verb: 'read' | 'run') {
  const batch = existing(await findFlowBatch(hub.db, id), `bulk start ${id}`);
  const own = { read: [batch.owner], run: [batch.owner] };
  const thing = { project: batch.project, ownerId: batch.ownerId, grants: own };
  demand(who, verb, thing, `bulk start ${id}`);
  return batch;
}

function publicBatch({ ownerId: _, ...batch }: OwnedFlowBatch) {
  return batch;
}
