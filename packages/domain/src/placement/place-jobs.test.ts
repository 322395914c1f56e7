import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSeconds } from '../time.ts';
import { placeJobs } from './place-jobs.ts';
import { sampleJob, samplePool, sampleSite } from './sample-snapshots.ts';
import type { JobToPlace, LimitUse, Placement, PlacementRound, SiteSnapshot } from './snapshot.ts';

const now = '2026-11-21T12:00:00.000Z';

function place(
  jobs: JobToPlace[],
  sites: SiteSnapshot[],
  round: Partial<PlacementRound> = {},
): Placement[] {
  return placeJobs(jobs, sites, { now, limits: [], turn: 0, ...round });
}

const many = (count: number, fields: Parameters<typeof sampleJob>[0] = {}): JobToPlace[] =>
  Array.from({ length: count }, (_, index) => sampleJob({ ...fields, id: `job${index}` }));

const sitesOf = (placements: Placement[]): (string | null)[] =>
  placements.map(({ siteId }) => siteId);

/** A site with so many jobs of 10 s and one core that have not ended. */
const loaded = (id: string, jobs: number, coresTotal = 8): SiteSnapshot =>
  sampleSite({
    id,
    pools: [samplePool({ coresTotal, coresBusy: Math.min(jobs, coresTotal) })],
    backlogJobs: jobs,
    backlogCores: { urgent: 0, normal: jobs, backfill: 0 },
    backlogCoreSeconds: { urgent: 0, normal: jobs * 10, backfill: 0 },
  });

test('the earliest finish wins: transfer, wait, run and return count', () => {
  const far = sampleSite({ id: 'far', bytesPerSecond: { raw: 1e6 } });
  const near = { ...loaded('near', 16), collections: ['raw'] };
  const small = sampleJob({ inputBytes: { raw: 1e6 } });
  const large = sampleJob({ inputBytes: { raw: 60e6 } });
  const [first, second] = place([small, large], [far, near]);
  assert.equal(first?.siteId, 'far');
  assert.deepEqual(first?.estimate, {
    transferSeconds: 1,
    waitSeconds: 0,
    runSeconds: 10,
    returnSeconds: 0,
    finishAt: addSeconds(now, 11),
    inTime: true,
  });
  assert.equal(second?.siteId, 'near');
  assert.ok(Math.abs((second?.estimate?.waitSeconds ?? 0) - (9 * 10) / 8) < 1e-9);
  const cold = sampleSite({
    id: 'cold',
    pools: [samplePool({ coresTotal: 0, pilotStartSeconds: 30 })],
  });
  const slow = sampleSite({ id: 'slow', runSeconds: { fit: 39 } });
  assert.deepEqual(sitesOf(place([sampleJob()], [cold, slow])), ['slow']);
  const slower = sampleSite({ id: 'slow', runSeconds: { fit: 39, other: 12 } });
  assert.deepEqual(sitesOf(place([sampleJob({ app: 'other' })], [cold, slower])), ['slow']);
});

test('outputs that return by a slow link count, those that stay do not', () => {
  const slow = sampleSite({
    id: 'slow',
    outputBytes: { fit: 50e6 },
    returnBytesPerSecond: { home: 1e6 },
  });
  const quick = sampleSite({
    id: 'quick',
    outputBytes: { fit: 50e6 },
    runSeconds: { fit: 20 },
    returnBytesPerSecond: { home: 50e6 },
  });
  const stays = sampleJob({ returnCollection: null });
  const returns = sampleJob({ returnCollection: 'home' });
  const sites = [{ ...slow, runSeconds: { fit: 10 } }, quick];
  assert.deepEqual(sitesOf(place([stays], sites)), ['slow']);
  const [placement] = place([returns], sites);
  assert.equal(placement?.siteId, 'quick');
  assert.equal(placement?.estimate?.returnSeconds, 1);
  assert.match(placement?.reason ?? '', /return 1\.0 s/);
});

test('a free core of a running pilot means no wait; beyond them work waits its turn', () => {
  const waits = (site: SiteSnapshot, job = sampleJob()): number | undefined =>
    place([job], [site])[0]?.estimate?.waitSeconds;
  assert.equal(waits(loaded('a', 7)), 0);
  assert.equal(waits(loaded('a', 8)), 10 / 8);
  assert.equal(waits(loaded('a', 16)), (9 * 10) / 8);
  assert.equal(waits(loaded('a', 16), sampleJob({ urgency: 'urgent' })), 10 / 8);
  const elastic = loaded('a', 80);
  const pools = elastic.pools.map((pool) => ({ ...pool, maxPilots: 20, pilotStartSeconds: 7 }));
  assert.equal(waits({ ...elastic, pools }), 7);
});

test('urgent work waits only for urgent work, in pools that take it', () => {
  const demand = samplePool({ name: 'demand', urgencies: ['urgent'], coresTotal: 4 });
  const batch = samplePool({ name: 'batch', urgencies: ['normal', 'backfill'], coresBusy: 8 });
  const site = sampleSite({
    id: 'a',
    pools: [demand, batch],
    backlogCores: { urgent: 4, normal: 80, backfill: 0 },
    backlogCoreSeconds: { urgent: 40, normal: 800, backfill: 0 },
  });
  const [urgent, normal] = place([sampleJob({ urgency: 'urgent' }), sampleJob()], [site]);
  assert.equal(urgent?.estimate?.waitSeconds, 10 / 4);
  assert.equal(normal?.estimate?.waitSeconds, (73 * 10) / 8);
});

