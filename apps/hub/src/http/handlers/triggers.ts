import type { triggerRoutes } from '@interpulse/api/routes/triggers.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { flowThing } from '@interpulse/domain/flow-run/flow-access.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { inspectTrigger } from '@interpulse/domain/trigger/inspect-trigger.ts';
import { nextScheduled } from '@interpulse/domain/trigger/schedule.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';
import type { TriggerRequest } from '@interpulse/domain/trigger/trigger.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findFlow, type OwnedFlow } from '@interpulse/store/flows/flows.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import { listFirings, triggerActivity } from '@interpulse/store/triggers/read-firings.ts';
import {
  deleteTrigger,
  findTrigger,
  listTriggers,
  pauseTrigger,
  saveTrigger,
  setWebhookSecret,
  type StoredTrigger,
} from '@interpulse/store/triggers/triggers.ts';
import { topics, type Hub, type HubTransaction } from '../../hub.ts';
import { checkPlaces } from '../../notices/check-places.ts';
import { dryRunTrigger } from '../../triggers/dry-run-trigger.ts';
import { fireTrigger } from '../../triggers/fire-triggers.ts';
import { eventByHand } from '../../triggers/event-by-hand.ts';
import { lastEvent } from '../../triggers/last-event.ts';
import { accountOfTrigger, mayActAs } from '../../triggers/trigger-account.ts';
import { makeWebhookSecret, secretProblem } from '../../triggers/webhook-signature.ts';
import { demand, page, projectFor, visibleProjects, type Call, type Handlers } from '../handler.ts';
import { existing } from './existing.ts';

