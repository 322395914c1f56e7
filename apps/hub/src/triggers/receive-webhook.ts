import { DomainError } from '@interpulse/domain/error.ts';
import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import { secondsBetween, fromMilliseconds } from '@interpulse/domain/time.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { claimFiring } from '@interpulse/store/triggers/firings.ts';
import {
  findTrigger,
  webhookSecrets,
  type StoredTrigger,
} from '@interpulse/store/triggers/triggers.ts';
import type { Hub } from '../hub.ts';
import { fireTrigger, type Fired } from './fire-triggers.ts';
import { noteUntold } from './untold-firings.ts';
import { readWebhookBody } from './read-webhook-body.ts';
import { webhookEvent } from './webhook-event.ts';
import { headerOf, isSignature, readDelivery, type WebhookRequest } from './webhook-signature.ts';

/** Headers that a trigger may read; others are none of its business, some are secret. */
const toldHeaders =
  /^(content-type|user-agent|webhook-(id|timestamp)|x-(?!hub-signature|forwarded|real-ip).*)$/;

/** For names of which there is no webhook: as much work as for one that there is. */
const noSecret = 'iphook_of-nobody';

/**
 * Takes a delivery of a webhook: its signature is checked before anything of it is believed, then
 * it fires its trigger once, however often it is sent.
 * @throws DomainError unauthenticated, for a wrong signature, an old timestamp, or no such webhook:
 * from outside they look the same.
 */
export async function receiveWebhook(
  hub: Hub,
  name: string,
  request: WebhookRequest,
): Promise<Fired> {
  const trigger = await findTrigger(hub.db, name);
  const isWebhook = trigger?.source.kind === 'webhook';
  const secrets = isWebhook ? await webhookSecrets(hub.db, name) : undefined;
  const signs = trigger?.source.kind === 'webhook' ? trigger.source.signs : 'delivery';
  const now = hub.now();
  const delivery = readDelivery(request, signs);
  const isOldGood = secrets?.oldSecretUntil != null && now < secrets.oldSecretUntil;
  const accepted = [secrets?.secret ?? noSecret, isOldGood ? secrets.oldSecret : null];
  const isSigned = accepted
    .map((secret) => secret !== null && isSignature(secret, delivery.signed, request, signs))
    .includes(true);
  const problem =
    delivery.problem ??
    (isSigned ? problemOfTime(delivery.timestamp, now) : 'its signature is wrong');
  if (trigger === undefined || !isWebhook || problem !== null) {
    if (isWebhook) await countRefused(hub, trigger, problem ?? 'it was refused');
    throw new DomainError(
      'unauthenticated',
      'the delivery was refused: name, secret, signature and timestamp must be right',
    );
  }
  const { id } = delivery;
  const body = await readOrCount(hub, trigger, request);
  const event = webhookEvent(name, { id, body, headers: told(request), receivedAt: now });
  return hub.transaction((tx) => fireTrigger(hub, tx, trigger, event));
}

function problemOfTime(timestamp: string | null, now: string): string | null {
  if (timestamp === null) return null;
  const sentAt = fromMilliseconds(Number(timestamp) * 1000);
  const isNear = Math.abs(secondsBetween(sentAt, now)) <= triggerLimits.webhookWindowSeconds;
  return isNear ? null : 'its timestamp is too far from the clock of the hub';
}

/** One row an hour, however many come. */
async function countRefused(
  hub: Hub,
  trigger: Pick<StoredTrigger, 'name' | 'project'>,
  reason: string,
): Promise<void> {
  const at = hub.now();
  const counted = {
    trigger: trigger.name,
    key: `refused ${at.slice(0, 13)} ${reason}`,
    summary: 'a delivery was refused',
    outcome: 'refused' as const,
    reason,
    flowRunId: null,
    at,
    document: null,
    depth: 0,
  };
  await hub.transaction(async (tx) => {
    await claimFiring(tx, counted);
    noteUntold(hub, tx, trigger, 'refused');
  });
}

/** Whoever keeps the trigger sees that somebody with its secret sends what cannot be read. */
async function readOrCount(
  hub: Hub,
  trigger: Pick<StoredTrigger, 'name' | 'project'>,
  request: WebhookRequest,
): Promise<Json> {
  try {
    return readWebhookBody(request);
  } catch (error) {
    if (error instanceof DomainError) await countRefused(hub, trigger, error.message);
    throw error;
  }
}

function told(request: WebhookRequest): JsonObject {
  const names = Object.keys(request.headers).filter((name) => toldHeaders.test(name));
  return Object.fromEntries(names.map((name) => [name, headerOf(request, name) ?? '']));
}
