import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addSeconds } from '../time.ts';
import type { PilotSeen, PoolPlan, SiteNeeds } from './pilot-needs.ts';
import { pilotStates } from './pilot.ts';
import { planPilots } from './plan-pilots.ts';
import { sampleNeeds, samplePilot, sampleWaiting } from './sample-needs.ts';

const now = '2026-11-21T12:00:00.000Z';
const urgency = fc.constantFrom('urgent' as const, 'normal' as const, 'backfill' as const);

const pilots = (pool: number): fc.Arbitrary<PilotSeen[]> =>
  fc
    .array(
      fc.record({
        state: fc.constantFrom(...pilotStates),
        nodes: fc.integer({ min: 1, max: 3 }),
        busyCores: fc.constantFrom(0, 0, 0, 1, 4, 9),
        busyGpus: fc.nat(2),
        idleSinceAt: fc.option(fc.nat(1000).map((seconds) => addSeconds(now, -seconds))),
        endsAt: fc.option(fc.integer({ min: -10, max: 30_000 }).map((s) => addSeconds(now, s))),
      }),
      { maxLength: 8 },
    )
    .map((all) => all.map((fields, index) => samplePilot(`${pool}.${index}`, fields)));

const waiting = fc.array(
  fc
    .record({
      count: fc.nat(30),
      urgency,
      allocation: fc.constantFrom(null, null, 'abc'),
      restartable: fc.boolean(),
      resources: fc.record({
        cores: fc.integer({ min: 1, max: 8 }),
        nodes: fc.integer({ min: 1, max: 4 }),
        gpus: fc.constantFrom(0, 0, 0.5, 1, 2),
        walltimeSeconds: fc.constantFrom(60, 3600, 20_000, 28_000),
      }),
    })
    .map(({ count, ...fields }) => sampleWaiting(count, fields)),
  { maxLength: 5 },
);

const maintenance = fc.constantFrom(
  [],
  [{ startsAt: addSeconds(now, 100), endsAt: addSeconds(now, 5000), reason: 'cooling' }],
  [{ startsAt: addSeconds(now, 7205), endsAt: addSeconds(now, 9000), reason: '' }],
  [{ startsAt: addSeconds(now, -5), endsAt: addSeconds(now, 60), reason: '' }],
);

const poolFields = fc.record({
  pool: fc.record({
    urgencies: fc.uniqueArray(urgency, { minLength: 1 }),
    preemptable: fc.boolean(),
    account: fc.constantFrom(null, 'abc'),
    coresPerNode: fc.integer({ min: 1, max: 8 }),
    gpusPerNode: fc.constantFrom(0, 2),
  }),
  settings: fc.record({
    minWarm: fc.nat(3),
    maxPilots: fc.nat(6),
    idleSeconds: fc.integer({ min: 1, max: 500 }),
    nodesPerPilot: fc.integer({ min: 1, max: 2 }),
    paused: fc.constantFrom(false, false, false, true),
  }),
  limits: fc.record({ maxPilots: fc.nat(6), nodesPerPilot: fc.integer({ min: 1, max: 4 }) }),
});

const site: fc.Arbitrary<SiteNeeds> = fc
  .record({
    open: fc.constantFrom(true, true, true, false),
    maintenance,
    work: waiting,
    pools: fc.array(poolFields, { minLength: 1, maxLength: 3 }),
    pilots: fc.tuple(pilots(0), pilots(1), pilots(2)),
  })
  .map((drawn) => ({
    open: drawn.open,
    maintenance: drawn.maintenance,
    pools: drawn.pools.map(({ pool, ...rest }, index) =>
      sampleNeeds({
        ...rest,
        pool: { ...pool, name: `pool${index}` },
        pilots: drawn.pilots[index] ?? [],
        waiting: drawn.work,
      }),
    ),
  }));

const isAlive = ({ state }: PilotSeen): boolean => state !== 'ended' && state !== 'lost';

/** Every pool with its plan. */
const pairs = (needs: SiteNeeds, plans: PoolPlan[]) =>
  needs.pools.map((pool, index) => ({ pool, plan: plans[index] ?? assert.fail() }));

