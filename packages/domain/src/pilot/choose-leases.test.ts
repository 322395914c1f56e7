import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { limits } from '../limits.ts';
import { chooseLeases, roomForMore, type PilotWithRoom, type ReadyJob } from './choose-leases.ts';

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
  ...fields,
});

const list = (count: number, fields: Partial<ReadyJob> = {}): ReadyJob[] =>
  Array.from({ length: count }, (_, index) => job(`j${index}`, fields));

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
    assert.equal(roomForMore([pilot('a', short)]), 0);
    assert.ok(roomForMore([pilot('a', { heldCores: 30, heldCoreSeconds: 1.5 })]) > 0);
    assert.equal(roomForMore([pilot('a', { heldCores: 12, heldCoreSeconds: 600 })]), 0);
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
