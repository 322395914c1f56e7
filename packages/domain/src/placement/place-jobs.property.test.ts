import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addSeconds } from '../time.ts';
import { placeJobs } from './place-jobs.ts';
import { refuseSite } from './refuse-site.ts';
import { sampleJob, samplePool, sampleSite } from './sample-snapshots.ts';
import type { LimitUse, PlacementRound } from './snapshot.ts';

const now = '2026-11-21T12:00:00.000Z';
const urgency = fc.constantFrom('urgent' as const, 'normal' as const, 'backfill' as const);

const pool = fc
  .record({
    name: fc.constantFrom('batch', 'demand', 'gpu'),
    urgencies: fc.uniqueArray(urgency, { minLength: 1 }),
    account: fc.constantFrom(null, 'abc'),
    paused: fc.constantFrom(false, false, true),
    maxPilots: fc.nat(3),
    maxNodes: fc.integer({ min: 1, max: 3 }),
    coresPerNode: fc.integer({ min: 1, max: 16 }),
    coresTotal: fc.nat(64),
    coresBusy: fc.nat(64),
    pilotStartSeconds: fc.nat(100),
  })
  .map((fields) =>
    samplePool({ ...fields, coresBusy: Math.min(fields.coresBusy, fields.coresTotal) }),
  );

const byUrgency = fc.record({ urgent: fc.nat(100), normal: fc.nat(100), backfill: fc.nat(100) });
const rates = fc.dictionary(fc.constantFrom('raw', 'home'), fc.integer({ min: 1000, max: 1e9 }));

const sites = fc.uniqueArray(
  fc
    .record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      status: fc.constantFrom('up' as const, 'up' as const, 'silent' as const, 'closed' as const),
      hasCompute: fc.constantFrom(true, true, false),
      allowsCommands: fc.boolean(),
      pools: fc.array(pool, { maxLength: 3 }),
      backlogJobs: fc.nat(50),
      backlogCores: byUrgency,
      backlogCoreSeconds: byUrgency,
      runSeconds: fc.dictionary(fc.constantFrom('fit', 'plot'), fc.nat(100)),
      bytesPerSecond: rates,
      returnBytesPerSecond: rates,
      maintenance: fc.constantFrom(
        [],
        [{ startsAt: addSeconds(now, 3700), endsAt: addSeconds(now, 9000), reason: '' }],
      ),
      brokenReason: fc.constantFrom(null, null, 'broken'),
    })
    .map(sampleSite),
  { selector: ({ id }) => id },
);

const job = fc
  .record({
    app: fc.constantFrom('fit', 'plot', null),
    site: fc.constantFrom('any', 'a', ['b', 'c']),
    project: fc.constantFrom('demo', 'other'),
    resources: fc.record({
      cores: fc.integer({ min: 1, max: 16 }),
      nodes: fc.integer({ min: 1, max: 3 }),
    }),
    urgency,
    allocation: fc.constantFrom(null, null, 'abc'),
    strategy: fc.constantFrom(
      'earliestFinish' as const,
      'shortestBacklog' as const,
      'roundRobin' as const,
    ),
    deadlineAt: fc.constantFrom(null, addSeconds(now, 30)),
    inputBytes: fc.constantFrom({}, { raw: 1e9 }, { 'a-scratch': 1e9 }),
    returnCollection: fc.constantFrom(null, 'home'),
  })
  .map(sampleJob);

const jobs = fc
  .array(job, { maxLength: 20 })
  .map((all) => all.map((each, index) => ({ ...each, id: `job${index}` })));

const limit = fc.record({
  project: fc.constantFrom(null, 'demo'),
  site: fc.constantFrom(null, 'a', 'b'),
  app: fc.constantFrom(null, 'fit'),
  maxJobs: fc.option(fc.nat(8)),
  maxCores: fc.option(fc.nat(60)),
  jobs: fc.nat(3),
  cores: fc.nat(10),
});

const round: fc.Arbitrary<PlacementRound> = fc.record({
  now: fc.constant(now),
  limits: fc.array(limit, { maxLength: 4 }),
  turn: fc.nat(20),
});

test('never a site that refuses, always one when one is open, always the same answer', () => {
  fc.assert(
    fc.property(jobs, sites, round, (someJobs, someSites, someRound) => {
      const placements = placeJobs(someJobs, someSites, someRound);
      assert.deepEqual(placeJobs(someJobs, someSites, someRound), placements);
      assert.deepEqual(
        placements.map(({ jobId }) => jobId),
        someJobs.map(({ id }) => id),
      );
      for (const [index, placement] of placements.entries()) {
        assert.equal(placement.considered.length, someSites.length);
        const open = placement.considered.filter(({ refusal }) => refusal === null);
        assert.ok(open.every(({ estimate }) => estimate !== null));
        assert.equal(placement.siteId === null, open.length === 0);
        assert.ok(placement.reason.length > 0);
        const site = someSites.find(({ id }) => id === placement.siteId);
        if (!site) continue;
        assert.ok(open.some(({ siteName }) => siteName === site.name));
        const placed = someJobs[index] ?? assert.fail();
        assert.equal(refuseSite(placed, site).refusal, null);
        if (placed.strategy !== 'earliestFinish') continue;
        const isAnyInTime = open.some(({ estimate }) => estimate?.inTime === true);
        assert.equal(placement.estimate?.inTime, isAnyInTime);
        if (!isAnyInTime || placed.deadlineAt !== null) continue;
        const finish = placement.estimate?.finishAt ?? '';
        assert.ok(open.every(({ estimate }) => (estimate?.finishAt ?? '') >= finish));
      }
    }),
  );
});

