import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { jobStates } from '@interpulse/domain/job/job-state.ts';
import { urgencySchema } from '@interpulse/domain/job/urgency.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { addJobs, addSite } from '@interpulse/testing/store/store-world.ts';
import { openDatabase, type Database } from '../database.ts';
import { silentLog } from '../store-log.ts';
import { foldSiteLoads } from './site-loads.ts';

/** What is done to some of the jobs by one statement. */
const change = fc.record({
  kind: fc.constantFrom('state', 'site', 'cores', 'delete', 'rollback', 'insert', 'fold'),
  jobs: fc.uniqueArray(fc.nat(7), { maxLength: 5 }),
  state: fc.constantFrom(...jobStates),
  site: fc.nat(2),
  cores: fc.integer({ min: 1, max: 9 }),
  urgency: fc.constantFrom(...urgencySchema.options),
});

withDatabases('counts of the work at sites', (openFresh) => {
  let db: Database;
  let sites: (string | null)[];
  before(async () => {
    db = await openFresh();
    sites = [await addSite(db, 'one'), await addSite(db, 'two'), null];
  });

  const counted = `select placed_site_id as site_id, project, coalesce(app, '') as app, urgency,
      state, count(*)::int as jobs, sum(cores)::int as cores
    from jobs where placed_site_id is not null group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`;
  const kept = `select site_id, project, app, urgency, state, sum(jobs)::int as jobs,
      sum(cores)::int as cores
    from site_loads group by 1, 2, 3, 4, 5 having sum(jobs) <> 0 or sum(cores) <> 0
    order by 1, 2, 3, 4, 5`;

  test('are those of the jobs, whatever is done to them, by whichever connection', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (changes) => {
        await db.query('delete from jobs');
        const made = await addJobs(db, ...Array.from({ length: 8 }, () => ({})));
        const brief = openDatabase(db.connection, { log: silentLog, connections: 1 });
        for (const { kind, jobs, state, site, cores, urgency } of changes) {
          const ids = jobs.map((place) => made[place]?.id);
          if (kind === 'insert') await addJobs(brief, { urgency, project: 'other' });
          if (kind === 'fold') await foldSiteLoads(db);
          if (kind === 'delete') await brief.query('delete from jobs where id = any($1)', [ids]);
          const column = kind === 'site' ? 'site_id' : kind === 'cores' ? 'cores' : 'state';
          const value = { site_id: sites[site], cores, state }[column];
          if (!['state', 'site', 'cores', 'rollback'].includes(kind)) continue;
          const update = `update jobs set ${column} = $2 where id = any($1)`;
          const work = brief.transaction(async (tx) => {
            await tx.query(update, [ids, value]);
            if (kind === 'rollback') throw new Error('not so');
          });
          await (kind === 'rollback' ? assert.rejects(work) : work);
        }
        await brief.close();
        assert.deepEqual(await db.query(kept), await db.query(counted));
        await foldSiteLoads(db);
        assert.deepEqual(await db.query(kept), await db.query(counted));
      }),
      { numRuns: 40 },
    );
  });
});
