import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toInstant, toLocalInput } from './local-input.ts';

test('a field and its instant are the same minute, in whatever zone', () => {
  for (const at of ['2026-11-20T10:07:00.000Z', '2026-06-30T23:59:00.000Z']) {
    assert.equal(toInstant(toLocalInput(Date.parse(at))), at);
  }
  assert.match(toLocalInput(0), /^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
  assert.equal(toInstant(''), '');
});
