import type { triggerRoutes } from '@interpulse/api/routes/triggers.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findFlow } from '@interpulse/store/flows/flows.ts';
import {
  deleteTrigger,
  findTrigger,
  listTriggers,
  saveTrigger,
  type StoredTrigger,
} from '@interpulse/store/flows/triggers.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import { demand, page, projectFor, visibleProjects, type Handlers } from '../handler.ts';
import { existing } from './existing.ts';

/** Triggers: what starts flows by itself. */
export const triggerHandlers: Handlers<keyof typeof triggerRoutes> = {
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

function triggerEvent(kind: string, name: string, project: string, actor: string, at: string) {
  const subject = { subjectType: 'trigger' as const, subjectId: name };
  return { at, kind, ...subject, project, flowRunId: null, actor, data: {} };
}

function publicTrigger({ ownerId: _, ...trigger }: StoredTrigger) {
  return trigger;
}
