import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres.ts';
import { decodeNotification, encodeNotifications } from './notification-payload.ts';
import { openNotifications } from './notifications.ts';
import type { Notifications } from './notifications.ts';
import { silentLog } from './store-log.ts';
import type { Topics } from './topics.ts';

/** What a listener heard, and a way to wait until it heard as much as is expected. */
function listen(topics: Topics, wanted: string[]) {
  const heard: string[] = [];
  let check = (): void => undefined;
  topics.on(wanted, (touched) => {
    heard.push([...touched].join(' '));
    check();
  });
  const until = (count: number): Promise<string[]> =>
    new Promise((resolve) => {
      check = () => (heard.length >= count ? resolve(heard) : undefined);
      check();
    });
  return { heard, until };
}

withDatabases('notifications', (openFreshDatabase) => {
  let hubA: Database;
  let hubB: Database;
  let lines: Notifications[];

  before(async () => {
    hubA = await openFreshDatabase();
    hubB = openDatabase(hubA.connection, { log: silentLog });
    lines = [await openNotifications(hubA), await openNotifications(hubB)];
  });
  after(async () => {
    for (const line of lines) await line.close();
    await hubB.close();
  });

  test('wake both hubs, each once, after the commit and with one message', async () => {
    const own = listen(hubA.topics, ['*']);
    const other = listen(hubB.topics, ['*']);
    await hubA.transaction(async (tx) => {
      tx.notify(['events', 'jobs:site_x']);
      tx.notify(['events']);
      await tx.query('select 1');
      assert.deepEqual(own.heard, []);
    });
    assert.deepEqual(own.heard, ['events jobs:site_x']);
    assert.deepEqual(await other.until(1), ['events jobs:site_x']);
    // A message that comes after proves that none of ours was on its way back to us.
    await hubB.transaction((tx) => Promise.resolve(tx.notify(['last'])));
    assert.deepEqual(await own.until(2), ['events jobs:site_x', 'last']);
    assert.deepEqual(other.heard, ['events jobs:site_x', 'last']);
  });

  test('reach a hub that comes to one that was alone', async () => {
    const alone = await openFreshDatabase();
    const come = openDatabase(alone.connection, { log: silentLog });
    const lines = [await openNotifications(alone)];
    alone.announce(['heard by nobody']);
    lines.push(await openNotifications(come));
    const other = listen(come.topics, ['told']);
    // Its hello is on the way to the one that was alone.
    const again = setInterval(() => alone.announce(['told']), 20);
    try {
      assert.deepEqual((await other.until(1)).slice(0, 1), ['told']);
    } finally {
      clearInterval(again);
      for (const line of lines) await line.close();
      await come.close();
    }
  });

  test('of a transaction that rolled back wake nobody', async () => {
    const own = listen(hubA.topics, ['*']);
    const other = listen(hubB.topics, ['*']);
    const failing = hubA.transaction((tx) => {
      tx.notify(['never']);
      return Promise.reject(new Error('on purpose'));
    });
    await assert.rejects(failing, /on purpose/);
    await hubA.transaction((tx) => Promise.resolve(tx.notify(['next'])));
    assert.deepEqual(await other.until(1), ['next']);
    assert.deepEqual(own.heard, ['next']);
  });

  test('that are announced wake this hub at once and others by few messages', async () => {
    const own = listen(hubA.topics, ['jobs:*']);
    const other = listen(hubB.topics, ['jobs:*']);
    for (let n = 0; n < 100; n += 1) hubA.announce([`jobs:${n}`, 'unheard']);
    assert.equal(own.heard.length, 100);
    const messages = await other.until(1);
    assert.equal(messages.length, 1);
    assert.equal(messages[0]?.split(' ').length, 100);
    assert.throws(() => hubA.announce(['@wrong']), { kind: 'invalid' });
  });

  test('sent by hand are heard, others are passed over', async () => {
    const heard = listen(hubA.topics, ['*']);
    await hubB.query(`select pg_notify('interpulse', 'no json'), pg_notify('interpulse', '{}')`);
    await hubB.query(`select pg_notify('interpulse', '["by-hand"]')`);
    assert.deepEqual(await heard.until(1), ['by-hand']);
  });

  test('a line that was cut is restored, and everyone reconciles once', async () => {
    let reconciled = 0;
    const restored = new Promise<void>((resolve) =>
      hubB.topics.onReconnected(() => {
        reconciled += 1;
        resolve();
      }),
    );
    const heard = listen(hubB.topics, ['after-cut']);
    await hubA.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'interpulse listen'`,
    );
    await restored;
    await hubA.transaction((tx) => Promise.resolve(tx.notify(['after-cut'])));
    assert.deepEqual(await heard.until(1), ['after-cut']);
    assert.equal(reconciled, 1);
  });
});

describe('notifications over a restart of the server', () => {
  let folder = '';
  beforeEach(async (context) => {
    folder = await mkdtemp(join(tmpdir(), 'interpulse-restart-'));
    if ('after' in context) context.after(() => rm(folder, { recursive: true, force: true }));
  });

  test('the line comes back by itself and reconnection is emitted', async () => {
    const options = { folder, log: silentLog, durable: false };
    const first = await startEmbeddedPostgres(options);
    const hub = openDatabase(first.connection, { log: silentLog });
    const other = openDatabase(first.connection, { log: silentLog });
    const line = await openNotifications(hub);
    const restored = new Promise<void>((resolve) => hub.topics.onReconnected(resolve));
    await first.stop();
    await assert.rejects(hub.query('select 1'), { kind: 'unavailable' });
    const second = await startEmbeddedPostgres(options);
    await restored;
    const heard = listen(hub.topics, ['events']);
    other.announce(['events']);
    assert.deepEqual(await heard.until(1), ['events']);
    await line.close();
    await hub.close();
    await other.close();
    await second.stop();
  });
});

describe('a notification', () => {
  test('too long for PostgreSQL is sent in pieces that hold every topic once', () => {
    const topics = Array.from({ length: 500 }, (_, n) => `jobs:site_${'ü'.repeat(20)}${n}`);
    const payloads = encodeNotifications('me', [...topics, ...topics]);
    assert.ok(payloads.length > 1);
    assert.ok(payloads.every((payload) => Buffer.byteLength(payload) < 8_000));
    const contents = payloads.map((payload) => decodeNotification(payload));
    assert.deepEqual(
      contents.flatMap((content) => content?.topics ?? []),
      topics,
    );
    assert.ok(contents.every((content) => content?.from === 'me'));
    assert.deepEqual(encodeNotifications('me', []), []);
  });

  test('without a topic, or with one that reads as a sender, is refused', () => {
    for (const topic of ['', '@x', 'x'.repeat(201)]) {
      assert.throws(() => encodeNotifications('me', [topic]), { kind: 'invalid' });
    }
  });
});
