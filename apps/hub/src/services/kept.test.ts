import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { appSchema } from '@interpulse/domain/app/app.ts';
import { findPrincipalNamed } from '@interpulse/store/access/access.ts';
import { saveApp } from '@interpulse/store/apps/apps.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { addSite } from '@interpulse/testing/store/store-world.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

describe('what is kept as long as its revision stays', () => {
  let hub: TestHub;

  const at = '2026-01-01T00:00:00.000Z';
  const appWith = (title: string) => appSchema.parse({ name: 'kept', title, command: ['true'] });
  const titleSeen = (): Promise<string | undefined> =>
    hub.hub.transaction(
      async (tx) => (await hub.hub.kept.apps.get(tx, ['kept'])).get('kept')?.title,
    );

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  test('the next transaction sees what another connection has changed', async () => {
    assert.equal(await titleSeen(), undefined);
    await hub.hub.db.transaction((tx) => saveApp(tx, appWith('one'), at));
    assert.equal(await titleSeen(), 'one');
    await hub.hub.db.transaction((tx) => saveApp(tx, appWith('two'), at));
    assert.equal(await titleSeen(), 'two');
  });

  test('what was rolled back is not seen, nor in what comes after it', async () => {
    const whole = hub.hub.transaction(async (tx) => {
      await saveApp(tx, appWith('never'), at);
      const own = await hub.hub.kept.apps.get(tx, ['kept']);
      assert.equal(own.get('kept')?.title, 'never');
      throw new Error('for the test');
    });
    await assert.rejects(whole, /for the test/);
    // Its revision comes again, for another change.
    const other = appSchema.parse({ name: 'other', command: ['true'] });
    await hub.hub.db.transaction((tx) => saveApp(tx, other, at));
    assert.equal(await titleSeen(), 'two');
  });

  test('collections and members are seen anew as well', async () => {
    const collectionSeen = (): Promise<boolean> =>
      hub.hub.transaction(async (tx) => {
        return (await hub.hub.kept.collections.get(tx, ['alpha-scratch'])).has('alpha-scratch');
      });
    assert.equal(await collectionSeen(), false);
    await addSite(hub.hub.db, 'alpha');
    assert.equal(await collectionSeen(), true);
    await hub.addUser('ada', 'member');
    const ada = await findPrincipalNamed(hub.hub.db, 'ada');
    const roleSeen = (): Promise<string | undefined> =>
      hub.hub.transaction(async (tx) => {
        const id = ada?.id ?? '';
        return (await hub.hub.kept.principals.get(tx, [id])).get(id)?.projects['demo'];
      });
    assert.equal(await roleSeen(), 'member');
    await hub.send('PUT', '/projects/demo/members/ada', { role: 'reader' });
    assert.equal(await roleSeen(), 'reader');
    await hub.send('DELETE', '/projects/demo/members/ada');
    assert.equal(await roleSeen(), undefined);
  });
});
