import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Notice } from '@interpulse/domain/notice/notice.ts';
import { noticeLimits } from '@interpulse/domain/notice/notice-limits.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { at } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { claimMessages, endMessage, placeStandings, postponeMessage } from './send-notices.ts';
import { forgetNotices, insertNotices } from './write-notices.ts';

const notice: Notice = {
  occasion: 'failed',
  at: at(0),
  project: 'demo',
  flow: 'xpcs',
  flowRunId: 'flowrun_1',
  label: '',
  trigger: null,
  reason: null,
  deadlineAt: null,
  endedAt: null,
  question: null,
};

withDatabases('notices', (open) => {
  let db: Database;
  let ids = 0;
  before(async () => {
    db = await open();
  });

  const tell = (place: string, subject: string, seconds = 0) =>
    insertNotices(
      db,
      [{ place, subject, about: 'ended', notice: { ...notice, label: subject } }],
      at(seconds),
    );
  const claim = (seconds: number, lease: string) =>
    claimMessages(db, {
      now: at(seconds),
      limit: 10,
      lease,
      leasedUntil: at(seconds + 40),
      newId: () => `notice_${(ids += 1)}`,
    });
  const labels = (notices: readonly Notice[]): string[] => notices.map(({ label }) => label);
  const end = async (seconds: number, lease: string): Promise<string[][]> => {
    const messages = await claim(seconds, lease);
    for (const message of messages) await endMessage(db, { ...message, lease }, at(seconds), null);
    return messages.map(({ notices }) => labels(notices));
  };

  test('are written once for a place, and told once', async () => {
    assert.deepEqual(await tell('chat:once', 'a'), ['chat:once']);
    assert.deepEqual(await tell('chat:once', 'a'), []);
    assert.deepEqual(await end(1, 'l1'), [['a']]);
    assert.deepEqual(await tell('chat:once', 'a', 2), []);
    assert.deepEqual(await end(3, 'l2'), []);
  });

  test('whose hub is gone are sent again as they were; what came meanwhile waits', async () => {
    await tell('chat:gone', 'a');
    const [first] = await claim(1, 'dead');
    await tell('chat:gone', 'b', 2);
    assert.deepEqual(await claim(30, 'too soon'), []);
    const [again] = await claim(42, 'other');
    assert.ok(first && again);
    assert.equal(again.messageId, first.messageId);
    assert.deepEqual(labels(again.notices), ['a']);
    await endMessage(db, { ...first, lease: 'dead' }, at(43), null);
    assert.equal((await placeStandings(db, ['chat:gone']))[0]?.waiting, 2, 'a late word');
    await endMessage(db, { ...again, lease: 'other' }, at(44), null);
    assert.deepEqual(await end(45, 'next'), [['b']]);
  });

  test('a place that takes nothing is tried later, with the same message', async () => {
    await tell('chat:deaf', 'a');
    const [first] = await claim(1, 'l');
    assert.ok(first);
    const fault = { at: at(1), dueAt: at(6), error: 'room answered 503' };
    await postponeMessage(db, { ...first, lease: 'l' }, fault);
    const [standing] = await placeStandings(db, ['chat:deaf']);
    assert.deepEqual([standing?.lastError, standing?.dueAt], ['room answered 503', at(6)]);
    assert.deepEqual(await claim(5, 'm'), []);
    const [again] = await claim(7, 'm');
    assert.ok(again);
    assert.deepEqual([again.messageId, again.faults], [first.messageId, 1]);
    await endMessage(db, { ...again, lease: 'm' }, at(7), null);
    assert.equal((await placeStandings(db, ['chat:deaf']))[0]?.lastError, null);
  });

  test('beyond so many messages they are gathered until there is room', async () => {
    const { messages, messagesPerSeconds } = noticeLimits;
    for (let n = 0; n < messages; n += 1) {
      await tell('chat:storm', `single ${n}`, n);
      assert.deepEqual(await end(n, `l${n}`), [[`single ${n}`]]);
    }
    for (const name of ['x', 'y', 'z']) await tell('chat:storm', name, 20);
    assert.deepEqual(await end(messagesPerSeconds - 1, 'early'), []);
    assert.deepEqual(await end(messagesPerSeconds, 'now'), [['x', 'y', 'z']]);
  });

  test('are forgotten after their time, but not before they are sent', async () => {
    await tell('chat:old', 'sent', -100);
    await end(-99, 'l');
    await tell('chat:old', 'open', -98);
    await forgetNotices(db, at(-50));
    const rows = await db.query<{ subject: string }>(
      `select subject from notices where place = 'chat:old'`,
    );
    assert.deepEqual(rows, [{ subject: 'open' }]);
    assert.deepEqual(await end(1000, 'm'), [['open']]);
  });
});
