import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';

/** What a webhook's sender signs, and how. */
export type WebhookScheme = (TriggerSource & { kind: 'webhook' })['signs'];

/** Lines of a shell that post one delivery to a webhook, signed as the hub wants it. */
export function signedCurl(url: string, secret: string, signs: WebhookScheme): string {
  const sign = `openssl dgst -sha256 -hmac '${secret}' -r | cut -d' ' -f1`;
  const head = [`curl ${url} -d "$BODY" -H 'content-type: application/json'`];
  if (signs === 'body') {
    return [
      `BODY='{"sample":"gold"}'`,
      `SIGNATURE=$(printf '%s' "$BODY" | ${sign})`,
      ...head.map((line) => `${line} \\`),
      `  -H "X-Hub-Signature-256: sha256=$SIGNATURE"`,
    ].join('\n');
  }
  if (signs === 'standard') {
    const key = `printf '%s' '${secret.replace(/^whsec_/, '')}' | base64 -d | od -An -v -tx1`;
    return [
      `BODY='{"sample":"gold"}' NOW=$(date +%s) ID=$(uuidgen)`,
      `KEY=$(${key} | tr -d ' \\n')`,
      `SIGNATURE=$(printf '%s.%s.%s' "$ID" "$NOW" "$BODY" \\`,
      `  | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64)`,
      ...head.map((line) => `${line} \\`),
      `  -H "webhook-id: $ID" -H "webhook-timestamp: $NOW" \\`,
      `  -H "webhook-signature: v1,$SIGNATURE"`,
    ].join('\n');
  }
  return [
    `BODY='{"sample":"gold"}' NOW=$(date +%s) ID=$(uuidgen)`,
    `SIGNATURE=$(printf '%s.%s.%s' "$NOW" "$ID" "$BODY" | ${sign})`,
    ...head.map((line) => `${line} \\`),
    `  -H "X-Interpulse-Timestamp: $NOW" -H "X-Interpulse-Delivery: $ID" \\`,
    `  -H "X-Hub-Signature-256: sha256=$SIGNATURE"`,
  ].join('\n');
}
