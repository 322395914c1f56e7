import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits as houseLimits } from '../limits.ts';
import { addSeconds } from '../time.ts';
import { placeJobs } from './place-jobs.ts';
import { planMoves, type Move, type WaitingJob, type WaitingLine } from './plan-moves.ts';
import { refuseSite } from './refuse-site.ts';
import { sampleJob, samplePool, sampleSite } from './sample-snapshots.ts';
import { coresOf } from './site-load.ts';
import type { LimitUse, SiteSnapshot } from './snapshot.ts';

const now = '2026-11-21T12:00:00.000Z';
const zero = { urgent: 0, normal: 0, backfill: 0 };

type Fields = Parameters<typeof sampleJob>[0] &
  Partial<Pick<WaitingJob, 'placedAt' | 'moves' | 'isStaging'>>;

/** A job that has waited for a minute. */
function waitingJob({
  placedAt = addSeconds(now, -60),
  moves = 0,
  isStaging = false,
  ...fields
}: Fields): WaitingJob {
  return { ...sampleJob(fields), placedAt, moves, isStaging };
}

function waitingJobs(count: number, fields: Fields = {}): WaitingJob[] {
  return Array.from({ length: count }, (_, place) => waitingJob({ id: `job${place}`, ...fields }));
}

/** A site of so many cores, with work of its line and work that runs, of so many seconds each. */
function siteWith(
  id: string,
  line: readonly WaitingJob[],
  { cores = 1, active = 0, seconds = 1, ...fields }: SiteFields = {},
): SiteSnapshot {
  const backlogCores = { ...zero, normal: active };
  for (const job of line) backlogCores[job.urgency] += coresOf(job);
  const { urgent, normal, backfill } = backlogCores;
  const coreSeconds = { urgent, normal, backfill };
  return sampleSite({
    id,
    pools: [samplePool({ coresPerNode: cores, coresTotal: cores, coresBusy: active })],
    backlogJobs: line.length + active,
    backlogCores,
    backlogCoreSeconds: {
      urgent: coreSeconds.urgent * seconds,
      normal: coreSeconds.normal * seconds,
      backfill: coreSeconds.backfill * seconds,
    },
    runSeconds: { fit: seconds },
    ...fields,
  });
}

type SiteFields = Partial<SiteSnapshot> & { cores?: number; active?: number; seconds?: number };

const lineOf = (siteId: string, jobs: readonly WaitingJob[], last = -100): WaitingLine => {
  return { siteId, jobs, lastLeaseAt: addSeconds(now, last) };
};

const plan = (
  lines: readonly WaitingLine[],
  sites: readonly SiteSnapshot[],
  limits: readonly LimitUse[] = [],
): Move[] => planMoves(lines, sites, { now, limits });

test('what waits behind a long job goes where it can begin, as much as there is room for', () => {
  const line = waitingJobs(1_000);
  const sites = [siteWith('alpha', line, { active: 1 }), siteWith('beta', [], { cores: 8 })];
  const moves = plan([lineOf('alpha', line)], sites);
  assert.equal(moves.length, 8 * (1 + houseLimits.moveAheadSeconds));
  assert.deepEqual(
    moves.map(({ jobId }) => jobId),
    line.slice(0, moves.length).map(({ id }) => id),
    'the last in line first',
  );
  assert.equal(moves[0]?.reason, 'moved from alpha: beta can begin it now');
  const [placed] = placeJobs([line[0] ?? assert.fail()], sites, {
    now,
    limits: [],
    turn: 0,
    moves: new Map(moves.map((move) => [move.jobId, move])),
  });
  assert.deepEqual([placed?.siteId, placed?.reason], ['beta', moves[0]?.reason]);
});

test('a site that has begun nothing for long is believed to stay so, whatever is estimated', () => {
  const line = waitingJobs(3, { app: 'quick' });
  const runSeconds = { quick: 0.01 };
  const alpha = siteWith('alpha', line, { active: 1, seconds: 0.01, runSeconds });
  const beta = siteWith('beta', [], { runSeconds });
  assert.equal(plan([lineOf('alpha', line, -30)], [alpha, beta]).length, 3);
  assert.deepEqual(plan([lineOf('alpha', line, -3)], [alpha, beta]), []);
  // Neither does it go to one that is as still.
  const still = siteWith('beta', [], { active: 1, seconds: 0.01, runSeconds });
  const lines = [lineOf('alpha', line, -30), lineOf('beta', [], -30)];
  assert.deepEqual(plan(lines, [alpha, still]), []);
});

