import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSeconds } from '../time.ts';
import type { PilotSeen, PoolPlan, SiteNeeds } from './pilot-needs.ts';
import { planPilots } from './plan-pilots.ts';
import { sampleNeeds, samplePilot, sampleWaiting, type SampleNeeds } from './sample-needs.ts';

const now = '2026-11-21T12:00:00.000Z';
const hour = 3600;

function plansOf(pools: SampleNeeds[], site: Partial<SiteNeeds> = {}): PoolPlan[] {
  const needs = pools.map((fields) => sampleNeeds(fields));
  return planPilots({ open: true, maintenance: [], ...site, pools: needs }, now);
}

const planOf = (fields: SampleNeeds, site: Partial<SiteNeeds> = {}): PoolPlan =>
  plansOf([fields], site)[0] ?? assert.fail();

const submits = (plan: PoolPlan): number => plan.submit.length;

const idleFor = (id: string, seconds: number, fields: Partial<PilotSeen> = {}): PilotSeen =>
  samplePilot(id, { idleSinceAt: addSeconds(now, -seconds), ...fields });

test('as many as the work needs, at least the warm ones, at most as many as allowed', () => {
  assert.deepEqual(planOf({}).submit, [{ nodes: 1, walltimeSeconds: 8 * hour }]);
  assert.match(planOf({}).reason, /^nothing waits; 1 pilot more kept warm$/);
  const nine = planOf({ waiting: [sampleWaiting(9)] });
  assert.equal(submits(nine), 3);
  assert.equal(nine.reason, '9 jobs wait for 9 cores; 3 pilots more wanted');
  assert.equal(submits(planOf({ waiting: [sampleWaiting(99)] })), 4);
  assert.equal(submits(planOf({ waiting: [sampleWaiting(99)], limits: { maxPilots: 2 } })), 2);
  const queued = planOf({
    waiting: [sampleWaiting(3)],
    pilots: [samplePilot('a', { state: 'submitted' })],
  });
  assert.equal(submits(queued), 0);
  assert.equal(queued.reason, '3 jobs wait for 3 cores; 1 pilot is queued');
  const full = ['a', 'b', 'c', 'd'].map((id) => samplePilot(id, { busyCores: 4 }));
  const beyond = planOf({ waiting: [sampleWaiting(1)], pilots: full });
  assert.equal(submits(beyond), 0);
  assert.match(beyond.reason, /^1 job waits for 1 core; 4 pilots are running; it may have 4$/);
});

test('packing goes by cores, GPUs and memory, and a part of a GPU is shared', () => {
  const gibibyte = 1024 ** 3;
  const pool = { coresPerNode: 16, gpusPerNode: 2, memoryBytesPerNode: 64 * gibibyte };
  const needs = (resources: Parameters<typeof sampleWaiting>[1], pilots: PilotSeen[] = []) =>
    submits(planOf({ pool, waiting: [sampleWaiting(4, resources)], pilots }));
  assert.equal(needs({ resources: { cores: 4 } }), 1);
  assert.equal(needs({ resources: { cores: 9 } }), 4);
  assert.equal(needs({ resources: { gpus: 1 } }), 2);
  assert.equal(needs({ resources: { gpus: 0.5 } }), 1);
  assert.equal(needs({ resources: { memoryBytes: 30 * gibibyte } }), 2);
  // What one shape took is not there for the next.
  const shapes = [{ gpus: 2 }, { gpus: 1 }, { memoryBytes: 60 * gibibyte, gpus: 1 }];
  const waiting = shapes.map((resources) => sampleWaiting(1, { resources }));
  assert.equal(submits(planOf({ pool, waiting })), 2);
  const memory = [60, 10].map((size) =>
    sampleWaiting(1, { resources: { memoryBytes: size * gibibyte } }),
  );
  assert.equal(submits(planOf({ pool, waiting: memory })), 2);
  const noGpus = samplePilot('a', { busyGpus: 2, busyCores: 2 });
  assert.equal(needs({ resources: { cores: 1 } }, [noGpus]), 0);
  assert.equal(needs({ resources: { gpus: 1 } }, [noGpus]), 2);
  const noMemory = samplePilot('a', { busyMemoryBytes: 60 * gibibyte, busyCores: 1 });
  assert.equal(needs({ resources: { memoryBytes: 8 * gibibyte } }, [noMemory]), 1);
});

