import assert from 'node:assert/strict';
import { test } from 'node:test';
import { triggerSourceSchema } from '@interpulse/domain/trigger/trigger-source.ts';
import { cronWords, sourceWords } from './source-words.ts';

const words = (source: object) => sourceWords(triggerSourceSchema.parse(source));

test('what a trigger listens to is said in words', () => {
  const instrument = 'tokamak';
  assert.equal(words({ kind: 'file', instrument }), 'every file of tokamak');
  assert.equal(words({ kind: 'file', instrument, pattern: '/a/*' }), 'files /a/* of tokamak');
  assert.equal(words({ kind: 'run', instrument, on: 'end' }), 'end of each run of tokamak');
  const heating = { kind: 'parameter', instrument, name: 'heating' };
  assert.equal(words(heating), 'heating is set at tokamak');
  assert.equal(words({ ...heating, changes: true }), 'heating changes at tokamak');
  assert.equal(words({ ...heating, range: { least: 2 } }), 'heating is at least 2 at tokamak');
  const gold = { ...heating, equals: 'gold', changes: true };
  assert.equal(words(gold), 'heating changes to "gold" at tokamak');
  const where = [{ path: 'energy', range: { least: 7, most: 9 } }, { path: 'sample' }];
  assert.equal(
    words({ kind: 'dataset', datasetKind: 'raw', keywords: ['saxs'], where }),
    'raw datasets with saxs where energy 7 to 9 and there is sample',
  );
  const ends = { kind: 'flow', flowName: 'reduce', on: ['FAILED', 'ENDED'] };
  assert.equal(words(ends), 'reduce failed or was canceled');
});

test('a schedule is said in words, and as it is where there are none', () => {
  assert.equal(cronWords('30 2 * * 1-5'), 'at 02:30, Monday through Friday');
  assert.match(cronWords('*/10 * * * * *'), /every 10 seconds/);
  assert.equal(cronWords('often'), 'often');
});
