import type { JsonObject } from '@interpulse/domain/json.ts';
import { roomAt } from '@interpulse/domain/trigger/rate-room.ts';
import type { RateLimit } from '@interpulse/domain/trigger/trigger.ts';
import type { TriggerEvent } from '@interpulse/domain/trigger/trigger-event.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import {
  lockRate,
  noteQueue,
  settleFiring,
  supersedeQueued,
} from '@interpulse/store/triggers/firings.ts';
import type { StoredTrigger } from '@interpulse/store/triggers/triggers.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';

/**
 * Holds a claimed event against its trigger's rate limit: null when it may start now; else it was
 * dropped, or waits, and that is written.
 */
export async function holdRate(
  hub: Hub,
  tx: HubTransaction,
  trigger: StoredTrigger,
  event: TriggerEvent,
  key: string,
): Promise<{ outcome: 'limited' | 'queued'; reason: string } | null> {
  const limit = trigger.rateLimit;
  if (limit === null) return null;
  const now = hub.now();
  const { queuedEvents, nthNewestAt } = await lockRate(tx, trigger.name, key, limit.most);
  const freeAt = roomAt(limit, nthNewestAt, now);
  if (freeAt === null && (queuedEvents === 0 || limit.beyond !== 'queue')) {
    if (queuedEvents > 0) await supersede(tx, trigger, event, key, null);
    return null;
  }
  const isFull = queuedEvents >= triggerLimits.queuedEvents;
  const isDropped = limit.beyond === 'drop' || (limit.beyond === 'queue' && isFull);
  const reason = reasonOf(limit, isFull && limit.beyond === 'queue');
  const outcome = isDropped ? 'limited' : 'queued';
  await settleFiring(tx, {
    trigger: trigger.name,
    key,
    outcome,
    reason,
    flowRunId: null,
    at: now,
    document: isDropped ? null : eventDocument(event),
    keepsDocument: event.kind === 'webhook',
  });
  if (isDropped) return { outcome, reason };
  if (limit.beyond === 'latest') await supersede(tx, trigger, event, key, freeAt ?? now);
  else await noteQueue(tx, trigger.name, { added: 1, nextStartAt: freeAt ?? now });
  tx.notify([topics.triggers]);
  return { outcome, reason };
}

/** The newer event takes the place of the one that waits; `nextStartAt` null when it starts. */
async function supersede(
  tx: HubTransaction,
  trigger: StoredTrigger,
  event: TriggerEvent,
  key: string,
  nextStartAt: string | null,
): Promise<void> {
  const reason = `a newer event took its place: ${event.summary}`;
  const gone = await supersedeQueued(tx, trigger.name, reason, key);
  const added = (nextStartAt === null ? 0 : 1) - gone;
  await noteQueue(tx, trigger.name, { added, nextStartAt });
}

function reasonOf({ most, perSeconds, beyond }: RateLimit, isFull: boolean): string {
  const rule = `${most} in ${perSeconds} s`;
  if (isFull) return `${triggerLimits.queuedEvents} events wait already beyond ${rule}`;
  return beyond === 'drop' ? `beyond ${rule}` : `waits for room: beyond ${rule}`;
}

/** An event as it is kept while it waits; {@link waitingEvent} reads it. */
function eventDocument(event: TriggerEvent): JsonObject {
  return JSON.parse(JSON.stringify(event)) as JsonObject;
}

/** An event that waited. */
export function waitingEvent(document: JsonObject): TriggerEvent {
  return document as unknown as TriggerEvent;
}
