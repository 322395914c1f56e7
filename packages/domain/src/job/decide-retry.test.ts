import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resourcesSchema, retryRuleSchema } from '../app/app.ts';
import { limits } from '../limits.ts';
import { addSeconds, secondsBetween } from '../time.ts';
import { decideRetry, type BadEnd } from './decide-retry.ts';

const endedAt = '2026-11-21T12:00:00.000Z';
const rule = (fields: object = {}) => retryRuleSchema.parse(fields);

const endOf = (fields: Partial<BadEnd> = {}): BadEnd => ({
  onError: rule(),
  onTimeout: rule(),
  resources: resourcesSchema.parse({ cores: 2, walltimeSeconds: 60 }),
  outcome: 'failed',
  exitCode: 1,
  endedSoBefore: 0,
  endedAt,
  ...fields,
});

test('without a rule a bad end is the end, and says how', () => {
  assert.deepEqual(decideRetry(endOf()), { retry: false, reason: 'failed with exit code 1' });
  assert.deepEqual(decideRetry(endOf({ outcome: 'timedOut' })), {
    retry: false,
    reason: 'did not end within 60 s',
  });
  const killed = decideRetry(endOf({ exitCode: null }));
  assert.equal(killed.reason, 'failed without an exit code');
});

test('retries wait longer and longer, and then they are over', () => {
  const onError = rule({ retries: 3, delaySeconds: 10, backoffRate: 3 });
  const waits = [0, 1, 2, 3].map((endedSoBefore) => {
    const decision = decideRetry(endOf({ onError, endedSoBefore }));
    return decision.retry ? decision.notBeforeAt : decision.reason;
  });
  assert.deepEqual(waits, [
    addSeconds(endedAt, 10),
    addSeconds(endedAt, 30),
    addSeconds(endedAt, 90),
    'failed with exit code 1 after 3 retries',
  ]);
  const again = decideRetry(endOf({ onError, endedSoBefore: 1 }));
  assert.equal(again.reason, 'failed with exit code 1; retry 2 of 3 after 30 s');
  const atOnce = decideRetry(endOf({ onError: rule({ retries: 1 }) }));
  assert.deepEqual(atOnce.retry && atOnce.notBeforeAt, null);
});

test('errors and timeouts have a rule each; exit codes choose', () => {
  const onError = rule({ retries: 2, exitCodes: [75, 3] });
  assert.equal(decideRetry(endOf({ onError, exitCode: 75 })).retry, true);
  const other = decideRetry(endOf({ onError, exitCode: 1 }));
  assert.deepEqual(other, {
    retry: false,
    reason: 'failed with exit code 1; only exit codes 75, 3 are tried again',
  });
  assert.equal(decideRetry(endOf({ onError, exitCode: null })).retry, false);
  assert.equal(decideRetry(endOf({ onError, outcome: 'timedOut' })).retry, false);
  const onTimeout = rule({ retries: 1, exitCodes: [1] });
  assert.equal(decideRetry(endOf({ onTimeout, outcome: 'timedOut', exitCode: null })).retry, true);
});

test('a restart may ask for other resources, and for the rest the same', () => {
  const onTimeout = rule({ retries: 1, resources: { walltimeSeconds: 600 } });
  const decision = decideRetry(endOf({ onTimeout, outcome: 'timedOut' }));
  assert.ok(decision.retry);
  assert.deepEqual(decision.resources, resourcesSchema.parse({ cores: 2, walltimeSeconds: 600 }));
  assert.equal(decision.reason, 'did not end within 60 s; retry 1 of 1 with walltimeSeconds 600');
});

test('never more attempts than the rule has, never a wait beyond the limit', () => {
  const rules = fc.record({
    retries: fc.nat(20),
    delaySeconds: fc.nat(86_400),
    backoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
  });
  fc.assert(
    fc.property(rules, (fields) => {
      const onError = rule(fields);
      let attempts = 0;
      for (;;) {
        const decision = decideRetry(endOf({ onError, endedSoBefore: attempts }));
        if (!decision.retry) break;
        attempts += 1;
        const wait = secondsBetween(endedAt, decision.notBeforeAt ?? endedAt);
        assert.ok(wait >= 0 && wait <= limits.retryDelaySeconds);
      }
      assert.equal(attempts, fields.retries);
    }),
  );
});
