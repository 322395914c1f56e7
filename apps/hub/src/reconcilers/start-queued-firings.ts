import { evaluateTrigger } from '@interpulse/domain/trigger/evaluate-trigger.ts';
import { roomAt } from '@interpulse/domain/trigger/rate-room.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { noteRunTakenUp } from '@interpulse/store/instruments/runs.ts';
import {
  lockRate,
  noteQueue,
  queuedFirings,
  settleFiring,
  triggersToStart,
} from '@interpulse/store/triggers/firings.ts';
import { findTrigger, type StoredTrigger } from '@interpulse/store/triggers/triggers.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { waitingEvent } from '../triggers/hold-rate.ts';
import { noteTriggerFailure } from '../triggers/note-trigger-failure.ts';
import { readMeans, startTriggeredRun } from '../triggers/start-triggered-run.ts';

/** Triggers looked at in one round; a round that finds as many runs again at once. */
const triggersPerRound = 100;

/**
 * Starts flows for events that waited for room under their trigger's rate limit, oldest first.
 * Answers when there is room again.
 */
export async function startQueuedFirings(hub: Hub): Promise<string | boolean | null> {
  const { due } = await triggersToStart(hub.db, hub.now(), triggersPerRound);
  for (const name of due) await hub.transaction((tx) => startNext(hub, tx, name));
  const left = await triggersToStart(hub.db, hub.now(), 1);
  return left.due.length > 0 ? true : left.nextAt;
}

/** Starts as many as there is room for, and notes when there is room for the next. */
async function startNext(hub: Hub, tx: HubTransaction, name: string): Promise<void> {
  // The lock comes first: what is read after it no other hub changes.
  await lockRate(tx, name, '', 1);
  const trigger = await findTrigger(tx, name);
  if (trigger === undefined || trigger.pause !== null) return;
  let started = 0;
  let nextStartAt: string | null = null;
  for (const { key, document } of await queuedFirings(tx, name, triggerLimits.queuedPerRound)) {
    nextStartAt = await roomOf(hub, tx, trigger);
    if (nextStartAt !== null) break;
    await start(hub, tx, trigger, key, document);
    started += 1;
  }
  nextStartAt ??= (await roomOf(hub, tx, trigger)) ?? hub.now();
  await noteQueue(tx, name, { added: -started, nextStartAt });
}

async function roomOf(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
): Promise<string | null> {
  const limit = trigger.rateLimit;
  if (limit === null) return null;
  const { nthNewestAt } = await lockRate(tx, trigger.name, '', limit.most);
  return roomAt(limit, nthNewestAt, hub.now());
}

async function start(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  key: string,
  document: Parameters<typeof waitingEvent>[0],
): Promise<void> {
  const event = waitingEvent(document);
  // By the trigger as it is now; the key stays that of the event when it came.
  const verdict = evaluateTrigger(trigger, event);
  const settled = { trigger: trigger.name, key, at: hub.now(), keepsDocument: false };
  if (verdict.kind !== 'start') {
    const { kind: outcome, reason } = verdict;
    await settleFiring(tx, { ...settled, outcome, reason, flowRunId: null, document: null });
    if (outcome === 'failed') await noteTriggerFailure(hub, tx, trigger, event, reason);
    return;
  }
  const flowRunId = hub.newId('flowrun');
  const fired = { ...settled, outcome: 'fired' as const, reason: null, flowRunId, document: null };
  await settleFiring(tx, fired);
  const means = { id: flowRunId, ...(await readMeans(tx, trigger)) };
  const { outcome } = await startTriggeredRun(hub, tx, trigger, event, { ...verdict, key }, means);
  const { instrument, shotNumber: number } = event;
  if (outcome !== 'fired' || instrument === null || number === null) return;
  // The shot's clock is stopped by the flow run that works on it.
  await noteRunTakenUp(tx, { instrument: instrument.name, number }, flowRunId);
}
