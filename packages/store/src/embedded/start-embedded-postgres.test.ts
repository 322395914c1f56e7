import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { DomainError } from '@interpulse/domain/error.ts';
import type { ErrorKind } from '@interpulse/domain/error.ts';
import type { DatabaseConnection } from '../connection.ts';
import { openDatabase } from '../database.ts';
import { silentLog } from '../store-log.ts';
import { switchedIdentity } from './choose-identity.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './start-embedded-postgres.ts';

const isRoot = process.getuid?.() === 0;
const log = silentLog;

async function ask<Row>(connection: DatabaseConnection, sql: string) {
  const database = openDatabase(connection, { log });
  try {
    return await database.query<Row>(sql);
  } finally {
    await database.close();
  }
}

/** False also for a process that has ended and was not yet collected by init. */
function isRunning(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}

const isRefusal =
  (kind: ErrorKind, message: RegExp) =>
  (error: unknown): boolean =>
    error instanceof DomainError && error.kind === kind && message.test(error.message);

describe('the embedded PostgreSQL', () => {
  let base = '';
  let count = 0;
  const newFolder = (): string => join(base, `folder-${(count += 1)}`);
  const started: EmbeddedPostgres[] = [];
  const start = async (folder: string, more: Partial<EmbeddedPostgresOptions> = {}) => {
    const server = await startEmbeddedPostgres({ folder, log, durable: false, ...more });
    started.push(server);
    return server;
  };

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'interpulse-embedded-'));
  });
  after(async () => {
    for (const server of started) await server.stop();
    await rm(base, { recursive: true, force: true });
  });

  test('keeps rows over a restart, ignores PGPORT and PGTZ, lets nobody else in', async (t) => {
    const folder = newFolder();
    const disturbing = { PGPORT: '7777', PGSSLMODE: 'require', PGTZ: 'Asia/Tokyo' };
    Object.assign(process.env, disturbing);
    t.after(() => Object.keys(disturbing).forEach((name) => delete process.env[name]));
    const first = await start(folder);
    assert.equal(first.connection.host, join(folder, 'sock'));
    assert.ok(existsSync(join(folder, 'sock', '.s.PGSQL.5432')));
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'sock')).mode & 0o777, 0o700);
    await ask(first.connection, 'create table kept as select 7 as n');
    await first.stop();
    await first.stop();
    assert.deepEqual(await first.ended, { code: 0, signal: null, wanted: true });
    const second = await start(folder);
    const rows = await ask(
      second.connection,
      "select n, current_setting('timezone') zone from kept",
    );
    assert.deepEqual(rows, [{ n: 7, zone: 'UTC' }]);
    await second.stop();
  });

  test('says which process has the folder when it is started twice', async () => {
    const folder = newFolder();
    const server = await start(folder);
    await assert.rejects(
      start(folder),
      isRefusal('conflict', new RegExp(`already running as process ${server.pid}\\.`)),
    );
    assert.deepEqual(await ask(server.connection, 'select 1 as n'), [{ n: 1 }]);
    await server.stop();
  });

  test('two starts at once on an empty folder make one database', async () => {
    const folder = newFolder();
    const outcomes = await Promise.allSettled([start(folder), start(folder)]);
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(winners.length, 1);
    assert.ok(isRefusal('conflict', /already running/)(refused[0]?.reason));
  });

  test('works in a folder whose path is too long for a socket, each time with one', async () => {
    const folder = join(newFolder(), 'a-very-long-name'.repeat(8));
    const first = await start(folder);
    assert.ok(first.connection.host.length < 90);
    assert.equal(statSync(first.connection.host).mode & 0o777, 0o700);
    assert.equal(readFileSync(join(folder, 'socket-folder'), 'utf8').trim(), first.connection.host);
    assert.deepEqual(await ask(first.connection, 'select 1 as n'), [{ n: 1 }]);
    await first.stop();
    const second = await start(folder);
    await second.stop();
    await rm(first.connection.host, { recursive: true });
    assert.equal(second.connection.host, first.connection.host);
  });

  test('refuses data of another major version, and a folder that is no database', async () => {
    const old = newFolder();
    mkdirSync(join(old, 'pg'), { recursive: true });
    writeFileSync(join(old, 'pg', 'PG_VERSION'), '12\n');
    await assert.rejects(start(old), isRefusal('conflict', /made by PostgreSQL 12.*version 18/));
    const foreign = newFolder();
    mkdirSync(join(foreign, 'pg'), { recursive: true });
    await assert.rejects(start(foreign), isRefusal('conflict', /is no database/));
  });

  test('says what PostgreSQL said when it cannot start', async () => {
    const settings = { shared_buffers: '1' };
    await assert.rejects(start(newFolder(), { settings }), (error: unknown) => {
      assert.ok(isRefusal('unavailable', /shared_buffers/)(error));
      assert.match(String((error as Error).cause), /shared_buffers/);
      return true;
    });
  });

  test('refuses programs that are not there', async () => {
    const binaries = newFolder();
    await assert.rejects(start(newFolder(), { binaries }), isRefusal('unavailable', /No postgres/));
  });

  test('refuses to be started from a worker thread, whose end would end it', async () => {
    const source = new URL('start-embedded-postgres.ts', import.meta.url);
    const folder = newFolder();
    const worker = new Worker(
      `import(${JSON.stringify(source.href)}).then((it) =>
        it.startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, log: {} }))
        .catch((error) => require('node:worker_threads').parentPort.postMessage(error.message))`,
      { eval: true },
    );
    const [message] = await once(worker, 'message');
    assert.match(String(message), /main thread/);
  });

  test(
    'runs as another user where root has no user namespaces',
    { skip: isRoot ? false : 'only root can become another user' },
    async () => {
      const identity = switchedIdentity();
      assert.ok(identity);
      await import('node:fs/promises').then((fs) => fs.chmod(base, 0o711));
      const binaries = '/usr/lib/postgresql/15/bin'; // ours may lie in a private home
      const folder = newFolder();
      const server = await start(folder, {
        identity,
        ...(existsSync(binaries) ? { binaries } : {}),
      });
      assert.equal(statSync(join(folder, 'pg')).uid, identity.owner?.uid);
      assert.deepEqual(await ask(server.connection, 'select 1 as n'), [{ n: 1 }]);
      await server.stop();
    },
  );

  test('after kill -9 of its parent no process is left but every acknowledged row', async () => {
    const folder = newFolder();
    const script = fileURLToPath(new URL('durable-writer.fixture.ts', import.meta.url));
    const child = spawn(process.execPath, [script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    let pid = 0;
    let acknowledged = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('pid ')) pid = Number(line.slice(4));
      else acknowledged = Number(line);
      if (acknowledged === 150) child.kill('SIGKILL');
    }
    await closed;
    assert.ok(acknowledged >= 150);
    // At once: the new server waits for the old one, which is on its way out.
    const server = await start(folder, { durable: true });
    // It gives its files free shortly before it is gone.
    const deadline = performance.now() + 20_000;
    while (isRunning(pid) && performance.now() < deadline) await delay(20);
    assert.ok(!isRunning(pid), `process ${pid} is still running`);
    const rows = await ask<{ n: number }>(
      server.connection,
      'select count(*) as n from acknowledged',
    );
    await server.stop();
    const found = rows[0]?.n ?? 0;
    assert.ok(found >= acknowledged, `${found} of ${acknowledged} acknowledged rows are there`);
  });
});
