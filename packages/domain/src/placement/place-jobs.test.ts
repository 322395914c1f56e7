import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addSeconds } from '../time.ts';
import { placeJobs, type JobToPlace, type SiteSnapshot } from './place-jobs.ts';

const now = '2026-11-21T12:00:00.000Z';

const siteOf = (fields: Partial<SiteSnapshot> & { id: string }): SiteSnapshot => ({
  name: fields.id,
  status: 'up',
  statusReason: null,
  hasCompute: true,
  allowsCommands: true,
  coresPerNode: 8,
  maxNodes: 4,
  collections: [`${fields.id}-scratch`],
  coresTotal: 8,
  pilotStartSeconds: 5,
  backlogCoreSeconds: 0,
  runSeconds: {},
  bytesPerSecond: {},
  brokenReason: null,
  ...fields,
});
const jobOf = (fields: Partial<JobToPlace> = {}): JobToPlace => ({
  id: 'job',
  app: 'fit',
  command: false,
  site: 'any',
  cores: 1,
  nodes: 1,
  deadlineAt: null,
  inputBytes: {},
  ...fields,
});
const reasonAt = (job: JobToPlace, site: SiteSnapshot): string | null =>
  placeJobs([job], [site], now)[0]?.considered[0]?.refusal ?? null;

test('the earliest finish wins: transfer, wait and run count', () => {
  const far = siteOf({ id: 'far', bytesPerSecond: { raw: 1e6 } });
  const near = siteOf({ id: 'near', collections: ['raw'], backlogCoreSeconds: 80 });
  const small = jobOf({ inputBytes: { raw: 1e6 } });
  const large = jobOf({ inputBytes: { raw: 60e6 } });
  const [first, second] = placeJobs([small, large], [far, near], now);
  assert.equal(first?.siteId, 'far');
  assert.deepEqual(first?.estimate, {
    transferSeconds: 1,
    waitSeconds: 0,
    runSeconds: 10,
    finishAt: addSeconds(now, 11),
    inTime: true,
  });
  assert.equal(second?.siteId, 'near');
  const cold = siteOf({ id: 'cold', coresTotal: 0, pilotStartSeconds: 30 });
  const slow = siteOf({ id: 'slow', runSeconds: { fit: 39 } });
  assert.equal(placeJobs([jobOf()], [cold, slow], now)[0]?.siteId, 'slow');
  assert.equal(placeJobs([jobOf({ app: 'new' })], [cold, slow], now)[0]?.siteId, 'slow');
});

test('a burst spreads over equal sites', () => {
  const sites = ['a', 'b', 'c'].map((id) => siteOf({ id }));
  const jobs = Array.from({ length: 300 }, (_, index) => jobOf({ id: String(index) }));
  const counts = new Map<string | null, number>();
  for (const { siteId } of placeJobs(jobs, sites, now)) {
    counts.set(siteId, (counts.get(siteId) ?? 0) + 1);
  }
  assert.deepEqual([...counts.values()], [100, 100, 100]);
});

test('a deadline that nobody can meet is said', () => {
  const job = jobOf({ deadlineAt: addSeconds(now, 5) });
  const [placement] = placeJobs([job], [siteOf({ id: 'a' })], now);
  assert.equal(placement?.estimate?.inTime, false);
  assert.match(placement?.reason ?? '', /deadline/);
  const early = placeJobs([jobOf({ deadlineAt: addSeconds(now, 10) })], [siteOf({ id: 'a' })], now);
  assert.equal(early[0]?.estimate?.inTime, true);
});

test('every refusal names its reason', () => {
  const refusals: [Partial<JobToPlace>, Partial<SiteSnapshot>, RegExp][] = [
    [{}, { hasCompute: false }, /no compute role/],
    [{ site: 'other' }, {}, /not among the sites asked for/],
    [{ site: ['b', 'c'] }, {}, /not among the sites asked for/],
    [{}, { status: 'silent', statusReason: 'not connected' }, /silent: not connected/],
    [{}, { status: 'closed', statusReason: null }, /closed: no reason given/],
    [{}, { brokenReason: 'no licence' }, /resting: no licence/],
    [{ command: true }, { allowsCommands: false }, /plain commands/],
    [{ cores: 9 }, {}, /8 cores a node, 9 asked for/],
    [{ nodes: 5 }, {}, /4 nodes, 5 asked for/],
  ];
  for (const [job, site, reason] of refusals) {
    assert.match(reasonAt(jobOf(job), siteOf({ id: 'a', ...site })) ?? '', reason);
    const [placement] = placeJobs([jobOf(job)], [siteOf({ id: 'a', ...site })], now);
    assert.equal(placement?.siteId, null);
    assert.match(placement?.reason ?? '', reason);
  }
  assert.match(placeJobs([jobOf()], [], now)[0]?.reason ?? '', /no site has enrolled/);
});

const sites = fc.uniqueArray(
  fc
    .record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      status: fc.constantFrom('up' as const, 'up' as const, 'silent' as const, 'closed' as const),
      hasCompute: fc.boolean(),
      allowsCommands: fc.boolean(),
      coresPerNode: fc.nat(16),
      maxNodes: fc.nat(3),
      coresTotal: fc.nat(64),
      backlogCoreSeconds: fc.nat(1000),
      brokenReason: fc.constantFrom(null, null, 'broken'),
    })
    .map(siteOf),
  { selector: ({ id }) => id },
);
const jobs = fc.array(
  fc
    .record({
      id: fc.uuid(),
      command: fc.boolean(),
      site: fc.constantFrom('any', 'a', ['b', 'c']),
      cores: fc.integer({ min: 1, max: 16 }),
      nodes: fc.integer({ min: 1, max: 3 }),
      inputBytes: fc.constantFrom({}, { raw: 1e9 }, { 'a-scratch': 1e9 }),
    })
    .map(jobOf),
  { maxLength: 20 },
);

test('never an impossible site, never a better one passed over, always the same', () => {
  fc.assert(
    fc.property(jobs, sites, (someJobs, someSites) => {
      const placements = placeJobs(someJobs, someSites, now);
      assert.deepEqual(placeJobs(someJobs, someSites, now), placements);
      assert.deepEqual(
        placements.map(({ jobId }) => jobId),
        someJobs.map(({ id }) => id),
      );
      for (const [index, placement] of placements.entries()) {
        const job = someJobs[index] ?? assert.fail();
        assert.equal(placement.considered.length, someSites.length);
        const open = placement.considered.filter(({ refusal }) => refusal === null);
        assert.equal(placement.siteId === null, open.length === 0);
        const site = someSites.find(({ id }) => id === placement.siteId);
        if (!site) continue;
        assert.ok(site.status === 'up' && site.hasCompute && site.brokenReason === null);
        assert.ok(job.cores <= site.coresPerNode && job.nodes <= site.maxNodes);
        assert.ok(!job.command || site.allowsCommands);
        assert.ok(job.site === 'any' || [job.site].flat().includes(site.name));
        const finish = placement.estimate?.finishAt ?? '';
        assert.ok(open.every(({ estimate }) => (estimate?.finishAt ?? '') >= finish));
      }
    }),
  );
});
