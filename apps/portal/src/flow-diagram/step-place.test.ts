import assert from 'node:assert/strict';
import { test } from 'node:test';
import { branchWords, parallelStates } from './step-place.ts';

test('branches are counted as they are drawn, items as expressions count them', () => {
  const steps = ['Each', 'Each[3]/Both', 'Each[3]/Both[0]/Analyze'].map((stateName) => {
    const stateType = stateName.endsWith('Both') ? 'Parallel' : 'Map';
    return { stateName, stateType };
  });
  const parallels = parallelStates(steps, (name) => ['Each', 'Both', 'Analyze'].includes(name));
  assert.deepEqual([...parallels], ['Both']);
  const words = (branch: string) => branchWords(branch, (name) => parallels.has(name));
  assert.equal(words('Each[3]/Both[0]'), 'Each, item 3; Both, branch 1');
  assert.equal(words(''), '');
});