/** Triggers: what starts flows by itself. */
export const triggerHandlers: Handlers<keyof typeof triggerRoutes> = {
  async listTriggers({ query }, { hub, who }) {
    const filter = { projects: visibleProjects(who), after: query.cursor };
    const rows = await listTriggers(hub.db, { ...filter, limit: query.limit + 1 });
    const { items, next } = page(rows, query.limit, (trigger) => trigger.name);
    return { items: await withActivity(hub, items), next };
  },

  async getTrigger({ params }, call) {
    const [report] = await withActivity(call.hub, [await seen(call, params.trigger, 'read')]);
    return existing(report, `trigger "${params.trigger}"`);
  },

  async saveTrigger({ params, body }, call) {
    const { hub, who } = call;
    const known = await findTrigger(hub.db, params.trigger);
    if (known) demand(who, 'write', { project: known.project, ownerId: null }, 'trigger');
    if (known && body.project !== undefined && body.project !== known.project) {
      const message = `trigger "${known.name}" is of project ${known.project} and stays there`;
      throw new DomainError('conflict', `${message}; delete it, or save one of another name`);
    }
    const project = known?.project ?? projectFor(who, body.project, 'write');
    const flow = await checkTrigger(call, body, project);
    await checkPlaces(hub, body.notify, (rule, place) => ['notify', rule, 'to', place]);
    const { runAs, ...rules } = body;
    const ownerId = await accountOfTrigger(hub.db, who, { known, runAs, project, flow });
    const at = hub.now();
    const secret = newSecret(body.source, known?.source);
    const trigger = {
      ...rules,
      id: known?.id ?? hub.newId('trigger'),
      name: params.trigger,
      project,
      ownerId,
      pause: body.enabled ? null : { reason: 'it was saved switched off', by: who.name, at },
      nextDueAt: body.enabled ? dueAfter(body.source, at) : null,
    };
    await hub.transaction(async (tx) => {
      await saveTrigger(tx, trigger, at);
      if (secret !== null) await setWebhookSecret(tx, trigger.name, secret, null);
      if (body.source.kind !== 'webhook') await setWebhookSecret(tx, trigger.name, null, null);
      await note(tx, call, trigger, 'trigger.saved');
    });
    return { ...publicTrigger(existing(await findTrigger(hub.db, trigger.name), 'it')), secret };
  },

  async deleteTrigger({ params }, call) {
    const known = await seen(call, params.trigger, 'write');
    await call.hub.transaction(async (tx) => {
      await deleteTrigger(tx, params.trigger);
      await note(tx, call, known, 'trigger.deleted');
    });
    return undefined;
  },

  async listTriggerFirings({ params, query }, call) {
    const { name } = await seen(call, params.trigger, 'read');
    const { outcome, cursor, limit } = query;
    if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) {
      throw new DomainError('invalid', 'that is no cursor of a list of firings');
    }
    const filter = { trigger: name, outcome, before: cursor, limit: limit + 1 };
    const rows = await listFirings(call.hub.db, filter);
    const { items, next } = page(rows, limit, (firing) => firing.cursor);
    return { items: items.map(({ cursor: _, ...firing }) => firing), next };
  },

  async pauseTrigger({ params, body }, call) {
    const { hub, who } = call;
    const trigger = await seen(call, params.trigger, 'run');
    const at = hub.now();
    const pause = { reason: body.reason, by: who.name, at };
    await hub.transaction(async (tx) => {
      await pauseTrigger(tx, trigger.name, { pause, nextDueAt: null, at });
      await note(tx, call, trigger, 'trigger.paused', { reason: body.reason });
    });
    return publicTrigger(await seen(call, trigger.name, 'read'));
  },

  async resumeTrigger({ params }, call) {
    const { hub } = call;
    const trigger = await seen(call, params.trigger, 'run');
    const at = hub.now();
    if (trigger.pause !== null) {
      await hub.transaction(async (tx) => {
        const nextDueAt = dueAfter(trigger.source, at);
        await pauseTrigger(tx, trigger.name, { pause: null, nextDueAt, at });
        await note(tx, call, trigger, 'trigger.resumed');
      });
    }
    return publicTrigger(await seen(call, trigger.name, 'read'));
  },

  async rotateTriggerSecret({ params, body }, call) {
    const { hub } = call;
    const trigger = await seen(call, params.trigger, 'write');
    if (trigger.source.kind !== 'webhook') {
      const message = `trigger "${trigger.name}" is no webhook: it has no secret`;
      throw new DomainError('conflict', message);
    }
    // Who has the secret starts what it likes as the trigger's account.
    if (!(await mayActAs(hub.db, call.who, trigger.runAs))) {
      const message = `the secret of "${trigger.name}" is for who may act as ${trigger.runAs}`;
      throw new DomainError('forbidden', `${message}; ask a manager of its project`);
    }
    const { graceSeconds, secret = makeWebhookSecret(trigger.source.signs) } = body;
    const problem = secretProblem(secret, trigger.source.signs);
    if (problem !== null) {
      throw new DomainError('invalid', `the secret of webhook "${trigger.name}": ${problem}`, {
        faults: [{ loc: ['secret'], msg: problem, type: 'secret' }],
      });
    }
    const oldSecretUntil = graceSeconds === 0 ? null : addSeconds(hub.now(), graceSeconds);
    await hub.transaction(async (tx) => {
      await setWebhookSecret(tx, trigger.name, secret, oldSecretUntil);
      await note(tx, call, trigger, 'trigger.secretRotated');
    });
    return { secret, oldSecretUntil };
  },

  async fireTrigger({ params, body }, call) {
    const { hub, who } = call;
    const trigger = await seen(call, params.trigger, 'write');
    const { source } = trigger;
    const instrument =
      'instrument' in source && source.instrument !== undefined
        ? ((await findInstrument(hub.db, source.instrument)) ?? null)
        : null;
    const event = eventByHand(hub, trigger, body.event, instrument);
    // Whoever fires by hand wants to see what happens, whatever holds the trigger back otherwise,
    // also that this event was there before; what is given by hand does not act as an account
    // that is not theirs.
    const isTheirs = await mayActAs(hub.db, who, trigger.runAs);
    const account = isTheirs ? {} : { ownerId: who.id, runAs: who.name };
    const free = { ...trigger, ...account, pause: null, rateLimit: null, dedupKey: null };
    const fired = await hub.transaction((tx) => fireTrigger(hub, tx, free, event));
    const { key, outcome, reason, flowRunId } = fired;
    return { key, outcome, reason, flowRunId };
  },

  async lastTriggerEvent({ body }, call) {
    const { hub, who } = call;
    const saved = body.name === undefined ? undefined : await findTrigger(hub.db, body.name);
    if (saved) demand(who, 'read', { project: saved.project, ownerId: null }, 'trigger');
    const source = body.source ?? existing(saved, `trigger "${body.name ?? ''}"`).source;
    const project = saved?.project ?? projectFor(who, body.project, 'read');
    if (body.source !== undefined) await checkSource(call, body.source, project);
    return lastEvent(hub, { name: body.name ?? 'last-event', project, source });
  },

  async dryRunTrigger({ body }, call) {
    const { hub, who } = call;
    const saved = body.name === undefined ? undefined : await findTrigger(hub.db, body.name);
    if (saved) demand(who, 'read', { project: saved.project, ownerId: null }, 'trigger');
    const trigger = body.trigger ?? existing(saved, `trigger "${body.name ?? ''}"`);
    const wanted = body.trigger?.project ?? saved?.project;
    const project = saved?.project ?? projectFor(who, wanted, 'read');
    if (body.trigger !== undefined) await checkTrigger(call, body.trigger, project);
    const { from, to } = body;
    return dryRunTrigger(hub, { ...trigger, name: body.name ?? 'dry-run', project }, { from, to });
  },
};

