import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { timeShot } from '@interpulse/domain/instrument/time-shot.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { addSite, at } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import type { Executor } from '../executor.ts';
import { readShotFacts } from './read-shot-facts.ts';

const instrument = {
  name: 'xpcs',
  title: '',
  collection: 'raw',
  project: 'demo',
  returnTo: 'answers:/back/',
  periodSeconds: 60,
};

/** A shot that is answered at 30 of 60 s, with what its flow run did. */
const shotStatements = [
  `insert into shots (instrument, number, taken_at, closed_at, deadline_at, dataset_id,
     flow_run_id, answered_at)
   values ('xpcs', 1, '${at(0)}', '${at(4)}', '${at(60)}', 'd', 'r', '${at(30)}')`,
  `insert into flow_runs (id, flow_name, flow_version, label, project, owner_id, status, urgency,
     input, run, started_at, ended_at)
   values ('r', 'f', 1, '', 'demo', 'u', 'SUCCEEDED', 0, '{}', '{}', '${at(6)}', '${at(40)}')`,
  `insert into flow_steps (flow_run_id, sequence, state_name, state_type, status, provider, job_id,
     input, started_at, ended_at)
   values ('r', 1, 'Work', 'Action', 'succeeded', 'interpulse:compute', 'j', '{}', '${at(6)}',
       '${at(28)}'),
     ('r', 2, 'Rest', 'Wait', 'succeeded', null, null, '{}', '${at(28)}', '${at(29)}'),
     ('r', 3, 'Put', 'Action', 'succeeded', 'interpulse:ingest', null, '{}', '${at(29)}',
       '${at(30)}'),
     ('r', 4, 'Say', 'Action', 'succeeded', 'https://mail.example', null, '{}', '${at(30)}',
       '${at(31)}')`,
];

/** Inserts a row of which only these columns matter; the others have whatever they may. */
async function insertPlain(
  tx: Executor,
  table: string,
  values: Record<string, string>,
): Promise<void> {
  const columns = await tx.query<{ name: string; type: string }>(
    `select column_name as name, data_type as type from information_schema.columns
     where table_name = $1 and is_nullable = 'NO' and column_default is null
       and is_generated = 'NEVER' and is_identity = 'NO'`,
    [table],
  );
  const plain = (type: string) => {
    if (type.startsWith('timestamp')) return at(0);
    return type === 'jsonb' || type === 'ARRAY' ? '{}' : '0';
  };
  const rest = columns.filter(({ name }) => !(name in values));
  const all = {
    ...Object.fromEntries(rest.map(({ name, type }) => [name, plain(type)])),
    ...values,
  };
  await tx.query('alter table ' + table + ' disable trigger all');
  const names = Object.keys(all);
  const marks = names.map((_, index) => `$${index + 1}`);
  await tx.query(
    `insert into ${table} (${names.join(', ')}) values (${marks.join(', ')})`,
    Object.values(all),
  );
}

withDatabases('where the time of shots went', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
    await addSite(db, 'beamline', { compute: null, instruments: [instrument] });
  });

  test('jobs, transfers and steps become stretches of time, each of its kind', async () => {
    await db.transaction(async (tx) => {
      for (const text of shotStatements) await tx.query(text);
      await insertPlain(tx, 'datasets', { id: 'd', kind: 'raw', created_at: at(5) });
      await insertPlain(tx, 'jobs', {
        id: 'j',
        flow_run_id: 'r',
        state: 'completed',
        created_at: at(6),
        started_at: at(20),
        ended_at: at(28),
      });
      const attempt = `insert into job_attempts (job_id, number, site_name, leased_at, started_at,
        ended_at) values ('j', $1, 'a', $2, $2, $3)`;
      await tx.query(attempt, [1, at(14), at(16)]);
      await tx.query(attempt, [2, at(20), at(28)]);
      const transfer = `insert into transfers (id, label, project, owner_id, job_id, flow_run_id,
        source, destination, items, state, secret, created_at, ended_at)
        values ($1, '', 'demo', 'u', $2, $3, 'a', $4, '[]', 'succeeded', '', $5, $6)`;
      await tx.query(transfer, ['t1', 'j', null, 'scratch', at(7), at(12)]);
      await tx.query(transfer, ['t2', null, 'r', 'answers', at(32), at(40)]);
    });
    const [facts] = await readShotFacts(db, 'xpcs', 10);
    assert.ok(facts);
    assert.deepEqual(timeShot(facts).pieces, {
      recording: 4,
      noticing: 1,
      starting: 1,
      transferring: 5,
      waiting: 7,
      running: 10,
      publishing: 1,
      returning: 8,
      acting: 1,
      pausing: 1,
      overhead: 1,
    });
    assert.deepEqual(
      [facts.deadlineAt, facts.answeredAt, facts.flowStatus],
      [at(60), at(30), 'SUCCEEDED'],
    );
  });

  test('of many shots only the last are read, each by its indexes', async () => {
    await db.query(
      `insert into shots (instrument, number, taken_at, flow_run_id)
       select 'xpcs', n, $1::timestamptz + n * interval '1 s', 'many' || n
       from generate_series(2, 20000) n`,
      [at(0)],
    );
    await db.query(
      `insert into flow_runs (id, flow_name, flow_version, label, project, owner_id, status,
         urgency, input, run, started_at, ended_at)
       select 'many' || n, 'f', 1, '', 'demo', 'u', 'SUCCEEDED', 0, '{}', '{}',
         $1::timestamptz + n * interval '1 s', $1::timestamptz + n * interval '1 s'
       from generate_series(2, 20000) n`,
      [at(0)],
    );
    await db.query('analyze shots');
    await db.query('analyze flow_runs');
    const before = await rowsRead(db);
    const facts = await readShotFacts(db, 'xpcs', 50);
    assert.deepEqual(
      facts.map(({ number }) => number),
      Array.from({ length: 50 }, (_, index) => 20_000 - index),
    );
    const read = (await rowsRead(db)) - before;
    assert.ok(read < 2000, `${read} rows of shots and flow runs were read for 50 shots`);
  });
});

/** Rows that were read so far of the large tables. */
async function rowsRead(db: Database): Promise<number> {
  await db.query('select pg_stat_force_next_flush()');
  const [row] = await db.query<{ rows: string }>(
    `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::text as rows
     from pg_stat_user_tables where relname in ('shots', 'flow_runs')`,
  );
  return Number(row?.rows ?? 0);
}
