import type { flowRoutes } from '@interpulse/api/routes/flows.ts';
import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import { parseDefinition } from '@interpulse/domain/flow/definition.ts';
import { checkImport } from '@interpulse/domain/flow/import/check-import.ts';
import { checkInputSchema } from '@interpulse/domain/flow/validate-input.ts';
import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findFlow, listFlows, saveFlow } from '@interpulse/store/flows/flows.ts';
import { demand, page, projectFor, visibleProjects, type Handlers } from '../handler.ts';
import { existing } from './existing.ts';

/** Flows: definitions of what to do. */
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
    const { faults } = checkFlow(body.definition, body.inputSchema);
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

  async checkFlow({ body }) {
    return checkFlow(body.definition, body.inputSchema);
  },

  async checkFlowImport({ body }, { hub }) {
    return checkImport(body.definition, body.inputSchema, hub.mapping);
  },
};

function checkFlow(definition: Json, inputSchema: JsonObject) {
  const parsed = parseDefinition(definition, inputSchema);
  const within = (place: string) => (fault: Fault) => ({ ...fault, loc: [place, ...fault.loc] });
  return {
    faults: [
      ...('faults' in parsed ? parsed.faults : []).map(within('definition')),
      ...checkInputSchema(inputSchema).map(within('inputSchema')),
    ],
    warnings: ('warnings' in parsed ? parsed.warnings : []).map(within('definition')),
  };
}
