import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { addJobs, addSite, at, newTestId } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import {
  ensembleBySite,
  ensembleFailures,
  ensembleRunSeconds,
  findEnsemble,
  listEnsembles,
  readEnsembleGrid,
} from './read-ensembles.ts';
import { selectJobs } from './read-jobs.ts';
import { endedJobs, ownersOfJobs } from './wait-jobs.ts';

withDatabases('ensembles', (openFresh) => {
  let db: Database;
  const id = newTestId('ensemble');
  const other = newTestId('ensemble');
  let jobIds: string[] = [];

  before(async () => {
    db = await openFresh();
    const siteId = await addSite(db, 'centre');
    for (const [ensemble, label] of [
      [id, 'A scan'],
      [other, 'else'],
    ]) {
      await db.query(
        `insert into ensembles (id, label, project, owner_id, tags, total, created_at)
         values ($1, $2, 'demo', 'user_1', '{"scan":"7"}', 6, $3)`,
        [ensemble, label, at(0)],
      );
    }
    const jobs = await addJobs(db, ...Array.from({ length: 6 }, () => ({ ensembleId: id })));
    jobIds = jobs.map((job) => job.id);
    const set = async (place: number, state: string, seconds: number, reason: string | null) => {
      await db.query(
        `update jobs set state = $2, site_id = $3, started_at = $4, ended_at = $5, reason = $6,
           exit_code = $7, usage = $8 where id = $1`,
        [
          jobIds[place],
          state,
          siteId,
          at(10),
          state === 'active' ? null : at(10 + seconds),
          reason,
          state === 'failed' ? 3 : null,
          state === 'completed' ? { wallSeconds: seconds } : null,
        ],
      );
    };
    await set(0, 'completed', 2, null);
    await set(1, 'completed', 4, null);
    await set(2, 'failed', 1, `its parent ${newTestId('job')} failed`);
    await set(3, 'failed', 1, `its parent ${newTestId('job')} failed`);
    await set(4, 'failed', 1, 'it exited with 3');
    await set(5, 'active', 0, null);
  });

  test('are counted by state, and end with their last job', async () => {
    const ensemble = await findEnsemble(db, id);
    assert.deepEqual(ensemble?.counts, { completed: 2, failed: 3, active: 1 });
    assert.deepEqual(
      [ensemble?.endedAt, ensemble?.total, ensemble?.tags],
      [null, 6, { scan: '7' }],
    );
    await db.query(`update jobs set state = 'completed', ended_at = $2 where id = $1`, [
      jobIds[5],
      at(99),
    ]);
    assert.equal((await findEnsemble(db, id))?.endedAt, at(99));
    await db.query(`update jobs set state = 'active', ended_at = null where id = $1`, [jobIds[5]]);
  });

  test('say how long runs took, why jobs failed and where they run', async () => {
    assert.deepEqual(await ensembleRunSeconds(db, id), { p50: 3, p90: 3.8, longest: 4 });
    assert.equal(await ensembleRunSeconds(db, other), null);
    const failures = await ensembleFailures(db, id);
    assert.deepEqual(
      failures.map(({ reason, exitCode, count }) => [reason, exitCode, count]),
      [
        ['its parent job_… failed', 3, 2],
        ['it exited with 3', 3, 1],
      ],
    );
    assert.equal(failures[0]?.exampleJobId, jobIds[2]);
    assert.deepEqual(await ensembleBySite(db, id), [
      { siteName: 'centre', completed: 2, failed: 3, active: 1 },
    ]);
  });

  test('show every job in the order of the request', async () => {
    const grid = await readEnsembleGrid(db, id, 4);
    assert.deepEqual(grid.jobIds, jobIds.slice(0, 4));
    assert.deepEqual(grid.states, ['completed', 'completed', 'failed', 'failed']);
    assert.deepEqual(grid.runSeconds, [2, 4, 1, 1]);
  });

  test('are found by project, owner, label and whether they are open', async () => {
    const found = async (filter: object): Promise<string[]> => {
      const rows = await listEnsembles(db, { projects: null, limit: 9, ...filter });
      return rows.map((ensemble) => ensemble.id);
    };
    assert.deepEqual(await found({}), [other, id]);
    assert.deepEqual(await found({ label: 'SCAN' }), [id]);
    assert.deepEqual(await found({ open: true }), [id]);
    assert.deepEqual(await found({ open: false }), [other]);
    assert.deepEqual(await found({ projects: ['none'] }), []);
    assert.deepEqual(await found({ ownerId: 'user_1', before: other }), [id]);
  });

  test('jobs that failed alike are found by the reason that was said of them', async () => {
    const [alike, single] = await ensembleFailures(db, id);
    const found = async (reasonIs = '') => {
      const jobs = await selectJobs(db, { projects: null, ensembleId: id, reasonIs, limit: 9 });
      return jobs.map((job) => job.id);
    };
    assert.deepEqual(await found(alike?.reason), jobIds.slice(2, 4));
    assert.deepEqual(await found(single?.reason), jobIds.slice(4, 5));
    assert.deepEqual(await found('it exited with'), []);
  });

  test('jobs are waited for by their ids', async () => {
    const ended = await endedJobs(db, [...jobIds, newTestId('job')]);
    assert.deepEqual(ended, jobIds.slice(0, 5));
    const owners = await ownersOfJobs(db, [jobIds[0] ?? '', 'job_none']);
    assert.deepEqual([...owners], [[jobIds[0], { project: 'demo', ownerId: 'user_1' }]]);
  });

  test('numbers in what programs said do not tell failures apart, others do', async () => {
    const said = (what: string) => `it exited with code 3; see its stderr: ${what}`;
    const reasons = [said('no seed 7 of 9'), said('no seed 12.5 of 9'), 'it ran for 60 s'];
    for (const [place, reason] of reasons.entries()) {
      await db.query('update jobs set reason = $2 where id = $1', [jobIds[place + 2], reason]);
    }
    const failures = await ensembleFailures(db, id);
    assert.deepEqual(
      failures.map(({ reason, count }) => [reason, count]),
      [
        [said('no seed … of …'), 2],
        ['it ran for 60 s', 1],
      ],
    );
  });
});
