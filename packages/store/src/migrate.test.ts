import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DomainError } from '@interpulse/domain/error.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import type { Database } from './database.ts';
import { appendEvents } from './events/append-events.ts';
import { currentEventCursor, readEvents } from './events/read-events.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('migrate-once.fixture.ts', import.meta.url));
const names = Object.keys(migrations).sort();

async function empty(database: Database): Promise<void> {
  await database.query('drop schema public cascade; create schema public');
}

withDatabases('migrating', (openFreshDatabase) => {
  test('several processes at once migrate an empty database once', async () => {
    const database = await openFreshDatabase();
    await empty(database);
    const place = JSON.stringify(database.connection);
    const runs = await Promise.all([1, 2, 3].map(() => run(process.execPath, [script, place])));
    const applied = runs.map(({ stdout }) => (JSON.parse(stdout) as string[]).length);
    assert.deepEqual(
      applied.sort((left, right) => left - right),
      [0, 0, names.length],
    );
    const rows = await database.query('select name from interpulse_migration order by name');
    assert.deepEqual(
      rows,
      names.map((name) => ({ name })),
    );
  });

  test('a database newer than the program is refused by name and left alone', async () => {
    const database = await openFreshDatabase();
    await migrate(database, {
      ...migrations,
      '9999-future': { up: async (db) => void (await sql`create table future ()`.execute(db)) },
    });
    await assert.rejects(migrate(database), (error: DomainError) => {
      assert.equal(error.kind, 'conflict');
      assert.match(error.message, /newer than this program: it has 9999-future/);
      return true;
    });
  });

  test('an older program started while a newer one migrates is refused by name too', async () => {
    const database = await openFreshDatabase();
    const begun = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const slow: Migration = {
      up: () => {
        begun.resolve();
        return mayEnd.promise;
      },
    };
    const newer = migrate(database, { ...migrations, '9999-slow': slow });
    await begun.promise;
    const refused = assert.rejects(migrate(database), /newer than this program: it has 9999-slow/);
    const waiting = `select from pg_locks where locktype = 'advisory' and not granted`;
    while ((await database.query(waiting)).length === 0);
    mayEnd.resolve();
    await newer;
    await refused;
  });

  test('a failing migration changes nothing and says which it was', async () => {
    const database = await openFreshDatabase();
    const more: Record<string, Migration> = {
      '9998-good': { up: async (db) => void (await sql`create table good ()`.execute(db)) },
      '9999-bad': { up: async (db) => void (await sql`create tabel bad ()`.execute(db)) },
    };
    await assert.rejects(
      migrate(database, { ...migrations, ...more }),
      /failed in 9999-bad: syntax error/,
    );
    const rows = await database.query(`select to_regclass('good') as found`);
    assert.deepEqual(rows, [{ found: null }]);
    assert.deepEqual(await migrate(database), []);
  });

  test('events that were dumped on a server with more transactions are readable here', async () => {
    const database = await openFreshDatabase();
    const at = '2026-11-21T10:00:00.000Z';
    const subject = { subjectType: 'job', project: null, flowRunId: null, actor: null } as const;
    await appendEvents(
      database,
      ['a', 'b'].map((subjectId) => ({ at, kind: 'job.made', subjectId, ...subject, data: {} })),
    );
    await database.query(`update events set xid = '9000000000'`);
    assert.equal((await readEvents(database, { limit: 10 })).events.length, 0);
    await migrate(database);
    const page = await readEvents(database, { limit: 10 });
    assert.deepEqual(
      page.events.map((event) => event.subjectId),
      ['a', 'b'],
    );
    await assert.rejects(
      readEvents(database, { after: '9000000000-2', limit: 10 }),
      /comes from another database/,
    );
    await readEvents(database, { after: await currentEventCursor(database), limit: 10 });
  });
});
