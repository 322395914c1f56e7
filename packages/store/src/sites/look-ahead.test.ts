import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import {
  addJobs,
  addPilot,
  addSite,
  at,
  leaseAt,
  placeAt,
} from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { roomForNew } from '../jobs/lease-jobs.ts';
import { readRevisions } from '../revisions.ts';
import { insertMaintenance } from './change-sites.ts';
import { readLimitUses, saveLimit } from './limits.ts';
import { lookAhead } from './look-ahead.ts';
import { readSiteSnapshots } from './read-site-snapshots.ts';

withDatabases('what is asked ahead', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
  });

  const apart = async (siteId: string, now: string) => ({
    revisions: await readRevisions(db),
    sites: await readSiteSnapshots(db, now, assumptions.runSeconds),
    limits: await readLimitUses(db),
    room: await roomForNew(db, siteId, now),
  });

  test('is what is read apart, of a site without pilots too', async () => {
    const busy = await addSite(db, 'busy');
    const idle = await addSite(db, 'idle');
    await addPilot(db, busy, 2);
    await addJobs(db, { deadlineAt: at(500) }, { urgency: 'urgent' });
    await placeAt(db, busy);
    await leaseAt(db, busy);
    await saveLimit(db, { project: 'demo', site: 'busy', app: null, maxJobs: 9, maxCores: null });
    const window = { startsAt: at(900), endsAt: at(950), reason: 'cooling' };
    await insertMaintenance(db, busy, { id: 'maintenance_1', ...window });
    for (const siteId of [busy, idle]) {
      assert.deepEqual(await lookAhead(db, siteId, at(100)), await apart(siteId, at(100)));
    }
    const { room, sites } = await lookAhead(db, busy, at(100));
    assert.equal(room.pilots.length, 1);
    const site = sites.find(({ name }) => name === 'busy');
    assert.deepEqual([site?.backlogDue.length, site?.maintenance.length], [1, 1]);
  });

  test('says of a site at which others wait that they do, and names no pilots', async () => {
    const siteId = await addSite(db, 'waiting');
    await addPilot(db, siteId, 1);
    await addJobs(db, {});
    await placeAt(db, siteId);
    const { room } = await lookAhead(db, siteId, at(100));
    assert.deepEqual(room, { othersWait: true, pilots: [] });
  });
});
