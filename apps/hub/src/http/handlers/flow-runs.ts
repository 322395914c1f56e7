import type { flowRunRoutes } from '@interpulse/api/routes/flow-runs.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { redactState } from '@interpulse/domain/flow/redact.ts';
import {
  findFlowRun,
  listFlowLog,
  listFlowRuns,
  listFlowSteps,
  readFlowDocuments,
  type OwnedFlowRun,
} from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { findFlow, findFlowVersion } from '@interpulse/store/flows/flows.ts';
import { applyFlowEvent } from '../../flow-runs/apply-flow-event.ts';
import { startFlowRun } from '../../flow-runs/start-flow-run.ts';
import { noteActions } from '../../services/note-actions.ts';
import { demand, page, projectFor, visibleProjects, type Call, type Handlers } from '../handler.ts';
import { idempotently } from '../idempotently.ts';
import { existing } from './existing.ts';

/** Executions of flows. */
export const flowRunHandlers: Handlers<keyof typeof flowRunRoutes> = {
  startFlowRun: ({ body }, call) =>
    idempotently(call, body, async (tx) => {
      const { hub, who } = call;
      const flow = existing(await findFlow(tx, body.flow), `flow "${body.flow}"`);
      demand(who, 'run', { project: flow.project, ownerId: null }, `flow "${body.flow}"`);
      const id = hub.newId('flowrun');
      await startFlowRun(hub, tx, {
        ...body,
        id,
        flow,
        project: projectFor(who, body.project ?? flow.project, 'run'),
        owner: who,
        instrument: null,
        shotNumber: null,
        datasetId: null,
      });
      return publicRun(existing(await findFlowRun(tx, id), `flow run ${id}`));
    }),

  async listFlowRuns({ query }, { hub, who }) {
    const rows = await listFlowRuns(hub.db, {
      ...query,
      projects: visibleProjects(who),
      ownerId: query.mine ? who.id : undefined,
      before: query.cursor,
      limit: query.limit + 1,
    });
    return page(rows.map(publicRun), query.limit, (run) => run.id);
  },

  async getFlowRun({ params }, call) {
    const { hub } = call;
    const flowRun = await seenRun(call, params.flowRunId, 'read');
    const version = await findFlowVersion(hub.db, flowRun.flowName, flowRun.flowVersion);
    const { input, data, privatePaths } = await readFlowDocuments(hub.db, flowRun.id);
    const seen = await listFlowSteps(hub.db, flowRun.id);
    const { reason, steps } = await noteActions(hub.db, flowRun, seen, hub.now());
    return {
      flowRun: { ...publicRun(flowRun), reason },
      definition: version?.definition ?? {},
      steps,
      input: redactState(input, privatePaths),
      output: flowRun.endedAt === null ? null : redactState(data, privatePaths),
    };
  },

  async getFlowRunLog({ params, query }, call) {
    await seenRun(call, params.flowRunId, 'read');
    const after = query.cursor === undefined ? -1 : Number(query.cursor);
    if (!Number.isSafeInteger(after))
      throw new DomainError('invalid', 'that is no cursor of a log');
    const rows = await listFlowLog(call.hub.db, params.flowRunId, after, query.limit + 1);
    return page(rows, query.limit, (entry) => String(entry.sequence));
  },

  async cancelFlowRun({ params }, call) {
    const { hub, who } = call;
    await seenRun(call, params.flowRunId, 'run');
    await hub.transaction((tx) =>
      applyFlowEvent(hub, tx, params.flowRunId, {
        kind: 'canceled',
        by: who.name,
        reason: 'asked for',
      }),
    );
    return publicRun(await seenRun(call, params.flowRunId, 'read'));
  },
};

function publicRun({ ownerId: _, ...run }: OwnedFlowRun) {
  return run;
}

async function seenRun({ hub, who }: Call, id: string, verb: 'read' | 'run') {
  const run = existing(await findFlowRun(hub.db, id), `flow run ${id}`);
  demand(who, verb, { project: run.project, ownerId: run.ownerId }, `flow run ${id}`);
  return run;
}
