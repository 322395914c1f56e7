import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { pingDatabase } from '@interpulse/store/ping-database.ts';
import { createHub } from './hub.ts';

withDatabases('a transaction of the hub', (openFresh) => {
  test('forgets what an undone part left for after the commit, and nothing else', async () => {
    const db = await openFresh();
    const hub = createHub({ db, log: db.log } as Parameters<typeof createHub>[0]);
    const ran: string[] = [];
    await hub.transaction(async (tx) => {
      tx.whenOver(() => ran.push('over'));
      tx.afterCommit(() => ran.push('before'));
      const part = tx.undoable(async () => {
        tx.afterCommit(() => ran.push('undone'));
        await pingDatabase(tx);
        throw new Error('on purpose');
      });
      await assert.rejects(part, /on purpose/);
      await tx.undoable(async () => tx.afterCommit(() => ran.push('kept')));
    });
    assert.deepEqual(ran, ['before', 'kept', 'over']);
    const failing = hub.transaction(async (tx) => {
      tx.afterCommit(() => ran.push('never'));
      tx.whenOver(() => ran.push('over'));
      throw new Error('on purpose');
    });
    await assert.rejects(failing);
    assert.deepEqual(ran, ['before', 'kept', 'over', 'over']);
  });
});
