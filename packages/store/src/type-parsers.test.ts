import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseInt8, parseTimestamptz } from './type-parsers.ts';

test('an int8 is a number, and an error where a number would be wrong', () => {
  assert.equal(parseInt8('9007199254740991'), 2 ** 53 - 1);
  assert.equal(parseInt8('-5'), -5);
  assert.throws(() => parseInt8('9007199254740993'), /too large/);
});

test('a timestamptz is an ISO string with milliseconds, whatever its fraction and offset', () => {
  assert.equal(parseTimestamptz('2026-11-21 14:03:00+00'), '2026-11-21T14:03:00.000Z');
  assert.equal(parseTimestamptz('2026-11-21 14:03:00.1+00'), '2026-11-21T14:03:00.100Z');
  assert.equal(parseTimestamptz('2026-11-21 14:03:00.123456+00'), '2026-11-21T14:03:00.123Z');
  assert.equal(parseTimestamptz('2026-11-21 14:03:00.123456+02'), '2026-11-21T12:03:00.123Z');
  assert.equal(parseTimestamptz('2026-11-21 14:03:00+05:30'), '2026-11-21T08:33:00.000Z');
});

test('every instant comes back as the same text', () => {
  const max = new Date('9999-12-31T23:59:59.999Z');
  const min = new Date('0001-01-01T00:00:00.000Z');
  fc.assert(
    fc.property(fc.date({ min, max, noInvalidDate: true }), (date) => {
      const iso = date.toISOString();
      const stored = iso.replace('T', ' ').replace(/\.?0*Z$/, '+00');
      assert.equal(parseTimestamptz(/:\d\d[.+]/.test(stored.slice(16)) ? stored : iso), iso);
    }),
  );
});
