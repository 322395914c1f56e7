import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../context.ts';
import { followBatch, startFlowRuns } from './bulk.ts';
import { changeFlowRun } from './change.ts';

let printed = '';
const context = {
  client: {},
  out: { document: (_: unknown, text: () => string) => void (printed = text()) },
  nowAt: '2026-11-21T12:00:00.000Z',
} as unknown as Context;

test('a bulk start without inputs, or with two kinds of them, names the flags', async () => {
  const options = { flow: 'adder', urgency: 'backfill' };
  const ways = /--inputs FILE, or --dataset ID…, or --datasets WORDS/;
  await assert.rejects(startFlowRuns(context, options), ways);
  const both = { ...options, inputs: 'inputs.json', datasets: 'gold' };
  await assert.rejects(startFlowRuns(context, both), ways);
});

test('a bulk start over nothing says so', async () => {
  await followBatch(context, { count: 0, batch: null, firstInput: null }, false);
  assert.equal(printed, 'nothing matches: no flow run is started');
  await followBatch(context, { count: 2, batch: null, firstInput: { a: 1 } }, false);
  assert.equal(printed, 'would start 2 flow runs; the first gets {"a":1}');
});

test('a change of nothing is refused', async () => {
  await assert.rejects(changeFlowRun(context, 'flowrun_1', {}), /say what to change: --label/);
});
