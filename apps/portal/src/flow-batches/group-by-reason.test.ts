import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupByReason } from './group-by-reason.ts';

test('the same reason with other numbers is one group, the largest first', () => {
  const reasons = ['no file', 'exit code 3: frame 12', 'exit code 3: frame 7'];
  const groups = groupByReason(reasons, (reason) => reason);
  assert.deepEqual(
    groups.map(({ reason, members }) => [reason, members.length]),
    [
      ['exit code 3: frame 12', 2],
      ['no file', 1],
    ],
  );
});
