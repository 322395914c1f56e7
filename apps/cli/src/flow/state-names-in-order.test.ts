import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stateNamesInOrder } from './state-names-in-order.ts';

test('states are named as they are come to, whatever their order in the file', () => {
  const definition = {
    StartAt: 'Look',
    States: {
      Done: { Type: 'Succeed' },
      Alone: { Type: 'Succeed' },
      Look: { Type: 'Action', Next: 'Large?', Catch: [{ ErrorEquals: ['x'], Next: 'Bad' }] },
      Bad: { Type: 'Fail' },
      Small: { Type: 'Wait', Seconds: 1, Next: 'Look' },
      'Large?': { Type: 'Choice', Choices: [{ Next: 'Done' }], Default: 'Small' },
    },
  };
  const names = ['Look', 'Large?', 'Done', 'Small', 'Bad', 'Alone'];
  assert.deepEqual(stateNamesInOrder(definition), names);
  assert.deepEqual(stateNamesInOrder({}), []);
});