test('a job of several nodes needs one pilot that has them', () => {
  const waiting = [sampleWaiting(2, { resources: { nodes: 3, cores: 4 } })];
  const limits = { nodesPerPilot: 4 };
  const plan = planOf({ waiting, limits });
  assert.deepEqual(
    plan.submit.map(({ nodes }) => nodes),
    [3, 3],
  );
  assert.equal(submits(planOf({ waiting, limits, pilots: [samplePilot('a', { nodes: 6 })] })), 0);
  const busy = samplePilot('a', { nodes: 6, busyCores: 16 });
  assert.equal(submits(planOf({ waiting, limits, pilots: [busy] })), 2);
  assert.equal(submits(planOf({ waiting, limits: { nodesPerPilot: 2 } })), 1);
});

test('a pool full of pilots of another shape makes place, and then has the right one', () => {
  const waiting = [sampleWaiting(1, { resources: { nodes: 2 } })];
  const fields = { waiting, limits: { nodesPerPilot: 2 }, settings: { maxPilots: 1 } };
  const plan = planOf({ ...fields, pilots: [samplePilot('warm')] });
  assert.deepEqual(plan.release, ['warm']);
  assert.match(plan.reason, /1 pilot let go, in the place of another shape/);
  const busy = planOf({ ...fields, pilots: [samplePilot('warm', { busyCores: 1 })] });
  assert.deepEqual(busy.release, []);
  assert.deepEqual(planOf(fields).submit, [{ nodes: 2, walltimeSeconds: 8 * hour }]);
  // It would hold the work with more time left: only its idle time makes it go.
  const long = { waiting: [sampleWaiting(1, { resources: { walltimeSeconds: 7 * hour } })] };
  const short = { settings: { maxPilots: 1 }, ...long };
  const endsAt = addSeconds(now, 6 * hour);
  assert.deepEqual(planOf({ ...short, pilots: [idleFor('a', 10, { endsAt })] }).release, []);
  assert.deepEqual(planOf({ ...short, pilots: [idleFor('a', 900, { endsAt })] }).release, ['a']);
});

test('idle pilots above the warm ones leave after their time, needed ones stay', () => {
  const settings = { idleSeconds: 60 };
  const two = [idleFor('a', 59), idleFor('b', 61)];
  assert.deepEqual(planOf({ settings, pilots: two }).release, ['b']);
  assert.match(planOf({ settings, pilots: two }).reason, /1 pilot let go, idle for 60 s/);
  const three = [idleFor('a', 61), idleFor('b', 61), samplePilot('c', { busyCores: 1 })];
  assert.equal(planOf({ settings, pilots: three }).release.length, 2);
  const needed = planOf({ settings, pilots: three, waiting: [sampleWaiting(5)] });
  assert.equal(needed.release.length, 1);
  // What is queued is not warm.
  const queued = [idleFor('a', 61), samplePilot('q', { state: 'submitted' })];
  assert.deepEqual(planOf({ settings, pilots: queued }).release, []);
});

test('pilots near their end are no room and are replaced', () => {
  const old = idleFor('old', 10, { endsAt: addSeconds(now, 200) });
  assert.equal(submits(planOf({ pilots: [old] })), 1);
  assert.equal(submits(planOf({ pilots: [old], settings: { maxPilots: 1 } })), 0);
  const fresh = samplePilot('fresh', { endsAt: addSeconds(now, 2 * hour) });
  assert.equal(submits(planOf({ pilots: [fresh] })), 0);
  const long = sampleWaiting(1, { resources: { walltimeSeconds: 3 * hour } });
  assert.equal(submits(planOf({ pilots: [fresh], waiting: [long] })), 1);
  assert.equal(submits(planOf({ pilots: [fresh], waiting: [{ ...long, restartable: true }] })), 0);
});

test('no pilot outlives the beginning of a maintenance', () => {
  const at = (from: number, to: number) => ({
    maintenance: [
      { startsAt: addSeconds(now, from), endsAt: addSeconds(now, to), reason: 'cooling' },
    ],
  });
  assert.equal(planOf({}, at(2 * hour, 3 * hour)).submit[0]?.walltimeSeconds, 2 * hour);
  assert.equal(planOf({}, at(9 * hour, 10 * hour)).submit[0]?.walltimeSeconds, 8 * hour);
  const little = planOf({ waiting: [sampleWaiting(1)] }, at(200, hour));
  assert.equal(submits(little), 0);
  assert.match(little.reason, /maintenance from .* \(cooling\) leaves too little time/);
  // Enough for a pilot, not for this job: nothing is submitted that would not run it.
  const long = sampleWaiting(9, { resources: { walltimeSeconds: 3 * hour } });
  assert.equal(
    submits(planOf({ waiting: [long], settings: { minWarm: 0 } }, at(hour, hour * 2))),
    0,
  );
  const inside = planOf({ pilots: [samplePilot('a')] }, at(-10, hour));
  assert.deepEqual(inside, {
    pool: 'default',
    submit: [],
    release: ['a'],
    reason:
      `nothing waits; in maintenance until ${addSeconds(now, hour)} (cooling); ` +
      '1 pilot let go, idle; 1 pilot is running',
  });
  assert.equal(submits(planOf({}, at(-20, -10))), 1);
});

