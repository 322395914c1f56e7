import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { poolSchema } from '../site/site.ts';
import { addSeconds } from '../time.ts';
import { pilotStates } from './pilot.ts';
import { planPilots, type PilotNeeds, type PilotSeen } from './plan-pilots.ts';

const now = '2026-11-21T12:00:00.000Z';

const pilots: fc.Arbitrary<PilotSeen[]> = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    state: fc.constantFrom(...pilotStates),
    busyCores: fc.constantFrom(0, 0, 1, 4),
    idleSinceAt: fc.option(fc.nat(1000).map((seconds) => addSeconds(now, -seconds))),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);
const needs: fc.Arbitrary<PilotNeeds> = fc
  .record({
    minWarm: fc.nat(4),
    maxPilots: fc.nat(8),
    idleSeconds: fc.integer({ min: 1, max: 500 }),
    pilots,
    backlogCores: fc.nat(40),
    coresPerPilot: fc.nat(8),
    open: fc.boolean(),
  })
  .map(({ minWarm, maxPilots, idleSeconds, ...rest }) => ({
    ...rest,
    pool: poolSchema.parse({ minWarm, maxPilots, idleSeconds }),
  }));

const isAlive = ({ state }: PilotSeen): boolean => state !== 'ended' && state !== 'lost';

test('never more than maxPilots by its own doing, never fewer than minWarm while open', () => {
  fc.assert(
    fc.property(needs, (it) => {
      const plan = planPilots(it, now);
      const alive = it.pilots.filter(isAlive).length;
      assert.ok(plan.submit >= 0);
      if (plan.submit > 0) assert.ok(alive + plan.submit <= it.pool.maxPilots);
      const kept = alive + plan.submit - plan.release.length;
      const warm = Math.min(it.pool.minWarm, it.pool.maxPilots);
      if (it.open) assert.ok(kept >= Math.min(warm, alive + plan.submit));
      if (it.open && alive < warm) assert.ok(alive + plan.submit >= warm);
    }),
  );
});

test('lets go of idle pilots only, each once, and never while it submits', () => {
  fc.assert(
    fc.property(needs, (it) => {
      const plan = planPilots(it, now);
      assert.equal(new Set(plan.release).size, plan.release.length);
      for (const id of plan.release) {
        const pilot = it.pilots.find((candidate) => candidate.id === id);
        assert.equal(pilot?.state, 'running');
        assert.equal(pilot?.busyCores, 0);
      }
      if (plan.submit > 0) assert.deepEqual(plan.release, []);
      if (!it.open) assert.equal(plan.submit, 0);
      assert.ok(plan.reason.length > 0);
    }),
  );
});

test('as many as the work needs, and the idle ones leave after their time', () => {
  const pool = poolSchema.parse({ minWarm: 1, maxPilots: 4, idleSeconds: 60 });
  const base = { pool, backlogCores: 0, coresPerPilot: 4, open: true };
  const running = (id: string, busyCores: number, idleSeconds: number | null): PilotSeen => ({
    id,
    state: 'running',
    busyCores,
    idleSinceAt: idleSeconds === null ? null : addSeconds(now, -idleSeconds),
  });
  assert.equal(planPilots({ ...base, pilots: [] }, now).submit, 1);
  assert.equal(planPilots({ ...base, pilots: [], backlogCores: 9 }, now).submit, 3);
  assert.equal(planPilots({ ...base, pilots: [], backlogCores: 99 }, now).submit, 4);
  const two = [running('a', 0, 59), running('b', 0, 61)];
  assert.deepEqual(planPilots({ ...base, pilots: two }, now).release, ['b']);
  const busy = [running('a', 2, null), running('b', 0, 61)];
  assert.deepEqual(planPilots({ ...base, pilots: busy, backlogCores: 3 }, now).release, []);
  assert.deepEqual(planPilots({ ...base, pilots: two, open: false }, now).release, ['a', 'b']);
});