test('never above the most allowed, nothing while closed, nothing into a maintenance', () => {
  fc.assert(
    fc.property(site, (needs) => {
      for (const { pool, plan } of pairs(needs, planPilots(needs, now))) {
        const { settings, limits } = pool;
        const most = Math.min(settings.maxPilots, limits.maxPilots);
        const alive = pool.pilots.filter(isAlive).length;
        assert.ok(plan.submit.length === 0 || alive + plan.submit.length <= most);
        if (!needs.open || settings.paused) assert.equal(plan.submit.length, 0);
        for (const { nodes, walltimeSeconds } of plan.submit) {
          assert.ok(nodes >= 1 && nodes <= limits.nodesPerPilot);
          assert.ok(walltimeSeconds > 0 && walltimeSeconds <= settings.walltimeSeconds);
          const endsAt = addSeconds(now, walltimeSeconds);
          for (const window of needs.maintenance) {
            assert.ok(endsAt <= window.startsAt || window.endsAt <= now);
          }
        }
        assert.ok(plan.reason.length > 0);
      }
    }),
  );
});

test('lets go of idle pilots only, each once, and of none while it submits', () => {
  fc.assert(
    fc.property(site, (needs) => {
      for (const { pool, plan } of pairs(needs, planPilots(needs, now))) {
        assert.equal(new Set(plan.release).size, plan.release.length);
        for (const id of plan.release) {
          const pilot = pool.pilots.find((candidate) => candidate.id === id);
          assert.equal(pilot?.state, 'running');
          assert.equal(pilot?.busyCores, 0);
        }
        if (plan.submit.length > 0) assert.deepEqual(plan.release, []);
      }
    }),
  );
});

test('without work never above the warm ones, and no job is counted in two pools', () => {
  fc.assert(
    fc.property(site, (needs) => {
      const jobs = needs.pools[0]?.waiting.reduce((sum, { count }) => sum + count, 0) ?? 0;
      const plans = planPilots(needs, now);
      const counted = plans.reduce(
        (sum, { reason }) => sum + Number(/^(\d+) jobs? wait/.exec(reason)?.[1] ?? 0),
        0,
      );
      assert.ok(counted <= jobs, `${counted} of ${jobs}`);
      const warm = needs.pools.reduce((sum, { settings }) => sum + settings.minWarm, 0);
      const submitted = plans.reduce((sum, { submit }) => sum + submit.length, 0);
      assert.ok(submitted <= jobs + warm);
      const idle = { ...needs, pools: needs.pools.map((pool) => ({ ...pool, waiting: [] })) };
      for (const { pool, plan } of pairs(idle, planPilots(idle, now))) {
        const alive = pool.pilots.filter(isAlive);
        const fresh = alive.filter(({ endsAt }) => endsAt === null);
        assert.ok(plan.submit.length <= pool.settings.minWarm);
        if (fresh.length >= pool.settings.minWarm) assert.equal(plan.submit.length, 0);
      }
    }),
  );
});

/** The site when everything that was planned is done: new pilots are queued, others are gone. */
function obey(needs: SiteNeeds, plans: PoolPlan[], round: number): SiteNeeds {
  const pools = pairs(needs, plans).map(({ pool, plan }) => ({
    ...pool,
    pilots: [
      ...pool.pilots.filter(({ id }) => !plan.release.includes(id)),
      ...plan.submit.map(({ nodes }, index) =>
        samplePilot(`${plan.pool}.${round}.${index}`, { state: 'submitted', nodes }),
      ),
    ],
  }));
  return { ...needs, pools };
}

test('once obeyed it asks for nothing more', () => {
  fc.assert(
    fc.property(site, (needs) => {
      let seen = needs;
      // Letting go makes place for a pilot of another shape: that is a second round.
      for (let round = 0; round < 4; round += 1) seen = obey(seen, planPilots(seen, now), round);
      for (const { submit, release } of planPilots(seen, now)) {
        assert.deepEqual([submit, release], [[], []]);
      }
    }),
    { numRuns: 500 },
  );
});

test('the warm ones are there, where they may be', () => {
  fc.assert(
    fc.property(site, (needs) => {
      const free = { ...needs, open: true, maintenance: [] };
      for (const { pool, plan } of pairs(free, planPilots(free, now))) {
        const { settings, limits } = pool;
        const most = Math.min(settings.maxPilots, limits.maxPilots);
        const alive = pool.pilots.filter(isAlive).length;
        if (settings.paused || plan.release.length > 0 || alive >= most) continue;
        assert.ok(alive + plan.submit.length >= Math.min(settings.minWarm, most));
      }
    }),
  );
});
