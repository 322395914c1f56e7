import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant } from './instant.ts';
import { readableText } from './readable-text.ts';

test('instants in a sentence are said in local time', () => {
  const now = Date.parse('2026-11-21T12:00:00.000Z');
  const soon = '2026-11-21T13:04:05.678Z';
  const before = '2026-11-20T09:00Z';
  assert.equal(
    readableText(`waits at most until ${soon}, since ${before}.`, now),
    `waits at most until ${formatInstant(soon, now)}, since ${formatInstant(before, now)}.`,
  );
  assert.equal(readableText('no instant in 2026-11-21', now), 'no instant in 2026-11-21');
});
