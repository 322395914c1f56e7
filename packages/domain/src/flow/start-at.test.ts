import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEvent } from './flow-progress.ts';

const now = '2026-11-21T12:00:00.000Z';
const inner = { StartAt: 'Inside', States: { Inside: { Type: 'Pass', End: true } } };
const parsed = parseDefinition({
  StartAt: 'First',
  States: {
    First: { Type: 'Pass', Result: { n: 1 }, ResultPath: '$.first', Next: 'Both' },
    Both: { Type: 'Parallel', Branches: [inner], ResultPath: '$.both', Next: 'Last' },
    Last: { Type: 'Pass', Result: { n: 2 }, ResultPath: '$.last', End: true },
  },
});

function start(startAt?: string): ReturnType<typeof advanceFlow> {
  assert.ok('definition' in parsed);
  const event: FlowEvent = { kind: 'started', input: { old: true }, context: {} };
  const begun = startAt === undefined ? event : { ...event, startAt };
  return advanceFlow(parsed.definition, newFlowProgress(), begun, now);
}

test('a flow run may begin in the middle, with the document given', () => {
  const result = start('Last');
  assert.ok('run' in result);
  assert.deepEqual(result.run.data, { old: true, last: { n: 2 } });
  assert.deepEqual(Object.keys(result.run.visits), ['Last']);
  assert.equal(result.run.status, 'SUCCEEDED');
  assert.deepEqual(result.log[0]?.details, { input: { old: true }, start_at: 'Last' });
  const whole = start();
  assert.ok('run' in whole);
  assert.deepEqual(Object.keys(whole.run.visits), ['First', 'Both', 'Inside', 'Last']);
});

test('it begins at no state of a branch, and at none that there is not', () => {
  for (const name of ['Inside', 'Nowhere', 'toString']) {
    const result = start(name);
    assert.ok('refusal' in result);
    assert.equal(result.refusal.reason, 'invalid');
    assert.ok(result.refusal.message.includes(name));
  }
});
