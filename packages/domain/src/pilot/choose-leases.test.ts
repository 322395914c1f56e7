import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { limits } from '../limits.ts';
import {
  chooseLeases,
  roomForMore,
  type Held,
  type PilotWithRoom,
  type ReadyJob,
} from './choose-leases.ts';

const job = (id: string, fields: Partial<ReadyJob> = {}): ReadyJob => ({
  id,
  specId: 1,
  urgency: 'normal',
  nodes: 1,
  cores: 1,
  gpus: 0,
  memoryBytes: 0,
  walltimeSeconds: 600,
  runSeconds: 60,
  allocation: null,
  restartable: false,
  ...fields,
});

const none: Held = { cores: 0, gpus: 0, memoryBytes: 0, coreSeconds: 0 };

const pilot = (name: string, fields: Partial<PilotWithRoom> = {}): PilotWithRoom => ({
  id: `pilot_${name}`,
  urgencies: ['urgent', 'normal', 'backfill'],
  account: null,
  nodes: 1,
  cores: 4,
  coresPerNode: 4,
  gpusPerNode: 0,
  memoryBytesPerNode: 0,
  leftSeconds: 7200,
  heldCores: 0,
  heldGpus: 0,
  heldMemoryBytes: 0,
  heldCoreSeconds: 0,
  passable: { urgent: none, normal: none, backfill: none },
  ...fields,
});

const list = (count: number, fields: Partial<ReadyJob> = {}): ReadyJob[] =>
  Array.from({ length: count }, (_, index) => job(`j${index}`, fields));

/** Passed by urgent work alone: so many cores. */
const passedByUrgent = (cores: number): PilotWithRoom['passable'] => ({
  urgent: { ...none, cores },
  normal: none,
  backfill: none,
});

/** Who got what, as `job@pilot`. */
const given = (jobs: ReadyJob[], pilots: PilotWithRoom[]): string[] =>
  chooseLeases(jobs, pilots).leases.map(
    ({ jobId, pilotId }) => `${jobId}@${pilotId.slice('pilot_'.length)}`,
  );

