import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadlineAt, timeAgo, timeAgoIfGiven } from './read-time.ts';

const now = '2026-11-21T12:00:00.000Z';

test('a time in the past is an instant, or how long ago', () => {
  assert.equal(timeAgo('--from', '36h', now), '2026-11-20T00:00:00.000Z');
  assert.equal(timeAgo('--from', '0s', now), now);
  assert.equal(timeAgo('--from', '90 min', now), '2026-11-21T10:30:00.000Z');
  assert.equal(timeAgo('--from', '2026-11-20', now), '2026-11-20T00:00:00.000Z');
  assert.equal(timeAgo('--from', '2026', now), '2026-01-01T00:00:00.000Z');
  assert.throws(() => timeAgo('--from', 'yesterday', now), /--from is an instant/);
  assert.throws(() => timeAgo('--to', '3w', now), /--to is an instant.*"3w"/);
  assert.equal(timeAgoIfGiven('--from', undefined, now), undefined);
});

test('a deadline is how long from now, or an instant', () => {
  assert.equal(deadlineAt('90', now), '2026-11-21T12:01:30.000Z');
  assert.equal(deadlineAt('10m', now), '2026-11-21T12:10:00.000Z');
  assert.equal(deadlineAt('1.5 h', now), '2026-11-21T13:30:00.000Z');
  assert.equal(deadlineAt('2026-11-22T00:00:00Z', now), '2026-11-22T00:00:00.000Z');
  assert.equal(deadlineAt(undefined, now), null);
  for (const text of ['soon', '3w', '-4', '']) {
    assert.throws(() => deadlineAt(text, now), /is no time to come; write seconds from now/, text);
  }
});
