import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { openDatabase } from '../database.ts';
import type { Database } from '../database.ts';
import { silentLog } from '../store-log.ts';
import { statement } from '../statement.ts';
import { appendEvents, eventsParameter, insertEventsSql } from './append-events.ts';
import type { NewEvent } from './append-events.ts';
import { listEvents } from './list-events.ts';
import { currentEventCursor, readEvents } from './read-events.ts';

const made = (subjectId: string, more: Partial<NewEvent> = {}): NewEvent => ({
  at: '2026-11-21T10:00:00.000Z',
  kind: 'job.made',
  subjectType: 'job',
  subjectId,
  project: null,
  flowRunId: null,
  actor: null,
  data: {},
  ...more,
});

withDatabases('events', (openFreshDatabase) => {
  let database: Database;
  const idsAfter = async (after: string): Promise<string[]> => {
    const page = await readEvents(database, { after, limit: 100 });
    return page.events.map((event) => event.subjectId);
  };

  before(async () => {
    database = await openFreshDatabase();
  });

  test('come back as they were written, in their order, page by page', async () => {
    const start = await currentEventCursor(database);
    const written = Array.from({ length: 25 }, (_, index) =>
      made(`page-${index}`, {
        at: new Date(1_700_000_000_000 - index).toISOString(),
        project: 'beam',
        flowRunId: 'flowrun_1',
        actor: 'user_1',
        data: { index, deep: { list: ['ü', null, 1.5] } },
      }),
    );
    await appendEvents(database, written);
    await appendEvents(database, []);
    const read: NewEvent[] = [];
    let cursor = start;
    for (let isFull = true; isFull;) {
      const page = await readEvents(database, { after: cursor, limit: 10 });
      for (const { cursor: _cursor, ...event } of page.events) read.push(event);
      ({ cursor, isFull } = page);
    }
    assert.deepEqual(read, written);
    assert.deepEqual(await idsAfter(cursor), []);
  });

  test('a transaction that commits late is not skipped by a reader of the tail', async () => {
    const start = await currentEventCursor(database);
    const written = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const late = database.transaction(async (tx) => {
      await appendEvents(tx, [made('late')]);
      written.resolve();
      await mayCommit.promise;
    });
    await written.promise;
    await appendEvents(database, [made('early')]);
    const during = await readEvents(database, { after: start, limit: 100 });
    assert.deepEqual(during.events, []);
    assert.equal(during.isHeldBack, true);
    mayCommit.resolve();
    await late;
    const page = await readEvents(database, { after: during.cursor, limit: 100 });
    assert.deepEqual(
      page.events.map((event) => event.subjectId),
      ['late', 'early'],
    );
    assert.equal(page.isHeldBack, false);
  });

  test('no interleaving of transactions lets a reader miss or double an event', async () => {
    const plans = fc.array(
      fc.record({ writer: fc.nat(3), commits: fc.boolean(), reads: fc.boolean() }),
      { minLength: 5, maxLength: 30 },
    );
    let round = 0;
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const prefix = `interleaved-${(round += 1)}-`;
        let cursor = await currentEventCursor(database);
        const open = new Map<number, Awaited<ReturnType<Database['connect']>>>();
        const seen: string[] = [];
        const read = async (): Promise<void> => {
          const page = await readEvents(database, { after: cursor, limit: 3 });
          seen.push(...page.events.map((event) => event.subjectId));
          cursor = page.cursor;
          if (page.isFull) await read();
        };
        const parameters: string[] = [];
        for (const [index, { writer, commits, reads }] of plan.entries()) {
          const client = open.get(writer) ?? (await database.connect());
          if (!open.has(writer)) await client.query('begin');
          open.set(writer, client);
          parameters.push(`${prefix}${index}`);
          await client.query(insertEventsSql('$1'), [eventsParameter([made(`${prefix}${index}`)])]);
          if (commits) {
            await client.query('commit');
            client.release();
            open.delete(writer);
          }
          if (reads) await read();
        }
        for (const client of open.values()) {
          await client.query('commit');
          client.release();
        }
        await read();
        assert.deepEqual(seen.sort(), parameters.sort());
      }),
      { numRuns: 25 },
    );
  });

  test('an event of a transaction that rolled back does not exist', async () => {
    const start = await currentEventCursor(database);
    const failing = database.transaction(async (tx) => {
      await appendEvents(tx, [made('never')]);
      throw new Error('on purpose');
    });
    await assert.rejects(failing);
    assert.deepEqual(await idsAfter(start), []);
  });

  test('a filter leaves others out, and the cursor still moves past them', async () => {
    const start = await currentEventCursor(database);
    await appendEvents(database, [
      made('f1', { project: 'a', flowRunId: 'flowrun_a' }),
      made('f2', { project: 'b', kind: 'job.failed' }),
      made('f3', { project: 'c', subjectType: 'pilot' }),
    ]);
    const wanted = async (filter: NonNullable<Parameters<typeof readEvents>[1]['filter']>) => {
      const page = await readEvents(database, { after: start, limit: 10, filter });
      assert.deepEqual(await idsAfter(page.cursor), []);
      return page.events.map((event) => event.subjectId).join(' ');
    };
    assert.equal(await wanted({ projects: ['a'] }), 'f1');
    assert.equal(await wanted({ projects: ['a', 'c'] }), 'f1 f3');
    assert.equal(await wanted({ projects: [] }), '');
    assert.equal(await wanted({ flowRunId: 'flowrun_a' }), 'f1');
    assert.equal(await wanted({ kinds: ['job.failed', 'job.lost'] }), 'f2');
    assert.equal(await wanted({ subject: { type: 'pilot', id: 'f3' } }), 'f3');
    assert.equal(await wanted({ subject: { type: 'job', id: 'f3' } }), '');
    assert.equal(await wanted({ kinds: ['job.made'], projects: ['a', 'b'] }), 'f1');
  });

  test('are written by the statement that changes the row, or not at all', async () => {
    await database.query('create table things (id text primary key, state text)');
    await database.query(`insert into things values ('t1', 'old')`);
    const start = await currentEventCursor(database);
    const change = statement<{ id: string }, [string, string]>(
      'change_thing',
      `with changed as (
         update things set state = 'new' where id = $1 and state = 'old' returning id),
       history as (${insertEventsSql('$2', 'e.subject_id in (select id from changed)')})
       select id from changed`,
    );
    const parameter = eventsParameter([made('t1')]);
    assert.deepEqual(await database.run(change, 't1', parameter), [{ id: 't1' }]);
    assert.deepEqual(await database.run(change, 't1', parameter), []);
    assert.deepEqual(await idsAfter(start), ['t1']);
  });

  test('with a NUL in their data are refused with the path', async () => {
    await assert.rejects(appendEvents(database, [made('x', { data: { file: 'a\0' } })]), {
      name: 'DomainError',
      kind: 'invalid',
      message: /0\/data\/file/,
    });
  });

  test('of one subject are listed in pages', async () => {
    const kinds = ['job.made', 'job.placed', 'job.failed'];
    await appendEvents(
      database,
      kinds.map((kind) => made('told', { kind })),
    );
    const told = { projects: null, subjectType: 'job', subjectId: 'told', limit: 2 } as const;
    const first = await listEvents(database, told);
    assert.deepEqual(
      first.map((event) => event.kind),
      ['job.made', 'job.placed'],
    );
    const rest = await listEvents(database, { ...told, after: first[1]?.cursor });
    assert.deepEqual(
      rest.map((event) => event.kind),
      ['job.failed'],
    );
  });

  test('cursors that we did not write are refused', async () => {
    for (const after of ['', 'x', '1-', "1-1'; drop table events", '99999999999999999999-1']) {
      await assert.rejects(readEvents(database, { after, limit: 1 }), { kind: 'invalid' });
    }
  });

  test('the tail, a project, and a history are read by an index', async () => {
    await database.query(
      `insert into events (at, kind, subject_type, subject_id, project)
       select now(), 'job.made', 'job', 'many-' || n / 10, 'project-' || n % 500
       from generate_series(1, 50000) n`,
    );
    await database.query('analyze events');
    const single = openDatabase(database.connection, { log: silentLog, connections: 1 });
    const scans = async (): Promise<unknown> => {
      await single.query('select pg_stat_force_next_flush()');
      return single.query(`select seq_scan from pg_stat_user_tables where relname = 'events'`);
    };
    const before = await scans();
    const cursor = await currentEventCursor(single);
    const ofJob = { projects: null, subjectType: 'job', subjectId: 'many-17' } as const;
    const filter = { projects: ['project-3'] };
    for (let n = 0; n < 10; n += 1) {
      await readEvents(single, { after: cursor, limit: 100 });
      await listEvents(single, { ...ofJob, limit: 100 });
      await readEvents(single, { limit: 100, filter });
    }
    assert.deepEqual(await scans(), before);
    await single.query('select from events where actor is not null');
    assert.notDeepEqual(await scans(), before);
    await single.close();
  });
});