test('bursts spread over equal sites, by finish, by backlog and in turn', () => {
  const sites = ['a', 'b', 'c'].map((id) => sampleSite({ id }));
  for (const strategy of ['earliestFinish', 'shortestBacklog', 'roundRobin'] as const) {
    const chosen = sitesOf(place(many(300, { strategy }), sites));
    for (const { id } of sites) {
      assert.equal(chosen.filter((site) => site === id).length, 100, `${strategy} ${id}`);
    }
  }
});

test('the shortest backlog counts jobs, not their length', () => {
  const [busy, idle] = [loaded('busy', 3), loaded('idle', 2)];
  const slow = { ...idle, runSeconds: { fit: 1000 } };
  const jobs = many(3, { strategy: 'shortestBacklog' });
  assert.deepEqual(sitesOf(place(jobs, [busy, slow])), ['idle', 'busy', 'idle']);
  assert.match(place(jobs, [busy, slow])[0]?.reason ?? '', /shortest backlog at idle \(2 jobs/);
});

test('round robin goes on where the turn is, and passes over who cannot', () => {
  const sites = ['c', 'a', 'b'].map((id) => sampleSite({ id }));
  const jobs = many(4, { strategy: 'roundRobin' });
  assert.deepEqual(sitesOf(place(jobs, sites)), ['a', 'b', 'c', 'a']);
  assert.deepEqual(sitesOf(place(jobs, sites, { turn: 5 })), ['c', 'a', 'b', 'c']);
  const closed = sites.map((site) => (site.id === 'b' ? { ...site, brokenReason: 'x' } : site));
  assert.deepEqual(sitesOf(place(jobs, closed)), ['a', 'c', 'a', 'c']);
});

test('a deadline that nobody can meet is said; one that the chosen site misses too', () => {
  const late = sampleJob({ deadlineAt: addSeconds(now, 5) });
  const [placement] = place([late], [sampleSite({ id: 'a' })]);
  assert.equal(placement?.estimate?.inTime, false);
  assert.match(placement?.reason ?? '', /no site can answer before the deadline/);
  const [early] = place([{ ...late, deadlineAt: addSeconds(now, 10) }], [sampleSite({ id: 'a' })]);
  assert.equal(early?.estimate?.inTime, true);
  const sites = [
    sampleSite({ id: 'a', runSeconds: { fit: 60 } }),
    sampleSite({ id: 'b', runSeconds: { fit: 10 } }),
  ];
  const blind = sampleJob({ strategy: 'roundRobin', deadlineAt: addSeconds(now, 20) });
  assert.match(place([blind], sites)[0]?.reason ?? '', /will miss its deadline there/);
});

test('what is late everywhere takes free cores, or goes where most is late already', () => {
  const late = sampleJob({ deadlineAt: addSeconds(now, 5) });
  const quick = loaded('quick', 16);
  const behind = loaded('behind', 24);
  const hopeless = loaded('hopeless', 240);
  const runSeconds = { fit: 10 };
  const sites = [quick, behind, hopeless].map((site) => ({ ...site, runSeconds }));
  assert.deepEqual(sitesOf(place([late], sites)), ['behind']);
  assert.deepEqual(sitesOf(place([sampleJob()], sites)), ['quick']);
  const slow = sampleSite({ id: 'slow', runSeconds: { fit: 30 } });
  assert.deepEqual(sitesOf(place([late], [...sites, slow])), ['slow']);
  // Nobody is sent to wait many times longer than needed.
  const slowest = sampleSite({ id: 'slow', runSeconds: { fit: 400 } });
  assert.deepEqual(sitesOf(place([late], [...sites, slowest])), ['behind']);
});

test('who has time to spare leaves the quickest site to those who have not', () => {
  const quick = { ...loaded('quick', 4), runSeconds: { fit: 10 } };
  const slow = { ...loaded('slow', 2), runSeconds: { fit: 20 } };
  const within = (seconds: number) => sampleJob({ deadlineAt: addSeconds(now, seconds) });
  const [hurried, easy, none] = place([within(25), within(60), sampleJob()], [quick, slow]);
  assert.deepEqual(sitesOf([hurried, easy, none].flatMap((each) => each ?? [])), [
    'quick',
    'slow',
    'quick',
  ]);
  assert.match(easy?.reason ?? '', /^with time to spare at slow/);
  // Where it would have to wait it is in the way of others.
  const full = { ...loaded('slow', 8), runSeconds: { fit: 20 } };
  const busier = { ...loaded('quick', 16), runSeconds: { fit: 10 } };
  assert.deepEqual(sitesOf(place([within(60)], [busier, full])), ['quick']);
});

test('what is due later stands half in the way of what is due earlier', () => {
  const dueAt = addSeconds(now, 300);
  const site = {
    ...loaded('a', 40),
    backlogDue: [{ urgency: 'normal' as const, dueAt, cores: 20 }],
  };
  const waits = (deadlineAt: string | null) =>
    place([sampleJob({ deadlineAt })], [site])[0]?.estimate?.waitSeconds ?? -1;
  assert.equal(waits(null), (33 * 10) / 8);
  assert.equal(waits(addSeconds(now, 100)), (13 * 10) / 8);
  assert.equal(waits(addSeconds(now, 400)), (23 * 10) / 8);
});

test('limits count what the round places, wherever they hold', () => {
  const sites = [sampleSite({ id: 'a' }), sampleSite({ id: 'b' })];
  const none = { project: null, site: null, app: null, maxJobs: null, maxCores: null };
  const limits: LimitUse[] = [
    { ...none, site: 'a', maxJobs: 3, jobs: 1, cores: 1 },
    { ...none, project: 'demo', app: 'fit', maxCores: 8, jobs: 1, cores: 1 },
    { ...none, project: 'other', maxJobs: 0, jobs: 0, cores: 0 },
  ];
  const placements = place(many(5, { resources: { cores: 2 } }), sites, { limits });
  assert.deepEqual(sitesOf(placements), ['a', 'b', 'a', null, null]);
  assert.match(placements[3]?.reason ?? '', /of site a is reached: 3 of 3 jobs are placed/);
  assert.match(
    placements[3]?.reason ?? '',
    /of project demo, app fit is reached: 7 of 8 cores are placed, 2 asked for/,
  );
  const other = place([sampleJob({ project: 'other' })], sites, { limits });
  assert.match(other[0]?.reason ?? '', /project other is reached: 0 of 0 jobs/);
});

test('what counts under limits that were read later than the sites is said apart', () => {
  const site = sampleSite({ id: 'a' });
  const none = { project: null, site: null, app: null, maxCores: null };
  const limits: LimitUse[] = [{ ...none, maxJobs: 2, jobs: 1, cores: 1 }];
  const since = [{ job: sampleJob({ id: 'before' }), siteId: 'a', runSeconds: 1 }];
  assert.deepEqual(sitesOf(place(many(1), [site], { limits, placedSince: since })), [null]);
  const read = { limits, placedSince: since, countedSince: [] };
  assert.deepEqual(sitesOf(place(many(2), [site], read)), ['a', null]);
  const others = { limits, countedSince: since };
  assert.deepEqual(sitesOf(place(many(1), [site], others)), [null]);
});

test('work stays away from a maintenance that it would fall into', () => {
  const window = (from: number, to: number) => [
    { startsAt: addSeconds(now, from), endsAt: addSeconds(now, to), reason: 'cooling' },
  ];
  const site = (from: number, to: number) =>
    sampleSite({ id: 'a', maintenance: window(from, to), runSeconds: { fit: 30 } });
  const job = sampleJob({ resources: { walltimeSeconds: 600 } });
  assert.match(place([job], [site(-5, 60)])[0]?.reason ?? '', /in maintenance until .*\(cooling\)/);
  assert.match(place([job], [site(599, 900)])[0]?.reason ?? '', /in maintenance from .*600 s/);
  assert.equal(place([job], [site(600, 900)])[0]?.siteId, 'a');
  assert.equal(place([{ ...job, restartable: true }], [site(31, 900)])[0]?.siteId, 'a');
  assert.equal(place([{ ...job, restartable: true }], [site(29, 900)])[0]?.siteId, null);
  assert.equal(place([job], [site(-60, -1)])[0]?.siteId, 'a');
});

test('a burst of a thousand costs about four times a burst of 250', () => {
  const sites = Array.from({ length: 10 }, (_, index) => loaded(`site${index}`, 40 * index));
  const jobs = many(1000, { inputBytes: { raw: 1e6 }, deadlineAt: addSeconds(now, 100) });
  const cpuMs = (count: number): number => {
    const before = process.cpuUsage();
    for (let round = 0; round < 5; round += 1) place(jobs.slice(0, count), sites);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 5000;
  };
  cpuMs(1000);
  const [few, all] = [cpuMs(250), cpuMs(1000)];
  // 16 where each job looks at every other.
  assert.ok(all / few < 12, `${all.toFixed(1)} ms of CPU over ${few.toFixed(1)} ms`);
});

test('a job that is moved goes where its move says, or where else it is done first', () => {
  const sites = [sampleSite({ id: 'quick' }), loaded('goal', 16), loaded('full', 80)];
  const move = { toSiteId: 'goal', reason: 'goal is done sooner than full' };
  const round = { moves: new Map([['job1', move]]) };
  const [first, moved] = place(many(2), sites, round);
  assert.deepEqual([first?.siteId, moved?.siteId, moved?.reason], ['quick', 'goal', move.reason]);
  const closed = sites.map((site) =>
    site.id === 'goal' ? { ...site, status: 'closed' as const } : site,
  );
  const [, left] = place(many(2), closed, round);
  assert.equal(left?.siteId, 'quick');
  assert.notEqual(left.reason, move.reason);
});
