import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { isJobEnd } from '@interpulse/domain/job/job-state.ts';
import type { PilotId, SiteId } from '@interpulse/domain/id.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import {
  addJobs,
  addPilot,
  addSite,
  at,
  endPilot,
  leaseAt,
  placeAt,
  reportOf,
} from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { listEvents } from '../events/list-events.ts';
import type { LeasedJob } from './lease-jobs.ts';
import { cancelOpenJobs } from './cancel-jobs.ts';
import { failJob, takeBackFromPilots, takeBackFromSite } from './take-back-jobs.ts';
import { markStaged } from './place-jobs.ts';
import { findJob, listAttempts } from './read-jobs.ts';
import { recallJobs } from './recall-jobs.ts';
import { applyAttemptWords } from './report-jobs.ts';
import { retryEndedJobs } from './retry-jobs.ts';

/** What happens, in any order; `pick` chooses among the jobs, leases or pilots that there are. */
type Happening =
  | { what: 'place'; site: number; staging: boolean }
  | { what: 'lease'; site: number }
  | { what: 'report'; pick: number; event: JobReport['event']; again: boolean; told: boolean }
  | { what: 'staged' | 'cancel' | 'fail' | 'pilotLost' | 'retry' | 'pilotPreempted'; pick: number }
  | { what: 'recall'; pick: number }
  | { what: 'siteLost'; site: number };

const site = fc.nat(1);
const pick = fc.nat(1000);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('place'), site, staging: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constant('lease'), site }) },
  {
    weight: 12,
    arbitrary: fc.record({
      what: fc.constant('report'),
      pick,
      event: fc.constantFrom(
        'started',
        'started',
        'completed',
        'failed',
        'timedOut',
        'canceled',
        'preempted',
        'released',
      ),
      again: fc.boolean(),
      told: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('staged'), pick }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('cancel', 'fail'), pick }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('retry', 'recall'), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constantFrom('pilotLost', 'pilotPreempted'), pick }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('siteLost'), site }) },
);

const because = (reason: string) => ({ at: at(3), actor: null, reason });

/** A handful of jobs at two sites, and everything that was ever leased: late words are among it. */
class World {
  readonly db: Database;
  readonly sites: SiteId[];
  readonly jobIds: string[];
  readonly leases: { lease: LeasedJob; siteId: SiteId }[] = [];
  readonly pilots: { id: PilotId; siteId: SiteId }[] = [];
  /** How often each job was run again by a person, by its id. */
  readonly retried = new Map<string, number>();

  constructor(db: Database, sites: SiteId[], jobIds: string[]) {
    this.db = db;
    this.sites = sites;
    this.jobIds = jobIds;
  }

  async happen(it: Happening): Promise<void> {
    const { db } = this;
    if (it.what === 'place' || it.what === 'lease' || it.what === 'siteLost') {
      return this.happenAt(this.sites[it.site] ?? assert.fail(), it);
    }
    const jobId = this.jobIds[it.pick % this.jobIds.length] ?? '';
    if (it.what === 'staged') await markStaged(db, [jobId], at(3));
    if (it.what === 'cancel') await cancelOpenJobs(db, [jobId], because('canceled'));
    if (it.what === 'recall') await this.#recall(jobId);
    if (it.what === 'fail') await failJob(db, jobId, at(3), 'no input');
    const held = this.leases[it.pick % Math.max(1, this.leases.length)];
    if (it.what === 'report' && held) {
      await this.#report(held, it);
    }
    const pilot = this.pilots[it.pick % Math.max(1, this.pilots.length)];
    if (it.what === 'pilotLost' && pilot) await this.losePilot(pilot);
    if (it.what === 'pilotPreempted' && pilot) {
      await takeBackFromPilots(db, [pilot.id], at(4), 'preempted', 'preempted');
    }
    if (it.what !== 'retry') return;
    const retried = await retryEndedJobs(db, [jobId], at(5), null);
    this.retried.set(jobId, (this.retried.get(jobId) ?? 0) + retried.length);
  }

