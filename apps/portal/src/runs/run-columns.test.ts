import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { runColumns, runsCsv } from './run-columns.ts';

type Run = Schemas['InstrumentRun'];

const result = (key: string, value: unknown, unit: string | null = null, error?: number) => ({
  ...{ key, value, unit, error: error ?? null, at: '2026-11-21T12:00:00.000Z', by: 'user_1' },
  ...{ flowRunId: null, jobId: null },
});
const run = (number: number, parameters: Run['parameters'], results: Run['results']): Run => ({
  instrument: 'tokamak',
  number,
  takenAt: '2026-11-21T12:00:00.000Z',
  endedAt: null,
  datasetId: null,
  flowRunId: null,
  flowStatus: null,
  resultDatasetId: null,
  deadlineAt: null,
  answeredAt: null,
  answerSeconds: 2.5,
  inTime: null,
  parameters,
  results,
});

test('columns are what some run has; units stand in the header where they agree', () => {
  const runs = [
    run(2, { energy: 12.4 }, [result('rate', 12.345, '1/s', 0.12), result('mixed', 1, 'K')]),
    run(1, { sample: 'A', energy: 12 }, [result('rate', 3, '1/s'), result('mixed', 2, 'mK')]),
  ];
  const columns = runColumns(runs);
  const [two = run(0, {}, []), one = two] = runs;
  assert.deepEqual(
    columns.map(({ header, isNumeric, text }) => [header, isNumeric, text(two), text(one)]),
    [
      ['energy', true, '12.40', '12'],
      ['sample', false, '', 'A'],
      ['rate (1/s)', true, '12.35 ± 0.12', '3'],
      ['mixed', true, '1 K', '2 mK'],
    ].map((row) => [row[0], row[1], row[2], row[3]]),
  );
});

test('a table for other programs keeps commas, quotes and lines, and runs no formula', () => {
  const parameters = { note: 'a "b", c\nd', sum: '=1+1', minus: -3, dash: '-x' };
  const runs = [run(1, parameters, [])];
  const csv = runsCsv(runs, runColumns(runs));
  const [head, ...rest] = csv.split('\r\n');
  assert.match(head ?? '', /^run,began,ended,answered after \(s\),.*,note,sum,minus,dash$/);
  assert.match(rest.join('\r\n'), /^1,.*,2\.5,,,,"a ""b"", c\nd",'=1\+1,-3,'-x\r\n$/s);
});
