import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBody, type StartFlowRunOptions } from './start.ts';

const nowAt = '2026-11-21T12:00:00.000Z';
const body = (options: Partial<StartFlowRunOptions>) =>
  startBody({ flow: 'adder', urgency: 'normal', ...options }, nowAt);

test('fields are of the input document, or of `input` in it', () => {
  assert.deepEqual(body({ set: ['a=1', 'b=two'] }).input, { a: 1, b: 'two' });
  assert.deepEqual(body({ input: ['file=raw:/a.h5'] }).input, { input: { file: 'raw:/a.h5' } });
  const both = body({ set: ['input={"bins":20}', 'a=1'], input: ['file=raw:/a.h5'] });
  assert.deepEqual(both.input, { a: 1, input: { bins: 20, file: 'raw:/a.h5' } });
  assert.deepEqual(body({}).input, {});
});

test('a deadline counts from now, and a wrong word names itself', () => {
  assert.equal(body({ deadline: '20' }).deadlineAt, '2026-11-21T12:00:20.000Z');
  assert.deepEqual(body({ tag: ['sample=gold'] }).tags, { sample: 'gold' });
  assert.throws(() => body({ set: ['a'] }), /"a" is not name=value/);
  assert.throws(() => body({ urgency: 'now' }), /--urgency/);
});
