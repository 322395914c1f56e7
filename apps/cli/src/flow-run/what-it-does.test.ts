import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localTime } from '../output/quantities.ts';
import { whatItDoes } from './what-it-does.ts';

test('what a flow run waits for is told with times of the terminal', () => {
  const at = '2026-11-22T10:08:35.097Z';
  const run = {
    reason: `Analyse waits, at most until ${at}.`,
    stateName: 'Analyse',
    endedAt: null,
  };
  const said = `Analyse waits, at most until ${localTime(at, at)}.`;
  assert.equal(whatItDoes(run, at), said);
  assert.equal(whatItDoes({ ...run, endedAt: at }, at), run.reason, 'a program may have said it');
  assert.equal(whatItDoes({ ...run, reason: null }, at), 'Analyse');
});