/** Refuses what could never work, and what the caller may not listen to. */
async function checkTrigger(
  { hub, who }: Call,
  body: TriggerRequest,
  project: string,
): Promise<OwnedFlow> {
  const faults = inspectTrigger(body);
  if (faults[0]) {
    const message = `the trigger's ${faults[0].loc.join('.')}: ${faults[0].msg}`;
    throw new DomainError('invalid', message, { faults });
  }
  const flow = existing(await findFlow(hub.db, body.flowName), `flow "${body.flowName}"`);
  demand(who, 'run', flowThing(flow), `flow "${body.flowName}"`);
  await checkSource({ hub, who }, body.source, project);
  return flow;
}

/** Refuses a source of which the caller may not know what happens there. */
async function checkSource(
  { hub, who }: Pick<Call, 'hub' | 'who'>,
  source: TriggerSource,
  project: string,
): Promise<void> {
  if ('project' in source && source.project !== undefined && source.project !== project) {
    demand(who, 'read', { project: source.project, ownerId: null }, `project ${source.project}`);
  }
  if (!('instrument' in source) || source.instrument === undefined) return;
  const what = `instrument "${source.instrument}"`;
  const instrument = existing(await findInstrument(hub.db, source.instrument), what);
  // What it measures and what is set for it is for those who belong to the instrument's project.
  if (source.kind !== 'dataset') {
    demand(who, 'read', { project: instrument.project, ownerId: null }, `events of ${what}`);
  }
}

function dueAfter(source: TriggerSource, at: string): string | null {
  return source.kind === 'schedule' ? nextScheduled(source, at) : null;
}

async function seen(
  { hub, who }: Call,
  name: string,
  verb: 'read' | 'write' | 'run',
): Promise<StoredTrigger> {
  const trigger = existing(await findTrigger(hub.db, name), `trigger "${name}"`);
  demand(who, verb, { project: trigger.project, ownerId: null }, `trigger "${name}"`);
  return trigger;
}

async function withActivity(hub: Hub, triggers: readonly StoredTrigger[]) {
  const since = addSeconds(hub.now(), -triggerLimits.countedSeconds);
  const names = triggers.map(({ name }) => name);
  const activity = await triggerActivity(hub.db, names, since, triggerLimits.firingsTold);
  return triggers.flatMap((trigger) => {
    const did = activity.get(trigger.name);
    return did === undefined ? [] : [{ ...publicTrigger(trigger), ...did }];
  });
}

async function note(
  tx: HubTransaction,
  { hub, who }: Call,
  { name, project }: { name: string; project: string },
  kind: string,
  data = {},
): Promise<void> {
  const subject = { subjectType: 'trigger' as const, subjectId: name };
  const event = { kind, ...subject, project, flowRunId: null, actor: who.id, data };
  await appendEvents(tx, [{ at: hub.now(), ...event }]);
  tx.notify([eventsTopic, topics.triggers]);
}

function publicTrigger({ ownerId: _, ...trigger }: StoredTrigger) {
  return trigger;
}

/** Of a new webhook, and of one whose senders want a secret of another form; else null. */
function newSecret(source: TriggerSource, known: TriggerSource | undefined): string | null {
  if (source.kind !== 'webhook') return null;
  const hasOne = known?.kind === 'webhook';
  const isOfForm = hasOne && (known.signs === 'standard') === (source.signs === 'standard');
  return isOfForm ? null : makeWebhookSecret(source.signs);
}
