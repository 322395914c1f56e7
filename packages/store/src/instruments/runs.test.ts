import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { runEventSchema, type RunEvent } from '@interpulse/domain/instrument/run-event.ts';
import { runLimits } from '@interpulse/domain/instrument/run-limits.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { addSite, at } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { findInstrument } from './instruments.ts';
import { isRunOfProjects, listRuns, noteRunEvent, reportResults } from './runs.ts';

const offer = {
  title: '',
  collection: 'raw',
  project: 'demo',
  returnTo: 'raw:/',
  periodSeconds: 1,
};
const source = { at: at(90), by: 'user_1', flowRunId: null, jobId: null };

withDatabases('the run table', (openFresh) => {
  let db: Database;
  before(async () => {
    db = await openFresh();
    const instruments = ['one', 'two', 'many'].map((name) => ({ ...offer, name }));
    await addSite(db, 'beamline', { compute: null, instruments });
  });

  const tell = (instrument: string, fields: Partial<RunEvent>) => {
    const event = runEventSchema.parse({ kind: 'runStarted', run: 7, at: at(0), ...fields });
    return db.transaction((tx) => noteRunEvent(tx, instrument, event, source));
  };
  const report = (instrument: string, number: number, results: [string, number][], seconds = 90) =>
    db.transaction((tx) =>
      reportResults(
        tx,
        { instrument, number },
        results.map(([key, value]) => ({ key, value })),
        { ...source, at: at(seconds) },
      ),
    );
  const run = async (instrument: string, only: number) =>
    (await listRuns(db, { instrument, only, limit: 1 }))[0];

  test('start, parameters, shot and end are told once each, however often they come', async () => {
    const started = await tell('one', { parameters: { energy: 12.4, sample: 'A' } });
    assert.deepEqual([started.isNew, started.changed], [true, ['energy', 'sample']]);
    const changed = await tell('one', {
      kind: 'parametersSet',
      at: at(5),
      parameters: { energy: 13 },
    });
    assert.deepEqual(changed.previous, { energy: 12.4, sample: 'A' });
    assert.deepEqual(changed.parameters, { energy: 13, sample: 'A' });
    await tell('one', { kind: 'shotTaken', at: at(1), nextShotAt: at(30) });
    await tell('one', { kind: 'runEnded', at: at(20) });
    const again = await tell('one', { at: at(50), parameters: { energy: 99 } });
    assert.deepEqual([again.isNew, again.changed], [false, []]);
    const row = await run('one', 7);
    assert.deepEqual(
      [row?.takenAt, row?.endedAt, row?.deadlineAt, row?.parameters],
      [at(1), at(20), at(30), { energy: 13, sample: 'A' }],
    );
    const instrument = await findInstrument(db, 'one');
    assert.deepEqual([instrument?.lastShotNumber, instrument?.nextShotAt], [7, at(30)]);
    const kinds = await db.query<{ kind: string }>(
      `select kind from events where subject_id = 'one' order by id`,
    );
    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      ['run.started', 'run.parametersSet', 'shot.taken', 'run.ended'],
    );
  });

  test('late words come out as words in time, in any order and at once', async () => {
    const events: Partial<RunEvent>[] = [
      { kind: 'runStarted', at: at(1), parameters: { a: 1, b: 1 } },
      { kind: 'parametersSet', at: at(2), parameters: { a: 2 } },
      { kind: 'parametersSet', at: at(3), parameters: { b: 3, c: 3 } },
      { kind: 'runEnded', at: at(4), parameters: { c: 4 } },
    ];
    const outcomes: unknown[] = [];
    for (const [index, order] of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
    ].entries()) {
      const told = order.flatMap((each) => [events[each] ?? {}, events[each] ?? {}]);
      await Promise.all(told.map((event) => tell('two', { ...event, run: index })));
      const row = await run('two', index);
      outcomes.push([row?.parameters, row?.takenAt, row?.endedAt]);
    }
    const whole: JsonObject = { a: 2, b: 3, c: 4 };
    const sorted = outcomes.map((outcome) => JSON.parse(JSON.stringify(outcome)) as unknown);
    for (const outcome of sorted) assert.deepEqual(outcome, [whole, at(1), at(4)]);
  });

  test('results are merged by key, also at once, and an older word does not win', async () => {
    await Promise.all([
      report('many', 1, [['a', 1]]),
      report('many', 1, [['b', 2]]),
      report('many', 1, [['c', 3]]),
    ]);
    await report('many', 1, [['b', 20]], 95);
    await report('many', 1, [['b', 5]], 80);
    const results = (await run('many', 1))?.results ?? [];
    const found = Object.fromEntries(results.map(({ key, value }) => [key, value]));
    assert.deepEqual(found, { a: 1, b: 20, c: 3 });
    assert.equal(results.find(({ key }) => key === 'b')?.at, at(95));
  });

  test('a run takes so many parameters and results, and refuses the rest whole', async () => {
    const many = (from: number) =>
      Array.from({ length: runLimits.results - 1 }, (_, n): [string, number] => [`${from + n}`, n]);
    await report('many', 2, many(0));
    const refused = { kind: 'exhausted' };
    await assert.rejects(report('many', 2, many(5)), refused);
    assert.equal((await run('many', 2))?.results.length, runLimits.results - 1);
    const parameters = Object.fromEntries(many(0));
    await tell('many', { run: 2, parameters });
    const more = Object.fromEntries(many(5));
    await assert.rejects(tell('many', { run: 2, kind: 'runEnded', parameters: more }), refused);
    assert.equal((await run('many', 2))?.endedAt, null);
  });

  test('names that programs trip over are names', async () => {
    const parameters = { constructor: 1, toString: 2, 'a b': 3 } as unknown as JsonObject;
    const { changed } = await tell('many', { run: 3, parameters });
    assert.deepEqual(changed.toSorted(), ['a b', 'constructor', 'toString']);
    const found = (await run('many', 3))?.parameters ?? {};
    assert.deepEqual(Object.keys(found).toSorted(), ['a b', 'constructor', 'toString']);
    assert.equal(await isRunOfProjects(db, { instrument: 'many', number: 3 }, ['demo']), false);
  });
});
