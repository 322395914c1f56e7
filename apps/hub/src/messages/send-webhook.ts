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
  settings: MessageSettings,
): Promise<number> {
  const url = new URL(address);
  const secretFile = webhookSecretFile({ url, secret: secret ?? null }, settings);
  const text = JSON.stringify(body);
  if (Buffer.byteLength(text) > limits.webhookBytes) {
    throw new DomainError('invalid', `a webhook holds ${limits.webhookBytes} bytes at most`);
  }
  const headers: Record<string, string> = { 'idempotency-key': message.id };
  if (secretFile !== null) {
    const seconds = Math.floor(Date.parse(message.now) / 1000);
    const key = await readSecretFile(secretFile, `the secret ${secret}`);
    const digest = createHmac('sha256', key).update(`${seconds}.${text}`).digest('hex');
    headers['interpulse-signature'] = `t=${seconds},v1=${digest}`;
  }
  return postJson({ url, body: text, headers, signal: message.signal });
}

/**
 * The file with the secret that signs a webhook; null when it is not signed.
 * @throws DomainError `forbidden` for a host that is not allowed, `invalid` for an unknown secret.
 */
export function webhookSecretFile(
  { url, secret }: { url: URL; secret: string | null },
  { webhooks: { hosts, secrets } }: MessageSettings,
): string | null {
  if (!mayWebhookGo(url, hosts)) {
    const where = "webhooks.hosts of the hub's configuration";
    throw new DomainError('forbidden', `no webhook may go to ${url.host}; it is not in ${where}`);
  }
  if (secret === null) return null;
  const file = Object.hasOwn(secrets, secret) ? secrets[secret]?.file : undefined;
  if (file !== undefined) return file;
  const where = "webhooks.secrets of the hub's configuration";
  throw new DomainError('invalid', `there is no secret "${secret}" in ${where}`);
}
