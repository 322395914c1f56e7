import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { addSite } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { observeRuns } from './observe-jobs.ts';

withDatabases('what runs have shown', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
  });

  test('outputs of an app that ran at several sites are learned from all of them', async () => {
    const [here, there] = [await addSite(db, 'here'), await addSite(db, 'there')];
    await observeRuns(db, [
      { siteId: here, app: 'fit', count: 3, runSeconds: 1, outputBytes: 10 },
      { siteId: there, app: 'fit', count: 1, runSeconds: 5, outputBytes: 50 },
    ]);
    const outputs = await db.query('select app, samples, output_bytes as bytes from app_outputs');
    assert.deepEqual(outputs, [{ app: 'fit', samples: 4, bytes: 20 }]);
    const times = await db.query('select run_seconds as seconds from app_runtimes order by 1');
    assert.deepEqual(times, [{ seconds: 1 }, { seconds: 5 }]);
  });
});
