import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { at, newTestId } from '@interpulse/testing/store/store-world.ts';
import type { Database } from '../database.ts';
import { listEvents } from '../events/list-events.ts';
import {
  findDataset,
  isFileOf,
  listDatasetFiles,
  listDatasets,
  listRelatives,
  readPreview,
} from './read-datasets.ts';
import { insertDataset, madeFilesAt, noteChecksums, type NewDataset } from './write-datasets.ts';

withDatabases('the catalog', (openFresh) => {
  let db: Database;

  const datasetOf = (fields: Partial<NewDataset>): NewDataset => ({
    id: newTestId('dataset'),
    title: 'a dataset',
    kind: 'raw',
    project: 'demo',
    ownerId: 'user_1',
    instrument: null,
    shotNumber: null,
    flowRunId: null,
    jobId: null,
    derivedFrom: [],
    metadata: {},
    keywords: [],
    files: [],
    preview: null,
    sourceKey: null,
    ...fields,
  });
  const add = async (fields: Partial<NewDataset>): Promise<string> =>
    (await insertDataset(db, datasetOf(fields), at(0))).id;
  const find = async (q: string, projects: string[] | null = null): Promise<string[]> =>
    (await listDatasets(db, { projects, q, limit: 50 })).map(({ title }) => title);

  before(async () => {
    db = await openFresh();
    await add({
      title: 'Lysozyme at room temperature',
      keywords: ['crystallography', 'größe'],
      instrument: 'mx-1',
      metadata: { sample: { name: 'HEWL_batch-7' }, photonEnergyElectronvolts: 12398 },
      files: [
        { location: 'raw:/run_042/shot_7.h5', sizeBytes: 10, modifiedAt: at(0), xxh3: null },
        { location: 'raw:/run_042/notes.txt', sizeBytes: null, modifiedAt: null, xxh3: null },
      ],
    });
    await add({ title: 'Magnetite', project: 'other' });
  });

  test('words, beginnings of words, metadata, keywords and file names are found', async () => {
    const wanted = ['Lysozyme at room temperature'];
    const queries = ['lysozyme', 'lyso', 'room temp', 'crystallo', 'HEWL', 'hewl batch', '12398'];
    for (const q of [...queries, 'shot 7', 'sample', 'mx-1', 'größe', '"room temperature"']) {
      assert.deepEqual(await find(q), wanted, q);
    }
    assert.deepEqual(await find('lysozyme magnetite'), []);
    assert.deepEqual(await find('lysozyme or magnetite'), ['Magnetite', ...wanted]);
    assert.deepEqual(await find('magnetite', ['demo']), []);
    assert.equal((await find('   ')).length, 2);
  });

  test('no text makes the search fail', async () => {
    const odd = fc.array(
      fc.constantFrom(
        '&',
        '|',
        '!',
        '(',
        ')',
        ':',
        '*',
        '<',
        '->',
        "'",
        '"',
        '\\',
        '-',
        'or',
        ' ',
        'a',
        'é',
        '日本',
        '%',
        '?',
        '$1',
      ),
      { maxLength: 12 },
    );
    const texts = fc.oneof(
      odd.map((parts) => parts.join('')),
      fc.string({ maxLength: 60, unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const wellFormed = text.toWellFormed();
        assert.ok(Array.isArray(await find(wellFormed)));
      }),
      { numRuns: 150 },
    );
  });

  test('a source registers once, also when it is told twice at once', async () => {
    const sourceKey = 'raw:/a.h5 10 now';
    const tell = () =>
      db.transaction((tx) => insertDataset(tx, datasetOf({ title: 'once', sourceKey }), at(1)));
    const answers = await Promise.all([tell(), tell(), tell()]);
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    assert.equal(answers.filter(({ isNew }) => isNew).length, 1);
    const id = answers[0]?.id ?? '';
    const events = await listEvents(db, { projects: null, subjectId: id, limit: 9 });
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['dataset.registered'],
    );
  });

  test('files keep their order, and checksums are noted by location', async () => {
    const files = ['raw:/z', 'raw:/a'].map((location) => ({
      location,
      sizeBytes: null,
      modifiedAt: null,
      xxh3: null,
    }));
    const id = await add({ files });
    await noteChecksums(db, [{ location: 'raw:/a', xxh3: 'ff', size: 5 }]);
    const listed = await listDatasetFiles(db, id);
    assert.deepEqual(
      listed.map(({ location, sizeBytes, xxh3 }) => [location, sizeBytes, xxh3]),
      [
        ['raw:/z', null, null],
        ['raw:/a', 5, 'ff'],
      ],
    );
    assert.equal(await isFileOf(db, id, 'raw:/z'), true);
    assert.equal(await isFileOf(db, id, 'raw:/y'), false);
    assert.equal((await findDataset(db, id))?.sizeBytes, 5);
  });

  test('relatives are those that a reader may see', async () => {
    const source = await add({ title: 'source', project: 'other' });
    const result = await add({ title: 'result', derivedFrom: [source, 'dataset_none'] });
    const dataset = await findDataset(db, result);
    assert.deepEqual(dataset?.derivedFrom, [source]);
    const all = await listRelatives(db, result, null);
    assert.deepEqual(
      all.sources.map(({ id }) => id),
      [source],
    );
    assert.deepEqual((await listRelatives(db, result, ['demo'])).sources, []);
    assert.deepEqual(
      (await listRelatives(db, source, ['demo'])).results.map(({ id }) => id),
      [result],
    );
    assert.equal(await readPreview(db, result), null);
    assert.deepEqual(await madeFilesAt(db, ['raw:/z'], 'flowrun_none'), []);
  });

  test('metadata that is too much to search is kept', async () => {
    const notes = Array.from({ length: 150_000 }, (_, index) => `word${index}`).join(' ');
    const id = await add({ title: 'voluminous', metadata: { notes } });
    assert.deepEqual(await find('voluminous'), ['voluminous']);
    assert.deepEqual((await findDataset(db, id))?.metadata, { notes });
  });
});