test('inputs that would have to travel again are weighed', () => {
  const line = waitingJobs(20, { inputBytes: { raw: 1e9 } });
  const alpha = siteWith('alpha', line, { active: 1, seconds: 10 });
  const far = siteWith('beta', [], { seconds: 10, bytesPerSecond: { raw: 1e6 } });
  const near = siteWith('beta', [], { seconds: 10, bytesPerSecond: { raw: 1e8 } });
  assert.deepEqual(plan([lineOf('alpha', line)], [alpha, far]), []);
  const [move] = plan([lineOf('alpha', line)], [alpha, near]);
  const why = 'moved from alpha: beta can begin it when its inputs are there (in 10.0 s)';
  assert.equal(move?.reason, why);
});

test('inputs on their way are no reason to move; a line behind busy cores is', () => {
  const line = waitingJobs(3, { inputBytes: { raw: 1e6 }, isStaging: true });
  const idle = siteWith('alpha', line, { cores: 4 });
  const busy = siteWith('alpha', line, { cores: 4, active: 4 });
  const beta = siteWith('beta', [], { cores: 4 });
  assert.deepEqual(plan([lineOf('alpha', line)], [idle, beta]), []);
  assert.equal(plan([lineOf('alpha', line)], [busy, beta]).length, 3);
});

test('the most urgent goes first; what was moved stays ever longer', () => {
  const line = [
    ...waitingJobs(5),
    waitingJob({ id: 'fresh', urgency: 'urgent', placedAt: addSeconds(now, -1) }),
    waitingJob({ id: 'moved', urgency: 'urgent', moves: 3 }),
    waitingJob({ id: 'urgent', urgency: 'urgent' }),
  ];
  const fields = { seconds: 100 };
  const sites = [siteWith('alpha', line, { active: 1, ...fields }), siteWith('beta', [], fields)];
  const [move, ...others] = plan([lineOf('alpha', line)], sites);
  assert.deepEqual([move?.jobId, others], ['urgent', []]);
});

test('limits hold where it goes, and count no job twice', () => {
  const line = waitingJobs(10);
  const sites = [siteWith('alpha', line, { active: 1 }), siteWith('beta', [], { cores: 8 })];
  const limit = { project: null, app: null, maxCores: null, cores: 0 };
  const moved = (uses: LimitUse[]): number => plan([lineOf('alpha', line)], sites, uses).length;
  assert.equal(moved([{ ...limit, site: 'beta', maxJobs: 2, jobs: 0 }]), 2);
  assert.ok(moved([{ ...limit, site: null, maxJobs: 11, jobs: 11 }]) > 2);
});

test('what would fall into maintenance goes, and nothing goes into one', () => {
  const line = waitingJobs(1, { resources: { walltimeSeconds: 600 } });
  const startsAt = addSeconds(now, 60);
  const maintenance = [{ startsAt, endsAt: addSeconds(now, 900), reason: '' }];
  const shut = siteWith('alpha', line, { maintenance });
  const fresh = line.map((job) => ({ ...job, placedAt: addSeconds(now, -4) }));
  assert.equal(plan([lineOf('alpha', fresh, -1)], [shut, siteWith('beta', [])]).length, 1);
  const busy = siteWith('alpha', line, { active: 1 });
  assert.deepEqual(
    plan([lineOf('alpha', line)], [busy, siteWith('beta', [], { maintenance })]),
    [],
  );
});

const job = fc
  .record({
    app: fc.constantFrom('fit', 'plot'),
    site: fc.constantFrom('any', 'a', ['b', 'c']),
    resources: fc.record({ cores: fc.integer({ min: 1, max: 6 }) }),
    urgency: fc.constantFrom('urgent' as const, 'normal' as const, 'backfill' as const),
    inputBytes: fc.constantFrom({}, { raw: 1e8 }),
    placedAt: fc.nat(200).map((seconds) => addSeconds(now, -seconds)),
    moves: fc.nat(2),
    isStaging: fc.boolean(),
  })
  .map(waitingJob);

const site = fc.record({
  jobs: fc.array(job, { maxLength: 40 }),
  cores: fc.integer({ min: 1, max: 16 }),
  active: fc.nat(16),
  seconds: fc.constantFrom(0.1, 1, 10, 100),
  status: fc.constantFrom('up' as const, 'up' as const, 'up' as const, 'closed' as const),
  last: fc.integer({ min: -100, max: 0 }),
});

const world = fc.array(site, { minLength: 1, maxLength: 4 }).map((all) => {
  const lines: WaitingLine[] = [];
  const sites = all.map(({ jobs, active, last, ...fields }, place) => {
    const id = 'abcd'[place] ?? '';
    const named = jobs.map((each, index) => ({ ...each, id: `${id}${index}` }));
    lines.push(lineOf(id, named, last));
    return siteWith(id, named, { ...fields, active: Math.min(active, fields.cores) });
  });
  return { lines, sites };
});

