import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeZone } from './time-zone.ts';

test('a zone is said shortly and in full, in summer and in winter', () => {
  const winter = timeZone(Date.parse('2026-11-22T03:00:00Z'), 'Europe/Berlin');
  assert.equal(winter.name, 'Europe/Berlin (GMT+01:00)');
  const summer = timeZone(Date.parse('2026-07-22T03:00:00Z'), 'Europe/Berlin');
  assert.equal(summer.name, 'Europe/Berlin (GMT+02:00)');
  assert.notEqual(summer.short, winter.short);
  assert.equal(timeZone(Date.parse('2026-11-22T03:00:00Z'), 'UTC').short, 'UTC');
});
