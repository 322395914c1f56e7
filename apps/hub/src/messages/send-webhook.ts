import { createHmac } from 'node:crypto';
import { DomainError } from '@interpulse/domain/error.ts';
import type { NotifyInput } from '@interpulse/domain/flow/notify-input.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { mayWebhookGo } from './may-webhook-go.ts';
import type { MessageSettings } from './message-settings.ts';
import { postJson } from './post-json.ts';
import { readSecretFile } from './read-secret-file.ts';

type Webhook = Extract<NotifyInput, { by: 'webhook' }>;

/**
 * Posts a webhook and gives the status. With a secret the header `interpulse-signature` is
 * `t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY`. `idempotency-key` is the same at each try.
 *
 * @throws DomainError as `postJson`; `forbidden` for a host that the configuration does not allow.
 */
export async function sendWebhook(
  { url: address, body, secret }: Webhook,
  message: { id: string; now: string; signal: AbortSignal },
  { webhooks }: MessageSettings,
): Promise<number> {
  const url = new URL(address);
  if (!mayWebhookGo(url, webhooks.hosts)) {
    const where = `webhooks.hosts of the hub's configuration`;
    throw new DomainError('forbidden', `no webhook may go to ${url.host}; it is not in ${where}`);
  }
  const text = JSON.stringify(body);
  if (Buffer.byteLength(text) > limits.webhookBytes) {
    throw new DomainError('invalid', `a webhook holds ${limits.webhookBytes} bytes at most`);
  }
  const headers: Record<string, string> = { 'idempotency-key': message.id };
  if (secret !== undefined) {
    const seconds = Math.floor(Date.parse(message.now) / 1000);
    const key = await secretOf(secret, webhooks.secrets);
    const digest = createHmac('sha256', key).update(`${seconds}.${text}`).digest('hex');
    headers['interpulse-signature'] = `t=${seconds},v1=${digest}`;
  }
  return postJson({ url, body: text, headers, signal: message.signal });
}

async function secretOf(
  name: string,
  secrets: MessageSettings['webhooks']['secrets'],
): Promise<string> {
  const file = Object.hasOwn(secrets, name) ? secrets[name]?.file : undefined;
  if (file !== undefined) return readSecretFile(file, `the secret ${name}`);
  const where = `webhooks.secrets of the hub's configuration`;
  throw new DomainError('invalid', `there is no secret "${name}" in ${where}`);
}
