import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pilot } from '../pilot/pilot.ts';
import { findStillborn } from './find-stillborn.ts';

type Seen = Pick<Pilot, 'pool' | 'state' | 'startedAt' | 'reason'>;

const pilot = (state: Pilot['state'], fields: Partial<Seen> = {}): Seen => ({
  ...{ pool: 'batch', state, startedAt: null, reason: 'squeue did not answer' },
  ...fields,
});
const ran = { startedAt: '2026-01-01T00:00:00.000Z' };
const found = (...pilots: Seen[]) => Object.fromEntries(findStillborn(pilots));

test('a pool whose last pilot never ran says why; what is under way is passed over', () => {
  const why = { batch: 'squeue did not answer' };
  assert.deepEqual(found(pilot('wanted'), pilot('lost'), pilot('running', ran)), why);
  assert.deepEqual(found(pilot('submitted'), pilot('wanted'), pilot('lost')), why);
  assert.deepEqual(found(pilot('lost', { reason: null })), { batch: 'no reason was given' });
});

test('a pool whose last pilot ran or was let go says nothing', () => {
  assert.deepEqual(found(pilot('running', ran), pilot('lost')), {});
  assert.deepEqual(found(pilot('lost', ran), pilot('lost')), {});
  assert.deepEqual(found(pilot('ended'), pilot('lost')), {});
  assert.deepEqual(found(pilot('running', { ...ran, pool: 'other' }), pilot('lost')), {
    batch: 'squeue did not answer',
  });
});
