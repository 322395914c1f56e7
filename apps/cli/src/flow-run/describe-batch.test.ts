import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBatch } from './describe-batch.ts';

const at = '2026-11-22T12:00:00.000Z';
const batch = {
  ...{ id: 'flowbatch_1', flowName: 'survey', project: 'demo', owner: 'ada', label: 'gold' },
  ...{ urgency: 'backfill' as const, createdAt: at, canceledAt: null },
  ...{ total: 100, waiting: 10, faulty: 1, byStatus: { SUCCEEDED: 80, ACTIVE: 5, FAILED: 4 } },
};

test('a bulk start is told with its end, its failures and what to do about them', () => {
  const text = describeBatch(
    {
      batch,
      progress: {
        expectedEndAt: '2026-11-22T12:04:00.000Z',
        runSeconds: { p50: 2, p90: 4, longest: 9 },
        failures: [{ reason: 'no disk', count: 4, examples: [{ id: 'flowrun_9', label: '' }] }],
        doneAgain: [{ id: 'flowbatch_2', count: 4, succeeded: 3 }],
      },
      faults: [{ position: 6, reason: 'no file' }],
    },
    at,
  );
  assert.match(text, /ended +85 of 100/);
  assert.match(text, /expected +\d\d:04/);
  assert.match(text, /half within 2/);
  assert.match(text, /done again +4 in flowbatch_2: 3 well/);
  assert.match(text, /4 +no disk +flowrun_9/);
  assert.match(text, /rerun --batch flowbatch_1 --filter failed/);
  assert.match(text, /input 7: no file/);
});

test('what is not known and what there is not is left out', () => {
  const progress = { expectedEndAt: null, runSeconds: null, failures: [], doneAgain: [] };
  const text = describeBatch({ batch, progress, faults: [] }, at);
  assert.doesNotMatch(text, /rerun|could not|done again/);
});
