import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepName } from './step-name.ts';

const steps = [
  { stateName: 'Both', stateType: 'Parallel' },
  { stateName: 'Scans', stateType: 'Map' },
  { stateName: 'Scans[3]/Both', stateType: 'Parallel' },
];

test('branches of Parallel states are left out of the names of steps, items of Map are not', () => {
  assert.equal(stepName('Analyze', steps), 'Analyze');
  assert.equal(stepName('Both[1]/Return', steps), 'Return');
  assert.equal(stepName('Scans[3]/Analyze', steps), 'Scans[3]/Analyze');
  assert.equal(stepName('Scans[3]/Both[0]/Plot', steps), 'Scans[3]/Plot');
});
