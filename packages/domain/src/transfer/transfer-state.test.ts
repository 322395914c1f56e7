import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  nextTransferState,
  transferBackoffSeconds,
  transferStates,
  type TransferState,
} from './transfer-state.ts';

const events = ['dispatched', 'faulted', 'succeeded', 'failed', 'canceled'] as const;

test('any order of events leads through legal states, and an end is the end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (order) => {
      let state: TransferState = 'queued';
      for (const event of order) {
        const next = nextTransferState(state, event);
        if (!['queued', 'active'].includes(state)) assert.equal(next, null);
        if (next !== null) assert.ok(transferStates.includes(next));
        if (event === 'succeeded' && next !== null) assert.equal(state, 'active');
        state = next ?? state;
      }
    }),
  );
});

test('pauses double from one second to a minute', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7, 8].map(transferBackoffSeconds);
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
  assert.equal(transferBackoffSeconds(0), 1);
  assert.equal(transferBackoffSeconds(5000), 60);
});
