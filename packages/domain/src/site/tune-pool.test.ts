import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { poolSettingsSchema } from './site.ts';
import { faultsOfTuning, tunePool } from './tune-pool.ts';

const numbers = {
  minWarm: fc.integer({ min: 0, max: 5 }),
  maxPilots: fc.integer({ min: 0, max: 9 }),
  nodesPerPilot: fc.integer({ min: 1, max: 9 }),
  walltimeSeconds: fc.integer({ min: 60, max: 9000 }),
  idleSeconds: fc.integer({ min: 1, max: 900 }),
};
const offers = fc.record({ ...numbers, paused: fc.boolean() });
const wishes = fc.record({ ...numbers, paused: fc.boolean() }, { requiredKeys: [] });

test('what counts is what was tuned where that is allowed, and never more than the offer', () => {
  fc.assert(
    fc.property(offers, wishes, (offered, tuned) => {
      const settings = poolSettingsSchema.parse(tunePool(offered, tuned));
      for (const key of Object.keys(numbers) as (keyof typeof numbers)[]) {
        assert.ok(settings[key] <= offered[key]);
      }
      if (offered.paused) assert.equal(settings.paused, true);
      if (faultsOfTuning(offered, tuned).length > 0) assert.notDeepEqual(tuned, offered);
      else assert.deepEqual(settings, { ...offered, ...tuned });
    }),
  );
});

test('nothing tuned leaves the offer as it is', () => {
  const offered = poolSettingsSchema.parse({ maxPilots: 3 });
  assert.deepEqual(tunePool(offered, {}), offered);
  assert.deepEqual(faultsOfTuning(offered, { maxPilots: 4 })[0]?.loc, ['maxPilots']);
});
