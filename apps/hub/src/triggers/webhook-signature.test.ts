import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  isSignature,
  makeWebhookSecret,
  readDelivery,
  secretProblem,
  type WebhookRequest,
} from './webhook-signature.ts';

/** The bytes of the example's key; a text with its prefix looks like a secret of somebody. */
const exampleKey = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** The example that the specification's own libraries are tested with. */
const known = {
  secret: `whsec_${exampleKey}`,
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  body: Buffer.from('{"test": 2432232314}'),
};

const isGood = (request: WebhookRequest, secret = known.secret): boolean =>
  isSignature(secret, readDelivery(request, 'standard').signed, request, 'standard');

const signed = (signature: string): WebhookRequest => ({
  ...known,
  headers: { ...known.headers, 'webhook-signature': signature },
});

describe('signatures of Standard Webhooks', () => {
  test('a delivery is known by its id, time and body', () => {
    const delivery = readDelivery(known, 'standard');
    assert.deepEqual(
      [delivery.id, delivery.timestamp],
      [known.headers['webhook-id'], '1614265330'],
    );
    assert.equal(delivery.problem, null);
    assert.ok(isGood(known));
    assert.ok(!isGood({ ...known, body: Buffer.from('{"test": 2432232315}') }));
    for (const name of ['webhook-id', 'webhook-timestamp'] as const) {
      const headers = { ...known.headers, [name]: `${known.headers[name]}0` };
      assert.ok(!isGood({ ...known, headers }), name);
      const without = { ...known, headers: { ...known.headers, [name]: undefined } };
      assert.match(readDelivery(without, 'standard').problem ?? '', new RegExp(name));
    }
  });

  test('one of several signatures is enough; other versions count for nothing', () => {
    const right = known.headers['webhook-signature'];
    const wrong = `v1,${Buffer.alloc(32).toString('base64')}`;
    assert.ok(isGood(signed(`${wrong} ${right}`)));
    for (const each of [wrong, '', 'v1,', right.replace('v1', 'v2'), right.slice(0, -2)]) {
      assert.ok(!isGood(signed(each)), each);
    }
  });

  test('a secret is the bytes behind its prefix', () => {
    const secret = makeWebhookSecret('standard');
    assert.equal(secretProblem(secret, 'standard'), null);
    const { signed: bytes } = readDelivery(known, 'standard');
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signature = createHmac('sha256', key).update(bytes).digest('base64');
    assert.ok(isGood(signed(`v1,${signature}`), secret));
  });

  test('what a sender made is looked at before it is kept', () => {
    assert.equal(secretProblem(known.secret, 'standard'), null);
    for (const secret of ['whsec_', 'whsec_c2hvcnQ=', exampleKey]) {
      assert.match(secretProblem(secret, 'standard') ?? '', /whsec_/, secret);
    }
    assert.equal(secretProblem('a-secret-of-a-forge', 'body'), null);
    assert.match(secretProblem('short', 'body') ?? '', /16 to 200/);
  });
});
