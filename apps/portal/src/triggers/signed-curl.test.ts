import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { signedCurl, type WebhookScheme } from './signed-curl.ts';

// In place of curl a function that says what it was given; the rest is run as it stands.
const stub = 'curl() { for each in "$@"; do printf "%s\\n" "$each"; done; }\n';
const given = (signs: WebhookScheme, secret = 'iphook_x') => {
  const lines = signedCurl('http://hub/hooks/a', secret, signs);
  return execFileSync('bash', ['-c', `uuidgen() { echo one; }\n${stub}${lines}`], {
    encoding: 'utf8',
  }).split('\n');
};
const hmac = (text: string) => createHmac('sha256', 'iphook_x').update(text).digest('hex');

test('the lines sign timestamp, delivery and body', () => {
  const said = given('delivery');
  const stamp = said.find((line) => line.startsWith('X-Interpulse-Timestamp: '))?.slice(24);
  const signature = hmac(`${stamp}.one.{"sample":"gold"}`);
  assert.ok(said.includes(`X-Hub-Signature-256: sha256=${signature}`));
  assert.ok(said.includes('X-Interpulse-Delivery: one'));
});

test('the lines sign the body alone where the trigger says so', () => {
  const signature = hmac('{"sample":"gold"}');
  assert.ok(given('body').includes(`X-Hub-Signature-256: sha256=${signature}`));
});

test('the lines sign as Standard Webhooks has it, with the bytes of the secret', () => {
  const key = Buffer.alloc(24, 7);
  const said = given('standard', `whsec_${key.toString('base64')}`);
  const stamp = said.find((line) => line.startsWith('webhook-timestamp: '))?.slice(19);
  const hmac = createHmac('sha256', key).update(`one.${stamp}.{"sample":"gold"}`);
  assert.ok(said.includes('webhook-id: one'));
  assert.ok(said.includes(`webhook-signature: v1,${hmac.digest('base64')}`), said.join('\n'));
});
