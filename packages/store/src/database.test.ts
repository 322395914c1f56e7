import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import type { DomainError } from '@interpulse/domain/error.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import type { Transaction } from './executor.ts';
import { silentLog } from './store-log.ts';
import { statement } from './statement.ts';

const isThereAlready = { code: '23505', constraint: 'numbers_pkey' };
const hasKind = (kind: string) => (error: DomainError) => error.kind === kind;
const insert = statement<{ n: number }, [number]>(
  'insert_numbers',
  'insert into numbers values ($1) returning n',
);

withDatabases('the database', (openFreshDatabase) => {
  let database: Database;
  const count = async (): Promise<number | undefined> => {
    const rows = await database.query<{ n: number }>('select count(*) as n from numbers');
    return rows[0]?.n;
  };

  before(async () => {
    database = await openFreshDatabase();
    await database.query('create table numbers (n bigint primary key)');
  });

  test('columns come back as the house wants them, on every path', async () => {
    const text = `select 5::int8 as big, array[1, null]::int8[] as list, date '2026-03-01' as day,
      timestamptz '2026-03-01 10:00:00.25+02' as at, '{"a": [1]}'::jsonb as json`;
    const expected = {
      big: 5,
      list: [1, null],
      day: '2026-03-01',
      at: '2026-03-01T08:00:00.250Z',
      json: { a: [1] },
    };
    assert.deepEqual(await database.query(text), [expected]);
    assert.deepEqual(await database.run(statement('all', text)), [expected]);
    assert.deepEqual((await sql.raw(text).execute(database.kysely)).rows, [expected]);
    await database.transaction(async (tx) => {
      assert.deepEqual(await tx.run(statement('all', text)), [expected]);
      assert.deepEqual((await sql.raw(text).execute(tx.kysely)).rows, [expected]);
    });
    await assert.rejects(database.query('select 9007199254740993::int8'), /too large/);
  });

  test('a transaction commits what its statements and its kysely wrote', async () => {
    const result = await database.transaction(async (tx) => {
      await sql`insert into numbers values (1)`.execute(tx.kysely);
      return tx.run(insert, 2);
    });
    assert.deepEqual(result, [{ n: 2 }]);
    assert.equal(await count(), 2);
  });

  test('a transaction that throws leaves nothing, and its connection is good again', async () => {
    const small = openDatabase(database.connection, { log: silentLog, connections: 1 });
    const failing = small.transaction(async (tx) => {
      await tx.run(insert, 3);
      throw new Error('on purpose');
    });
    await assert.rejects(failing, /on purpose/);
    await assert.rejects(small.run(insert, 1), isThereAlready);
    assert.deepEqual(await small.query('select 1 as n'), [{ n: 1 }]);
    await small.close();
    assert.equal(await count(), 2);
  });

  test('a part of a transaction is undone alone, whichever of its statements failed', async () => {
    await database.transaction(async (tx) => {
      await tx.run(insert, 30);
      const thrown = tx.undoable(async () => {
        await tx.run(insert, 31);
        throw new Error('on purpose');
      });
      await assert.rejects(thrown, /on purpose/);
      // The first of those that COMMIT would travel with; the others fail because of it.
      const left = tx.undoable(async () => {
        tx.commitWith(tx.run(insert, 30));
        tx.commitWith(tx.run(insert, 32));
        return 'issued';
      });
      await assert.rejects(left, isThereAlready);
      const inner = tx.undoable(async () => {
        await assert.rejects(
          tx.undoable(() => tx.run(insert, 30)),
          isThereAlready,
        );
        tx.commitWith(tx.run(insert, 33));
        return 'kept';
      });
      assert.equal(await inner, 'kept');
      tx.commitWith(tx.run(insert, 34));
    });
    const rows = await database.query<{ n: number }>(
      `with gone as (delete from numbers where n >= 30 returning n) select n from gone order by n`,
    );
    assert.deepEqual(
      rows.map(({ n }) => n),
      [30, 33, 34],
    );
  });

  test('a transaction whose failed statement was passed over says it did not commit', async () => {
    const work = async (tx: Transaction): Promise<void> => {
      await tx.run(insert, 4);
      await tx.run(insert, 1).catch(() => undefined);
    };
    await assert.rejects(database.transaction(work), hasKind('conflict'));
    const noisy = database.transaction(async (tx) => {
      tx.notify(['x']);
      await work(tx);
    });
    await assert.rejects(noisy);
    assert.equal(await count(), 2);
  });

  test('of statements that fail one after the other, the first says why', async () => {
    const work = async (tx: Transaction): Promise<void> => {
      const first = tx.query('select $1::jsonb::integer', ['9007199254740991']);
      const second = tx.run(insert, 40);
      tx.commitWith(second);
      // The second is known to have failed when the first is told.
      await Promise.allSettled([first, second]);
      await first;
    };
    await assert.rejects(database.transaction(work), hasKind('invalid'));
    await assert.rejects(database.transaction(work), /out of range/);
  });

  test('a transaction is of no use after its end', async () => {
    let kept: Transaction | undefined;
    await database.transaction((tx) => Promise.resolve((kept = tx)));
    assert.ok(kept);
    await assert.rejects(kept.run(insert, 5), /after its end/);
    await assert.rejects(sql`select 1`.execute(kept.kysely), /after its end/);
  });

  test('isolation and durability are as asked for', async () => {
    const shown = await database.transaction(
      (tx) =>
        tx.query(`select current_setting('transaction_isolation') as isolation,
          current_setting('synchronous_commit') as sync`),
      { isolation: 'serializable', durability: 'relaxed' },
    );
    assert.deepEqual(shown, [{ isolation: 'serializable', sync: 'off' }]);
  });

  test('text with a NUL is refused as invalid on every path', async () => {
    const read = 'select $1::text as text';
    await assert.rejects(database.query(read, ['a\0b']), hasKind('invalid'));
    await assert.rejects(
      database.run(statement<unknown, [string]>('nul', read), 'a\0b'),
      hasKind('invalid'),
    );
    await assert.rejects(sql`select ${'a\0b'}::text`.execute(database.kysely), hasKind('invalid'));
  });

  test('a connection ended by the server is an unavailable, and the next query works', async () => {
    const lost = database.transaction(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await database.query('select pg_terminate_backend($1)', [row?.pid]);
      await tx.query('select 1');
    });
    await assert.rejects(lost, hasKind('unavailable'));
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    assert.equal(await count(), 2);
  });

  test('an unreachable or closed database is an unavailable', async () => {
    const connection = { host: '/nowhere', user: 'postgres', database: 'postgres' };
    const nowhere = openDatabase(connection, { log: silentLog });
    await assert.rejects(nowhere.query('select 1'), hasKind('unavailable'));
    await assert.rejects(
      nowhere.transaction(() => Promise.resolve()),
      hasKind('unavailable'),
    );
    await nowhere.close();
    await nowhere.close();
    await assert.rejects(nowhere.query('select 1'), hasKind('unavailable'));
  });

  test('deadlocks end with one transaction that commits and one that may try again', async () => {
    const swap = (first: number, second: number, met: () => Promise<void>) =>
      database.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock($1)', [first]);
        await met();
        await tx.query('select pg_advisory_xact_lock($1)', [second]);
      });
    let waiting = 2;
    const bothHere = Promise.withResolvers<void>();
    const met = (): Promise<void> => {
      if ((waiting -= 1) === 0) bothHere.resolve();
      return bothHere.promise;
    };
    const outcomes = await Promise.allSettled([swap(1, 2, met), swap(2, 1, met)]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(refused.length, 1);
    assert.ok(hasKind('unavailable')(refused[0]?.reason as DomainError));
  });
});
