import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowChanges } from './flow-changes.ts';

const flow = (states: object, startAt = 'A') => ({
  title: 't',
  description: '',
  definition: { StartAt: startAt, States: states },
  inputSchema: {},
});

test('what a version changes is said state by state', () => {
  const map = (inner: object) => ({
    Type: 'Map',
    ItemProcessor: { StartAt: 'I', States: { I: inner } },
    End: true,
  });
  const before = flow({
    A: { Type: 'Pass', Next: 'M' },
    B: { Type: 'Fail' },
    M: map({ Type: 'Pass' }),
  });
  const after = flow({ A: { Next: 'M', Type: 'Pass' }, C: {}, M: map({ Type: 'Wait' }) }, 'C');
  assert.deepEqual(flowChanges(before, after), [
    'State added: C.',
    'State removed: B.',
    'State changed: I.',
    'It begins with C.',
  ]);
  assert.deepEqual(flowChanges(before, before), []);
  assert.deepEqual(
    flowChanges(before, { ...before, inputSchema: { type: 'object' }, title: 'x' }),
    ['The input changes.', 'It has another title.'],
  );
  assert.deepEqual(flowChanges(null, after), []);
});