describe('leasing', () => {
  test('fills every pilot before any of them keeps something at hand', () => {
    const leases = given(list(8), [pilot('a', { cores: 2 }), pilot('b', { cores: 4 })]);
    const first = leases.slice(0, 6).map((lease) => lease.at(-1));
    assert.equal(first.filter((name) => name === 'a').length, 2);
    assert.deepEqual([leases.length, given([], [pilot('a')]).length], [8, 0]);
  });

  test('goes where class, account, shape and time allow, and says what suits nobody', () => {
    const pilots = [
      pilot('demand', { urgencies: ['urgent'] }),
      pilot('charged', { account: 'fusion', urgencies: ['normal'] }),
      pilot('gpu', { gpusPerNode: 2, urgencies: ['backfill'], leftSeconds: 300 }),
    ];
    const jobs = [
      job('urgent', { urgency: 'urgent' }),
      job('charged', { allocation: 'fusion' }),
      job('other', { allocation: 'optics' }),
      job('gpu', { urgency: 'backfill', gpus: 0.5, walltimeSeconds: 200 }),
      job('late', { urgency: 'backfill', walltimeSeconds: 295 }),
      job('restarts', { urgency: 'backfill', restartable: true }),
      job('wide', { cores: 5 }),
      job('many nodes', { nodes: 2, cores: 2 }),
    ];
    assert.deepEqual(given(jobs, pilots), [
      'urgent@demand',
      'charged@charged',
      'gpu@gpu',
      'restarts@gpu',
    ]);
    assert.deepEqual(chooseLeases(jobs, pilots).unsuited, ['other', 'late', 'wide', 'many nodes']);
  });

  test('holds a pilot back for a large job that does not fit yet', () => {
    const busy = { heldCores: 10, heldCoreSeconds: 600 };
    const large = job('large', { cores: 4 });
    assert.deepEqual(given([large, ...list(3)], [pilot('a', busy)]), []);
    const two = [
      pilot('a', busy),
      pilot('b', { ...busy, cores: 2, coresPerNode: 2, heldCores: 4 }),
    ];
    assert.deepEqual(given([large, ...list(3)], two), ['j0@b', 'j1@b']);
  });

  test('keeps more at hand of what ends soon, up to a limit', () => {
    const usual = 4 * (1 + limits.prefetchJobsPerCore);
    assert.equal(given(list(900), [pilot('a')]).length, usual);
    const short = given(list(900, { runSeconds: 0.05 }), [pilot('a')]).length;
    assert.equal(short, (4 * limits.prefetchSeconds) / 0.05);
    const none = given(list(2000, { runSeconds: 0 }), [pilot('a')]).length;
    assert.equal(none, 4 * limits.prefetchMostJobsPerCore);
  });

  test('takes short jobs in portions', () => {
    const short = { heldCores: 60, heldCoreSeconds: 3 };
    assert.equal(roomForMore([pilot('a', short)], 'normal'), 0);
    // 2.5 of the 4 core seconds are left, for jobs that take 0.05 s.
    assert.equal(roomForMore([pilot('a', { heldCores: 30, heldCoreSeconds: 1.5 })], 'normal'), 50);
    const most = 4 * limits.prefetchMostJobsPerCore;
    const instant = { heldCores: most - 100, heldCoreSeconds: 0.01 };
    assert.equal(roomForMore([pilot('a', instant)], 'normal'), 100, 'not above the most');
    assert.equal(roomForMore([pilot('a', { heldCores: 12, heldCoreSeconds: 600 })], 'normal'), 0);
  });

  test('keeps urgent work where less urgent work fills what is kept at hand, within bounds', () => {
    const usual = 4 * (1 + limits.prefetchJobsPerCore);
    const full = pilot('a');
    chooseLeases(list(99), [full]);
    assert.deepEqual([roomForMore([full], 'normal'), roomForMore([full], 'backfill')], [0, 0]);
    assert.ok(roomForMore([full], 'urgent') > 0);
    assert.equal(given(list(99, { urgency: 'backfill' }), [full]).length, 0);
    assert.equal(given(list(99, { urgency: 'urgent' }), [full]).length, usual);
    assert.equal(given(list(99, { urgency: 'urgent' }), [full]).length, 0);
    assert.equal(roomForMore([full], 'urgent'), 0);
    // What runs is not passed: it goes where the least has its turn before it.
    const busy = pilot('busy', { heldCores: 12, passable: passedByUrgent(2) });
    const idler = pilot('idler', { heldCores: 14, passable: passedByUrgent(10) });
    assert.deepEqual(given([job('u', { urgency: 'urgent' })], [busy, idler]), ['u@idler']);
  });

  test('keeps of an urgency and what goes before it no more than is kept at hand', () => {
    const batch = fc.record({
      urgency: fc.constantFrom<ReadyJob['urgency']>('urgent', 'normal', 'backfill'),
      count: fc.integer({ min: 1, max: 20 }),
      cores: fc.integer({ min: 1, max: 4 }),
    });
    const most = 4 * (1 + limits.prefetchJobsPerCore);
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 12 }), (batches) => {
        const one = pilot('a');
        const held = { urgent: 0, normal: 0, backfill: 0 };
        for (const { urgency, count, cores } of batches) {
          const before = Math.min(...one.urgencies.map((each) => roomForMore([one], each)));
          const got = given(list(count, { urgency, cores }), [one]).length;
          held[urgency] += got * cores;
          if (before > 0 && cores === 1) assert.ok(got > 0, 'what has room is given');
          assert.ok(held.urgent <= most);
          if (urgency === 'normal' && got > 0) assert.ok(held.urgent + held.normal <= most);
          assert.ok(one.heldCores <= 3 * most);
          assert.equal(one.heldCores, held.urgent + held.normal + held.backfill);
        }
        assert.equal(one.passable.urgent.cores, held.normal + held.backfill);
      }),
    );
  });

  test('never gives more than a pilot may hold, nor a job twice, nor out of turn', () => {
    const jobs = fc.array(
      fc.record({
        cores: fc.integer({ min: 1, max: 8 }),
        gpus: fc.constantFrom(0, 0, 0.5, 1),
        memoryBytes: fc.integer({ min: 0, max: 200 }),
        runSeconds: fc.constantFrom(0.01, 1, 100),
      }),
      { maxLength: 60 },
    );
    const pilots = fc.array(
      fc.record({
        cores: fc.integer({ min: 1, max: 8 }),
        gpusPerNode: fc.integer({ min: 0, max: 2 }),
        memoryBytesPerNode: fc.constantFrom(0, 100, 400),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(jobs, pilots, (wanted, offered) => {
        const ready = wanted.map((fields, index) => job(`j${index}`, fields));
        const all = offered.map((fields, index) =>
          pilot(`p${index}`, { ...fields, coresPerNode: fields.cores }),
        );
        const { leases, unsuited } = chooseLeases(ready, all);
        const ids = [...leases.map(({ jobId }) => jobId), ...unsuited];
        assert.equal(new Set(ids).size, ids.length);
        for (const { cores, heldCores, gpusPerNode, heldGpus } of all) {
          assert.ok(heldCores <= cores * limits.prefetchMostJobsPerCore);
          assert.ok(heldGpus <= gpusPerNode * limits.prefetchMostJobsPerCore);
        }
        // Jobs of one shape are given in their order.
        const places = leases.map(({ jobId }) => Number(jobId.slice(1)));
        for (const [place, later] of places.entries()) {
          for (const earlier of places.slice(place + 1)) {
            if (earlier < later) assert.fail(`${earlier} comes after ${later}`);
          }
        }
      }),
    );
  });
});
