import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobFilter } from '@interpulse/api/routes/jobs.ts';
import { countIn, narrowFilter, stateGroups, statesOf, toJobFilter } from './job-filter.ts';

test('every group of states is one that the hub understands, and none is empty', () => {
  for (const { value } of stateGroups) {
    if (value !== '') assert.ok(jobFilter.state.safeParse(value).success, value);
    assert.ok(statesOf(value).length > 0, value);
  }
});

test('the groups "waiting" and "at work" are together what has not ended', () => {
  const open = statesOf('open');
  assert.deepEqual(
    [...statesOf(stateGroups[2].value), ...statesOf(stateGroups[3].value)].sort(),
    open.sort(),
  );
});

test('counts of a group are summed over its states', () => {
  const counts = { queued: 3, active: 4, completed: 100, failed: 2 };
  assert.equal(countIn(counts, ''), 109);
  assert.equal(countIn(counts, 'open'), 7);
  assert.equal(countIn(counts, 'failed'), 2);
});

test('an age becomes an instant, "mine" a word', () => {
  const now = Date.parse('2026-11-20T10:00:00.000Z');
  assert.deepEqual(toJobFilter({ since: '1h', mine: true, app: 'xpcs' }, now), {
    app: 'xpcs',
    mine: 'true',
    createdAfter: '2026-11-20T09:00:00.000Z',
  });
});

test('an action on all that match leaves alone what it can do nothing with', () => {
  assert.equal(narrowFilter({ app: 'a' }, 'retry')?.state, 'failed,canceled');
  assert.equal(narrowFilter({ state: 'failed' }, 'cancel'), null);
  assert.equal(narrowFilter({ state: 'failed,active' }, 'cancel')?.state, 'active');
  // Never a filter without a condition: the hub refuses it, and rightly.
  assert.notDeepEqual(narrowFilter({}, 'cancel'), {});
});