const limitHolds = (
  { project, site, app }: LimitUse,
  of: { project: string; app: string | null },
  siteId: string | null,
): boolean =>
  siteId !== null &&
  (project ?? of.project) === of.project &&
  (site ?? siteId) === siteId &&
  (app === null || app === of.app);

test('never above a limit', () => {
  fc.assert(
    fc.property(jobs, sites, round, (someJobs, someSites, someRound) => {
      const placements = placeJobs(someJobs, someSites, someRound);
      for (const each of someRound.limits) {
        const under = someJobs.filter((one, index) =>
          limitHolds(each, one, placements[index]?.siteId ?? null),
        );
        if (under.length === 0) continue;
        const cores = under.reduce(
          (sum, { resources }) => sum + resources.cores * resources.nodes,
          0,
        );
        assert.ok(each.jobs + under.length <= (each.maxJobs ?? Infinity));
        assert.ok(each.cores + cores <= (each.maxCores ?? Infinity));
      }
    }),
  );
});

test('a site that is in time and gets better in one thing is not left for it', () => {
  const better = fc.constantFrom('link', 'return', 'run', 'pilots');
  fc.assert(
    fc.property(job, sites, round, better, (one, seenSites, someRound, what) => {
      // What one has not shown is typical of all: with a better one it gets better too.
      const someSites = seenSites.map((site) => ({
        ...site,
        runSeconds: { fit: 20, plot: 20, '': 20, ...site.runSeconds },
        bytesPerSecond: { raw: 1e7, 'a-scratch': 1e7, ...site.bytesPerSecond },
        returnBytesPerSecond: { home: 1e7, ...site.returnBytesPerSecond },
      }));
      const earliest = { ...one, strategy: 'earliestFinish' as const, deadlineAt: null };
      const before = placeJobs([earliest], someSites, someRound)[0];
      fc.pre(before?.estimate?.inTime === true);
      const chosen = before?.siteId ?? null;
      const improved = someSites.map((site) => {
        if (site.id !== chosen) return site;
        if (what === 'link')
          return { ...site, bytesPerSecond: { ...site.bytesPerSecond, raw: 1e12 } };
        if (what === 'return') return { ...site, returnBytesPerSecond: { home: 1e12 } };
        if (what === 'run') return { ...site, runSeconds: { fit: 0, plot: 0, '': 0 } };
        return { ...site, pools: site.pools.map((each) => ({ ...each, pilotStartSeconds: 0 })) };
      });
      if (what === 'run') {
        const late = placeJobs([earliest], improved, someRound)[0]?.considered;
        fc.pre(late?.find(({ siteName }) => siteName === chosen)?.refusal === null);
      }
      assert.equal(placeJobs([earliest], improved, someRound)[0]?.siteId ?? null, chosen);
    }),
    { numRuns: 300 },
  );
});

test('a burst of equal jobs at equal sites spreads to within one job', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(80), pool, (count, burst, each) => {
      const same = samplePool({ ...each, account: null, paused: false, maxPilots: 1 });
      const alike = Array.from({ length: count }, (_, index) =>
        sampleSite({ id: `s${index}`, pools: [{ ...same, urgencies: ['normal'] }] }),
      );
      const many = Array.from({ length: burst }, (_, index) => sampleJob({ id: `job${index}` }));
      const placements = placeJobs(many, alike, { now, limits: [], turn: 0 });
      const counts = alike.map(({ id }) => placements.filter(({ siteId }) => siteId === id).length);
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join(' '));
    }),
  );
});

test('a job waits for a limit exactly when it would have a site without limits', () => {
  const seen = { waits: 0, hopeless: 0 };
  fc.assert(
    fc.property(job, sites, round, (one, someSites, someRound) => {
      const placement = placeJobs([one], someSites, someRound)[0];
      const free = placeJobs([one], someSites, { ...someRound, limits: [] })[0];
      const expected = placement?.siteId === null && free?.siteId !== null;
      assert.equal(placement?.waitsForLimit, expected);
      if (expected) seen.waits += 1;
      else if (placement?.siteId === null) seen.hopeless += 1;
    }),
    { numRuns: 500 },
  );
  assert.ok(seen.waits > 0 && seen.hopeless > 0, JSON.stringify(seen));
});