test('closed or paused: nothing is submitted, idle pilots leave, busy ones stay', () => {
  const pilots = [samplePilot('idle'), samplePilot('busy', { busyCores: 1 })];
  const waiting = [sampleWaiting(100)];
  const closed = planOf({ pilots, waiting }, { open: false });
  assert.deepEqual([closed.submit, closed.release], [[], ['idle']]);
  assert.match(closed.reason, /site is closed/);
  const paused = planOf({ pilots, waiting, settings: { paused: true } });
  assert.deepEqual([paused.submit, paused.release], [[], ['idle']]);
  assert.match(paused.reason, /paused/);
});

const demand = { name: 'demand', urgencies: ['urgent' as const] };
const batch = { name: 'batch', urgencies: ['urgent' as const, 'normal' as const] };
const scavenge = {
  name: 'scavenge',
  urgencies: ['normal' as const, 'backfill' as const],
  preemptable: true,
};
const cold = { minWarm: 0, maxPilots: 2 };
const facility = (waiting: SampleNeeds['waiting'], more: SampleNeeds = {}): number[] =>
  plansOf(
    [scavenge, batch, demand].map((pool) => ({
      pool,
      settings: cold,
      ...(waiting && { waiting }),
      ...more,
    })),
  ).map(submits);

test('work that several pools take goes to the one that suits it, once', () => {
  assert.deepEqual(facility([sampleWaiting(4, { urgency: 'urgent' })]), [0, 0, 1]);
  assert.deepEqual(facility([sampleWaiting(4)]), [0, 1, 0]);
  assert.deepEqual(facility([sampleWaiting(4, { urgency: 'backfill' })]), [1, 0, 0]);
  // What does not fit goes on to the next one, never to one that does not name it.
  assert.deepEqual(facility([sampleWaiting(12, { urgency: 'urgent' })]), [0, 1, 2]);
  assert.deepEqual(facility([sampleWaiting(99, { urgency: 'backfill' })]), [2, 0, 0]);
  assert.deepEqual(facility([sampleWaiting(99)]), [2, 2, 0]);
  const both = [sampleWaiting(8, { urgency: 'urgent' }), sampleWaiting(1)];
  assert.deepEqual(facility(both), [0, 1, 2]);
});

test('a free core anywhere is room; urgent work does not count on what queues elsewhere', () => {
  const urgent = [sampleWaiting(2, { urgency: 'urgent' })];
  const withPilot = (pilot: PilotSeen): number[] =>
    plansOf([
      { pool: batch, settings: cold, waiting: urgent, pilots: [pilot] },
      { pool: demand, settings: cold, waiting: urgent },
    ]).map(submits);
  assert.deepEqual(withPilot(samplePilot('a')), [0, 0]);
  assert.deepEqual(withPilot(samplePilot('a', { state: 'submitted' })), [0, 1]);
});

test('accounts and GPUs: work goes where it is charged, and leaves GPUs to those who ask', () => {
  const gpu = { name: 'gpu', gpusPerNode: 4 };
  const granted = { name: 'granted', account: 'abc' };
  const plans = (waiting: SampleNeeds['waiting']): number[] =>
    plansOf(
      [gpu, granted].map((pool) => ({ pool, settings: cold, ...(waiting && { waiting }) })),
    ).map(submits);
  assert.deepEqual(plans([sampleWaiting(1)]), [0, 1]);
  assert.deepEqual(plans([sampleWaiting(1, { resources: { gpus: 1 } })]), [1, 0]);
  assert.deepEqual(plans([sampleWaiting(1, { allocation: 'abc' })]), [0, 1]);
  assert.deepEqual(plans([sampleWaiting(1, { allocation: 'xyz' })]), [0, 0]);
  assert.deepEqual(plans([sampleWaiting(1, { resources: { cores: 5 } })]), [0, 0]);
});