  /** From the one site or the other, whichever it is at. */
  async #recall(jobId: string): Promise<void> {
    const moves = this.sites.map((fromSiteId) => ({ jobId, fromSiteId, toSiteId: '', reason: '' }));
    await recallJobs(this.db, moves, at(4));
  }

  /** A word of an attempt: of a start, or an end that may tell its start too. */
  async #report(
    { lease, siteId }: { lease: LeasedJob; siteId: SiteId },
    { event, again, told }: Happening & { what: 'report' },
  ): Promise<void> {
    const isBad = event === 'failed' || event === 'timedOut';
    const retry = again && isBad ? { notBeforeAt: null, specId: null, cores: null } : null;
    const report = reportOf(lease, event, { startedAt: told ? at(9) : null });
    await applyAttemptWords(this.db, siteId, [{ ...report, retry }]);
  }

  private async happenAt(siteId: SiteId, it: Happening): Promise<void> {
    if (it.what === 'place') await placeAt(this.db, siteId, it.staging);
    if (it.what === 'siteLost') await takeBackFromSite(this.db, siteId, at(4), 'silent');
    if (it.what !== 'lease') return;
    if (!this.pilots.some((pilot) => pilot.siteId === siteId)) {
      this.pilots.push({ id: await addPilot(this.db, siteId, 1), siteId });
    }
    const leases = await leaseAt(this.db, siteId);
    this.leases.push(...leases.map((lease) => ({ lease, siteId })));
  }

  private async losePilot(pilot: { id: PilotId; siteId: SiteId }): Promise<void> {
    this.pilots.splice(this.pilots.indexOf(pilot), 1);
    await endPilot(this.db, pilot.siteId, pilot.id);
    await takeBackFromPilots(this.db, [pilot.id], at(4), 'lost');
  }

  /** What must hold at every moment. */
  async check(): Promise<void> {
    for (const jobId of this.jobIds) {
      const job = (await findJob(this.db, jobId)) ?? assert.fail('the job vanished');
      const attempts = await listAttempts(this.db, jobId);
      const numbers = attempts.map(({ number }) => number);
      const leased = this.leases.filter(({ lease }) => lease.jobId === jobId);
      assert.deepEqual(
        numbers,
        leased.map(({ lease }) => lease.attempt),
        'one row for each lease',
      );
      assert.equal(job.attempt, numbers.at(-1) ?? 0);
      const open = attempts.filter(({ outcome }) => outcome === null);
      const runs = job.pilot_id !== null && ['ready', 'active'].includes(job.state);
      assert.equal(open.length, runs ? 1 : 0, `${job.state} with ${open.length} open attempts`);
      assert.ok(open.every(({ number }) => number === job.attempt));
      const completed = attempts.filter(({ outcome }) => outcome === 'completed');
      assert.equal(completed.length, job.state === 'completed' ? 1 : 0);
      assert.ok(completed.every(({ number }) => number === job.attempt));
      assert.equal(job.ended_at !== null, isJobEnd(job.state), job.state);
      assert.equal(job.site_id === null && job.state !== 'queued', this.#endedNowhere(job));
      const events = await listEvents(this.db, { projects: null, subjectId: jobId, limit: 500 });
      const ends = events.filter(({ kind }) => /completed|failed|canceled/.test(kind));
      const expected = (isJobEnd(job.state) ? 1 : 0) + (this.retried.get(jobId) ?? 0);
      assert.equal(ends.length, expected, 'one end of each life in the history');
      const starts = events.filter(({ kind }) => kind === 'job.started');
      const begun = attempts.filter(({ startedAt }) => startedAt !== null);
      assert.equal(starts.length, begun.length, 'one start of each attempt that began');
    }
  }

  /** Ended before it was placed, or as its site was lost. */
  #endedNowhere(job: { state: string; site_id: string | null }): boolean {
    return job.site_id === null && (job.state === 'canceled' || job.state === 'failed');
  }
}

describe('jobs under everything that can happen', () => {
  let db: Database;
  before(async () => {
    db = await openTestDatabase();
  });
  after(() => db.close());

  test('no job completes twice, and every attempt has one end', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 20, maxLength: 70 }), async (all) => {
        round += 1;
        const sites = [await addSite(db, `a-${round}`), await addSite(db, `b-${round}`)];
        const jobs = await addJobs(db, {}, {}, {});
        const world = new World(
          db,
          sites,
          jobs.map(({ id }) => id),
        );
        try {
          for (const it of all) await world.happen(it);
          await world.check();
        } finally {
          await cancelOpenJobs(db, world.jobIds, because('the round is over'));
        }
      }),
      { numRuns: 40 },
    );
  });
});
