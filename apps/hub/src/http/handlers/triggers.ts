import type { triggerRoutes } from '@interpulse/api/routes/triggers.ts';
import { keepsAccount } from '@interpulse/domain/access/keeps-account.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { inspectTrigger } from '@interpulse/domain/trigger/inspect-trigger.ts';
import { nextScheduled } from '@interpulse/domain/trigger/schedule.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';
import type { TriggerRequest } from '@interpulse/domain/trigger/trigger.ts';
import { findUser } from '@interpulse/store/access/access.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findFlow } from '@interpulse/store/flows/flows.ts';
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
import { makeSecret } from '../../secret.ts';
import { dryRunTrigger } from '../../triggers/dry-run-trigger.ts';
import { fireTrigger } from '../../triggers/fire-triggers.ts';
import { eventByHand } from '../../triggers/event-by-hand.ts';
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
    const project = known?.project ?? projectFor(who, body.project, 'write');
    await checkTrigger(call, body, project);
    const { runAs, ...rules } = body;
    const ownerId = await ownerOf(call, runAs, known);
    const at = hub.now();
    const isNewHook = body.source.kind === 'webhook' && known?.source.kind !== 'webhook';
    const secret = isNewHook ? makeSecret('iphook') : null;
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
      if (isNewHook) await setWebhookSecret(tx, trigger.name, secret, null);
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
    const secret = makeSecret('iphook');
    const { graceSeconds } = body;
    const oldSecretUntil = graceSeconds === 0 ? null : addSeconds(hub.now(), graceSeconds);
    await hub.transaction(async (tx) => {
      await setWebhookSecret(tx, trigger.name, secret, oldSecretUntil);
      await note(tx, call, trigger, 'trigger.secretRotated');
    });
    return { secret, oldSecretUntil };
  },

  async fireTrigger({ params, body }, call) {
    const { hub } = call;
    const trigger = await seen(call, params.trigger, 'write');
    const { source } = trigger;
    const instrument =
      'instrument' in source && source.instrument !== undefined
        ? ((await findInstrument(hub.db, source.instrument)) ?? null)
        : null;
    const event = eventByHand(hub, trigger, body.event, instrument);
    // Whoever fires by hand wants to see what happens, whatever holds the trigger back otherwise.
    const free = { ...trigger, pause: null, rateLimit: null };
    const fired = await hub.transaction((tx) => fireTrigger(hub, tx, free, event));
    const { key, outcome, reason, flowRunId } = fired;
    return { key, outcome, reason, flowRunId };
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
): Promise<void> {
  const faults = inspectTrigger(body);
  if (faults[0]) {
    const message = `the trigger's ${faults[0].loc.join('.')}: ${faults[0].msg}`;
    throw new DomainError('invalid', message, { faults });
  }
  const flow = existing(await findFlow(hub.db, body.flowName), `flow "${body.flowName}"`);
  demand(who, 'run', { project: flow.project, ownerId: null }, `flow "${body.flowName}"`);
  const { source } = body;
  if ('project' in source && source.project !== undefined && source.project !== project) {
    demand(who, 'read', { project: source.project, ownerId: null }, `project ${source.project}`);
  }
  if (!('instrument' in source) || source.instrument === undefined) return;
  const what = `instrument "${source.instrument}"`;
  const instrument = existing(await findInstrument(hub.db, source.instrument), what);
  // What is set for a run is for those who belong to its instrument's project.
  if (source.kind === 'run' || source.kind === 'parameter') {
    demand(who, 'read', { project: instrument.project, ownerId: null }, `runs of ${what}`);
  }
}

/** Whose the flow runs are: they act with that one's rights, so the caller must keep the account. */
async function ownerOf(
  { hub, who }: Call,
  runAs: string | undefined,
  known: StoredTrigger | undefined,
): Promise<string> {
  if (runAs === undefined || runAs === known?.runAs) return known?.ownerId ?? who.id;
  if (runAs === who.name) return who.id;
  const account = await findUser(hub.db, runAs);
  if (account?.kind !== 'serviceAccount' || !keepsAccount(who, account)) {
    const msg = `"${runAs}" is no service account that you keep`;
    const faults = [{ loc: ['runAs'], msg, type: 'unknown_account' }];
    throw new DomainError('invalid', `the trigger's runAs: ${msg}`, { faults });
  }
  return account.id;
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