/** The world after the moves, so many seconds later; nothing has begun or ended meanwhile. */
function obey({ lines, sites }: World, moves: readonly Move[], at: string): World {
  const goes = new Map(moves.map((move) => [move.jobId, move.toSiteId]));
  const all = lines.flatMap((line) => line.jobs.map((each) => ({ each, siteId: line.siteId })));
  const after = lines.map((line): WaitingLine => {
    const came = all.flatMap(({ each }) =>
      goes.get(each.id) === line.siteId ? [{ ...each, placedAt: at, moves: each.moves + 1 }] : [],
    );
    return { ...line, jobs: [...came, ...line.jobs.filter(({ id }) => !goes.has(id))] };
  });
  const seen = sites.map((before, place) => {
    const jobs = after[place]?.jobs ?? [];
    const active = before.pools[0]?.coresBusy ?? 0;
    const cores = before.pools[0]?.coresTotal ?? 0;
    const seconds = before.runSeconds['fit'] ?? 0;
    return siteWith(before.id, jobs, { cores, active, seconds, status: before.status });
  });
  return { lines: after, sites: seen };
}

interface World {
  lines: WaitingLine[];
  sites: SiteSnapshot[];
}

test('never to a site that refuses, never more than fits, each job once', () => {
  fc.assert(
    fc.property(world, ({ lines, sites }) => {
      const moves = plan(lines, sites);
      assert.equal(new Set(moves.map(({ jobId }) => jobId)).size, moves.length);
      for (const { jobId, fromSiteId, toSiteId } of moves) {
        const from = lines.find(({ siteId }) => siteId === fromSiteId);
        const moved = from?.jobs.find(({ id }) => id === jobId) ?? assert.fail('not of that line');
        const to = sites.find(({ id }) => id === toSiteId) ?? assert.fail();
        assert.notEqual(fromSiteId, toSiteId);
        assert.equal(refuseSite(moved, to).refusal, null);
      }
      const after = obey({ lines, sites }, moves, now);
      for (const [place, to] of sites.entries()) {
        const came = moves.filter(({ toSiteId }) => toSiteId === to.id).map(({ jobId }) => jobId);
        const line = after.lines[place]?.jobs ?? [];
        for (const urgency of ['urgent', 'normal', 'backfill'] as const) {
          const isAsUrgent = (each: WaitingJob) =>
            each.urgency === 'urgent' || urgency === 'backfill' || each.urgency === urgency;
          if (!line.some((each) => came.includes(each.id) && each.urgency === urgency)) continue;
          const cores = to.pools[0]?.coresTotal ?? 0;
          const active = urgency === 'urgent' ? 0 : (to.pools[0]?.coresBusy ?? 0);
          const waiting = line.filter(isAsUrgent).reduce((sum, each) => sum + coresOf(each), 0);
          const ahead = houseLimits.moveAheadSeconds / Math.min(to.runSeconds['fit'] ?? 10, 10);
          assert.ok(active + waiting <= cores * (1 + ahead), `${active + waiting} on ${cores}`);
        }
      }
    }),
  );
});

test('planning again after obeying moves nothing again, nor anything from one line', () => {
  fc.assert(
    fc.property(world, fc.boolean(), (before, isOne) => {
      const lines = before.lines.map((line, place) =>
        isOne && place > 0 ? { ...line, jobs: [] } : line,
      );
      const first = obey({ ...before, lines }, [], now);
      const moves = plan(first.lines, first.sites);
      const after = obey(first, moves, now);
      const again = plan(after.lines, after.sites);
      const moved = new Set(moves.map(({ jobId }) => jobId));
      assert.deepEqual(
        again.filter(({ jobId }) => moved.has(jobId)),
        [],
      );
      if (isOne && moves.length < houseLimits.jobsPerMove) assert.deepEqual(again, []);
    }),
  );
});

test('however long nothing begins anywhere, a job moves a few times and then stays', () => {
  fc.assert(
    fc.property(world, (start) => {
      let current: World = start;
      for (let second = 1; second <= 400; second += 1) {
        const at = addSeconds(now, second);
        const moves = planMoves(current.lines, current.sites, { now: at, limits: [] });
        current = obey(current, moves, at);
      }
      const most = Math.max(
        0,
        ...current.lines.flatMap(({ jobs }) => jobs.map(({ moves }) => moves)),
      );
      // 2 + 8 + 32 + 128 s, then 512 s; two moves may have been before.
      assert.ok(most <= 5, `${most} moves`);
    }),
    { numRuns: 10 },
  );
});

test('nothing moves between sites that are busy alike', () => {
  const line = waitingJobs(100);
  const alike = ['a', 'b', 'c'].map((id) => siteWith(id, line, { cores: 4, active: 4 }));
  const lines = ['a', 'b', 'c'].map((id) => lineOf(id, line, -1));
  assert.deepEqual(plan(lines, alike), []);
});
