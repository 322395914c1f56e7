import { Readable } from 'node:stream';
import type { flowRunRoutes } from '@interpulse/api/routes/flow-runs.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { hidePrivate } from '@interpulse/domain/flow/private-parameters.ts';
import { redactState } from '@interpulse/domain/flow/redact.ts';
import type { FlowRunStatus } from '@interpulse/domain/flow-run/flow-run.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { changeFlowRun } from '@interpulse/store/flow-runs/change-flow-run.ts';
import {
  countFlowRuns,
  listFlowRuns,
  seenFlowRuns,
  type FlowRunOrder,
  type FlowRunPosition,
} from '@interpulse/store/flow-runs/list-flow-runs.ts';
import {
  findFlowRun,
  listFlowLog,
  readFlowDocuments,
  type OwnedFlowRun,
} from '@interpulse/store/flow-runs/read-flow-runs.ts';
import {
  findFlowStep,
  listDocumentSteps,
  listStepPage,
} from '@interpulse/store/flow-runs/read-flow-steps.ts';
import { listTakenOver } from '@interpulse/store/flow-runs/read-rerun-source.ts';
import { findFlow, findFlowVersion } from '@interpulse/store/flows/flows.ts';
import { applyFlowEvent } from '../../flow-runs/apply-flow-event.ts';
import { checkGrantees } from '../../flow-runs/check-grantees.ts';
import { moveDeadlineOf } from '../../flow-runs/move-deadlines.ts';
import { predictRun } from '../../flow-runs/predict-run.ts';
import { prepareRerun } from '../../flow-runs/prepare-rerun.ts';
import { startFlowRun } from '../../flow-runs/start-flow-run.ts';
import { noteActions } from '../../services/note-actions.ts';
import { startPlace } from '../../flow-runs/start-place.ts';
import { page, visibleTo, type Call, type Handlers } from '../handler.ts';
import { largestInteger, numberCursor } from '../number-cursor.ts';
import { hold } from '../hold.ts';
import { idempotently } from '../idempotently.ts';
import { cancelSelection } from './cancel-flow-runs.ts';
import { existing } from './existing.ts';
import { flowRunFilterOf } from './flow-run-filter.ts';
import { countSteps, documentOutput } from './flow-run-steps.ts';
import { publicFlowRun, publicFlowRuns, seenFlowRun, shownFlowRun } from './seen-flow-run.ts';

const linesPerRead = 500;
const endStatuses: readonly FlowRunStatus[] = ['SUCCEEDED', 'FAILED', 'ENDED'];

