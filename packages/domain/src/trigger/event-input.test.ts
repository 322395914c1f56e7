import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventInput } from './event-input.ts';
import { exampleEvent } from './example-event.ts';
import { flowInput } from './flow-input.ts';
import { triggerSourceSchema } from './trigger-source.ts';

const inputOf = (source: object) => eventInput(exampleEvent(triggerSourceSchema.parse(source)));
const given = (source: object) => Object.keys(inputOf(source).basics).toSorted().join(' ');

describe('what goes under the input when a trigger maps nothing', () => {
  test('is what says what happened, by the kind of the event', () => {
    const instrument = 'tokamak';
    assert.equal(given({ kind: 'file', instrument }), 'dataset file returnTo shot');
    assert.equal(
      given({ kind: 'run', instrument, on: 'end' }),
      'instrument parameters returnTo run shot',
    );
    assert.equal(
      given({ kind: 'parameter', instrument, name: 'heating' }),
      'instrument parameter returnTo run shot value',
    );
    assert.equal(given({ kind: 'dataset' }), 'dataset file returnTo shot');
    const schedule = { kind: 'schedule', cron: '* * * * *', timeZone: 'UTC' };
    assert.equal(given(schedule), 'scheduledAt');
    assert.equal(given({ kind: 'webhook' }), 'body');
    assert.equal(given({ kind: 'flow', flowName: 'reduce' }), 'dataset flowRun output shot status');
  });

  test('offers what a file that grows has of its own', () => {
    const { basics, offered } = inputOf({ kind: 'file', instrument: 'x', stage: 'growing' });
    assert.deepEqual(Object.keys(basics).toSorted(), ['file', 'returnTo', 'shot']);
    assert.deepEqual(offered, { sizeBytes: 812_000_000, frames: 240 });
  });

  test('leaves out what there is not, and takes what is written short', () => {
    const none = { kind: 'dataset', file: null, returnTo: null, shot: null, dataset: { id: 'd' } };
    assert.deepEqual(eventInput(none), { basics: { dataset: 'd' } });
    const short = { kind: 'parameter', parameter: 'heating', run: 4 };
    assert.deepEqual(eventInput(short), { basics: { parameter: 'heating', run: 4 } });
    const unset = { kind: 'parameter', parameter: { name: 'heating', value: null }, run: null };
    assert.deepEqual(eventInput(unset), { basics: { parameter: 'heating', value: null } });
    assert.deepEqual(eventInput({ kind: 'webhook', body: null }), { basics: { body: null } });
    assert.deepEqual(eventInput({}), { basics: {} });
  });
});

describe('what a flow is started with', () => {
  const offered = { sizeBytes: 5, frames: 2 };
  const made = { input: { file: 'raw:/a.h5' } };
  const started = (schema: object, input = {}) =>
    flowInput({ input }, { offered }, made, JSON.parse(JSON.stringify(schema)) as never)['input'];
  const within = (input: object) => ({ properties: { input } });

  test('has what is offered where its schema lets it in', () => {
    const file = { type: 'string' };
    assert.deepEqual(started({}), { ...made.input, ...offered });
    const properties = { file, frames: { type: 'integer' } };
    const strict = within({ properties, additionalProperties: false });
    assert.deepEqual(started(strict), { ...made.input, frames: 2 });
    assert.deepEqual(started(within({ properties: { file }, additionalProperties: false })), {
      ...made.input,
    });
    const wrong = within({ properties: { frames: { type: 'string' } } });
    assert.deepEqual(started(wrong), { ...made.input, sizeBytes: 5 });
  });

  test('has it where it is required, and beside what is wrong anyway', () => {
    const required = within({ required: ['frames', 'sample'] });
    assert.deepEqual(started(required), { ...made.input, ...offered });
  });

  test('is what a mapping says, alone', () => {
    assert.deepEqual(started({}, { 'input.$': '$.file' }), made.input);
  });
});
