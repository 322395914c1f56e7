import type { flowRoutes } from '@interpulse/api/routes/flows.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { parseDefinition } from '@interpulse/domain/flow/definition.ts';
import { checkImport } from '@interpulse/domain/flow/import/check-import.ts';
import { redactState } from '@interpulse/domain/flow/redact.ts';
import { checkInputSchema } from '@interpulse/domain/flow/validate-input.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  findFlowRun,
  listFlowLog,
  listFlowRuns,
  listFlowSteps,
  readFlowDocuments,
  type OwnedFlowRun,
} from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { findFlow, findFlowVersion, listFlows, saveFlow } from '@interpulse/store/flows/flows.ts';
import {
  deleteTrigger,
  findTrigger,
  listTriggers,
  saveTrigger,
  type StoredTrigger,
} from '@interpulse/store/flows/triggers.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import { applyFlowEvent } from '../../flow-runs/apply-flow-event.ts';
import { startFlowRun } from '../../flow-runs/start-flow-run.ts';
import { demand, page, projectFor, visibleProjects, type Call, type Handlers } from '../handler.ts';
import { idempotently } from '../idempotently.ts';
import { existing } from './existing.ts';

/** Flows, flow runs and triggers. */
export const flowHandlers: Handlers<keyof typeof flowRoutes> = {
  async listFlows({ query }, { hub, who }) {
    const filter = { projects: visibleProjects(who), after: query.cursor };
    const rows = await listFlows(hub.db, { ...filter, limit: query.limit + 1 });
    return page(rows, query.limit, (flow) => flow.name);
  },

  async getFlow({ params }, { hub, who }) {
    const flow = existing(await findFlow(hub.db, params.flow), `flow "${params.flow}"`);
    demand(who, 'read', { project: flow.project, ownerId: null }, `flow "${params.flow}"`);
    return flow;
  },

  async saveFlow({ params, body }, { hub, who }) {
    const faults = checkFlow(body.definition, body.inputSchema);
    if (faults.length > 0) {
      const [first] = faults;
      const message = `flow ${params.flow}: ${first?.loc.join('.') ?? ''}: ${first?.msg ?? ''}`;
      throw new DomainError('invalid', message, { faults });
    }
    const known = await findFlow(hub.db, params.flow);
    if (known)
      demand(who, 'write', { project: known.project, ownerId: null }, `flow ${known.name}`);
    const project = known?.project ?? projectFor(who, body.project, 'write');
    await hub.transaction(async (tx) => {
      const at = hub.now();
      const flow = { ...body, id: hub.newId('flow'), name: params.flow, project, ownerId: who.id };
      const version = await saveFlow(tx, flow, at);
      await appendEvents(tx, [
        {
          at,
          kind: 'flow.saved',
          subjectType: 'flow',
          subjectId: params.flow,
          project,
          flowRunId: null,
          actor: who.id,
          data: { version },
        },
      ]);
      tx.notify([eventsTopic]);
    });
    return existing(await findFlow(hub.db, params.flow), `flow "${params.flow}"`);
  },

  async checkFlowImport({ body }, { hub }) {
    return checkImport(body.definition, body.inputSchema, hub.mapping);
  },

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
    return {
      flowRun: publicRun(flowRun),
      definition: version?.definition ?? {},
      steps: await listFlowSteps(hub.db, flowRun.id),
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

  async listTriggers({ query }, { hub, who }) {
    const filter = { projects: visibleProjects(who), after: query.cursor };
    const rows = await listTriggers(hub.db, { ...filter, limit: query.limit + 1 });
    return page(rows.map(publicTrigger), query.limit, (trigger) => trigger.name);
  },

  async saveTrigger({ params, body }, { hub, who }) {
    const known = await findTrigger(hub.db, params.trigger);
    if (known) demand(who, 'write', { project: known.project, ownerId: null }, 'trigger');
    const project = known?.project ?? projectFor(who, body.project, 'write');
    const flow = existing(await findFlow(hub.db, body.flowName), `flow "${body.flowName}"`);
    demand(who, 'run', { project: flow.project, ownerId: null }, `flow "${body.flowName}"`);
    existing(await findInstrument(hub.db, body.instrument), `instrument "${body.instrument}"`);
    const at = hub.now();
    await hub.transaction(async (tx) => {
      const trigger = { ...body, id: hub.newId('trigger'), name: params.trigger, project };
      await saveTrigger(tx, { ...trigger, ownerId: known?.ownerId ?? who.id }, at);
      await appendEvents(tx, [triggerEvent('trigger.saved', params.trigger, project, who.id, at)]);
      tx.notify([eventsTopic]);
    });
    return publicTrigger(existing(await findTrigger(hub.db, params.trigger), 'trigger'));
  },

  async deleteTrigger({ params }, { hub, who }) {
    const known = existing(
      await findTrigger(hub.db, params.trigger),
      `trigger "${params.trigger}"`,
    );
    demand(who, 'write', { project: known.project, ownerId: null }, `trigger "${params.trigger}"`);
    const event = triggerEvent('trigger.deleted', known.name, known.project, who.id, hub.now());
    await hub.transaction(async (tx) => {
      await deleteTrigger(tx, params.trigger);
      await appendEvents(tx, [event]);
      tx.notify([eventsTopic]);
    });
    return undefined;
  },
};

function checkFlow(definition: JsonObject, inputSchema: JsonObject) {
  const parsed = parseDefinition(definition, inputSchema);
  const faults = 'faults' in parsed ? parsed.faults : [];
  return [
    ...faults.map((fault) => ({ ...fault, loc: ['definition', ...fault.loc] })),
    ...checkInputSchema(inputSchema).map((fault) => ({
      ...fault,
      loc: ['inputSchema', ...fault.loc],
    })),
  ];
}

function triggerEvent(kind: string, name: string, project: string, actor: string, at: string) {
  const subject = { subjectType: 'trigger' as const, subjectId: name };
  return { at, kind, ...subject, project, flowRunId: null, actor, data: {} };
}

function publicRun({ ownerId: _, ...run }: OwnedFlowRun) {
  return run;
}

function publicTrigger({ ownerId: _, ...trigger }: StoredTrigger) {
  return trigger;
}

async function seenRun({ hub, who }: Call, id: string, verb: 'read' | 'run') {
  const run = existing(await findFlowRun(hub.db, id), `flow run ${id}`);
  demand(who, verb, { project: run.project, ownerId: run.ownerId }, `flow run ${id}`);
  return run;
}