/** Executions of flows. */
export const flowRunHandlers: Handlers<keyof typeof flowRunRoutes> = {
  startFlowRun: ({ body }, call) =>
    idempotently(call, body, async (tx) => {
      const { hub, who } = call;
      const flow = existing(await findFlow(tx, body.flow), `flow "${body.flow}"`);
      const { project, managers } = startPlace(who, flow, body.project);
      await checkGrantees(tx, { managers: body.managers, monitors: body.monitors });
      const id = hub.newId('flowrun');
      await startFlowRun(hub, tx, {
        ...body,
        id,
        flow,
        project,
        managers: [...new Set([...body.managers, ...managers])],
        owner: who,
        instrument: null,
        shotNumber: null,
        datasetId: null,
      });
      return publicFlowRun(hub, existing(await findFlowRun(tx, id), `flow run ${id}`), tx);
    }),

  async listFlowRuns({ query }, call) {
    const { cursor, limit, order, ...filter } = query;
    const after = cursor === undefined ? {} : { after: positionOf(cursor, order) };
    const rows = await listFlowRuns(call.hub.db, {
      ...flowRunFilterOf(call, filter),
      ...after,
      order,
      limit: limit + 1,
    });
    return page(await publicFlowRuns(call.hub, rows), limit, (run) => {
      if (order === 'started') return run.id;
      return `${order === 'ended' ? run.endedAt : run.deadlineAt} ${run.id}`;
    });
  },

  async countFlowRuns({ query }, call) {
    const byStatus = await countFlowRuns(call.hub.db, flowRunFilterOf(call, query));
    return { byStatus, total: Object.values(byStatus).reduce((sum, count) => sum + count, 0) };
  },

  async getFlowRun({ params }, call) {
    const { hub } = call;
    const flowRun = await seenFlowRun(call, params.flowRunId, 'read');
    const version = await findFlowVersion(hub.db, flowRun.flowName, flowRun.flowVersion);
    const { input, data, privatePaths } = await readFlowDocuments(hub.db, flowRun.id);
    const seen = await listDocumentSteps(hub.db, flowRun.id);
    const { reason, steps } = await noteActions(hub.db, flowRun, seen, hub.now());
    const prediction = await predictRun(hub, flowRun);
    return {
      flowRun: { ...shownFlowRun(flowRun, prediction), reason },
      prediction,
      definition: hidePrivate(version?.definition ?? {}),
      steps,
      ...(await countSteps(hub, flowRun, steps)),
      takenOver: await listTakenOver(hub.db, flowRun.id),
      input: redactState(input, privatePaths),
      ...documentOutput(flowRun.endedAt === null ? null : redactState(data, privatePaths)),
    };
  },

  async listFlowRunSteps({ params, query }, call) {
    const { id } = await seenFlowRun(call, params.flowRunId, 'read');
    const { cursor, limit, status, ...wanted } = query;
    const rows = await listStepPage(call.hub.db, id, {
      ...wanted,
      status: status === undefined ? undefined : [status],
      after: numberCursor(cursor, 'steps', largestInteger),
      limit: limit + 1,
    });
    return page(rows, limit, (step) => String(step.sequence));
  },

  async getFlowRunStep({ params }, call) {
    const { id } = await seenFlowRun(call, params.flowRunId, 'read');
    const step = await findFlowStep(call.hub.db, id, params.sequence);
    return existing(step, `step ${params.sequence} of flow run ${id}`);
  },

  async getFlowRunLog({ params, query }, call) {
    await seenFlowRun(call, params.flowRunId, 'read');
    const { newestFirst, limit } = query;
    const after = numberCursor(query.cursor, 'a log', largestInteger);
    const wanted = { after, newestFirst, limit };
    const { lines, hasMore } = await listFlowLog(call.hub.db, params.flowRunId, wanted);
    return { items: lines, next: hasMore ? String(lines.at(-1)?.sequence) : null };
  },

  async downloadFlowRunLog({ params }, call) {
    const { id } = await seenFlowRun(call, params.flowRunId, 'read');
    call.reply
      .type('application/x-ndjson')
      .header('content-disposition', `attachment; filename="${id}.log.jsonl"`);
    await call.reply.send(Readable.from(logLines(call, id)));
    return undefined;
  },

  async getFlowRunOutput({ params }, call) {
    const { id, status } = await seenFlowRun(call, params.flowRunId, 'read');
    const { data, privatePaths } = await readFlowDocuments(call.hub.db, id);
    return { status, output: redactState(data, privatePaths) };
  },

  async changeFlowRun({ params, body }, call) {
    const { hub, who } = call;
    const run = await seenFlowRun(call, params.flowRunId, 'write');
    const { deadlineAt, ...change } = body;
    if (deadlineAt !== undefined && run.endedAt !== null) {
      throw new DomainError('conflict', `flow run ${run.id} has ended: it is due no more`);
    }
    await checkGrantees(hub.db, { managers: change.managers, monitors: change.monitors });
    await hub.transaction(async (tx) => {
      if (deadlineAt !== undefined) {
        const move = { deadlineAt, why: `${who.name} asked for it`, followsShotClock: false };
        await moveDeadlineOf(hub, tx, run.id, move);
      }
      await changeFlowRun(tx, run, change, { actor: who.id, at: hub.now() });
      tx.notify([eventsTopic]);
    });
    return publicFlowRun(hub, existing(await findFlowRun(hub.db, run.id), `flow run ${run.id}`));
  },

  async cancelFlowRun({ params }, call) {
    const { hub, who } = call;
    const { id } = await seenFlowRun(call, params.flowRunId, 'run');
    const event = { kind: 'canceled' as const, by: who.name, reason: 'asked for' };
    await hub.transaction((tx) => applyFlowEvent(hub, tx, id, event));
    return publicFlowRun(hub, existing(await findFlowRun(hub.db, id), `flow run ${id}`));
  },

  async waitForFlowRuns({ body }, call) {
    const { hub, who } = call;
    const ids = [...new Set<string>(body.flowRunIds)];
    const seen = new Set<string>(await seenFlowRuns(hub.db, visibleTo(who), ids));
    const unknown = ids.find((id) => !seen.has(id));
    if (unknown !== undefined) throw new DomainError('notFound', `there is no flow run ${unknown}`);
    const wanted = { projects: null, grantees: [], ids, status: endStatuses, limit: ids.length };
    const ended = await hold(call, body.waitSeconds, async () => {
      const runs = await listFlowRuns(hub.db, wanted);
      return runs.length > 0 ? runs : undefined;
    });
    return { ended: await publicFlowRuns(hub, ended ?? []) };
  },

  async resumeFlowRun({ params }, call) {
    const { hub } = call;
    const { id } = await seenFlowRun(call, params.flowRunId, 'run');
    const goesOn = await hub.transaction((tx) => applyFlowEvent(hub, tx, id, { kind: 'resumed' }));
    const run = existing(await findFlowRun(hub.db, id), `flow run ${id}`);
    if (!goesOn) throw new DomainError('conflict', whyNotResumed(run));
    return publicFlowRun(hub, run);
  },

  rerunFlowRun: ({ params, body }, call) =>
    idempotently(call, body, async (tx) => {
      const { hub, who } = call;
      const run = await seenFlowRun(call, params.flowRunId, 'run');
      const prepared = await prepareRerun(tx, run, body);
      const { project, managers } = startPlace(who, prepared.flow, undefined);
      const id = hub.newId('flowrun');
      await startFlowRun(hub, tx, {
        ...prepared,
        id,
        label: body.label ?? run.label,
        tags: body.tags ?? run.tags,
        urgency: body.urgency ?? run.urgency,
        deadlineAt: body.deadlineAt ?? null,
        project,
        owner: who,
        managers: [...new Set([...run.managers, ...managers])],
        monitors: run.monitors,
        instrument: run.instrument,
        shotNumber: run.shotNumber,
        datasetId: run.datasetId,
      });
      return publicFlowRun(hub, existing(await findFlowRun(tx, id), `flow run ${id}`), tx);
    }),

  cancelFlowRuns: ({ body }, call) => cancelSelection(call, body),
};

function whyNotResumed({ id, status, reason }: OwnedFlowRun): string {
  if (status !== 'INACTIVE') return `flow run ${id} is ${status}: it waits for nobody`;
  return `flow run ${id} cannot be resumed now: ${reason ?? 'it waits for a person'}`;
}

function positionOf(cursor: string, order: FlowRunOrder): FlowRunPosition {
  if (order === 'started') return { id: cursor, at: null };
  const [at, id] = cursor.split(' ');
  if (at !== undefined && id !== undefined && Number.isFinite(Date.parse(at))) return { id, at };
  throw new DomainError('invalid', `that is no cursor of flow runs by ${order}`);
}

async function* logLines({ hub }: Call, id: string): AsyncGenerator<string> {
  let after: number | undefined;
  for (;;) {
    const wanted = { after, newestFirst: false, limit: linesPerRead };
    const { lines, hasMore } = await listFlowLog(hub.db, id, wanted);
    if (lines.length > 0) yield lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    if (!hasMore) return;
    after = lines.at(-1)?.sequence;
  }
}
