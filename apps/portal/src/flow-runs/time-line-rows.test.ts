import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { sampleStep } from './sample-step.ts';
import { foldRows, shownItems, timeLineRows } from './time-line-rows.ts';

type Step = Schemas['FlowStep'];

let sequence = 0;
function step(stateName: string, status: Step['status'] = 'succeeded'): Step {
  sequence += 1;
  return sampleStep({ sequence, stateName, status });
}

const isState = (name: string) => ['Each', 'Do', 'Then', 'End'].includes(name);

test('few items are shown below their step, all their steps in one line', () => {
  const each = step('Each');
  const rows = timeLineRows(
    [each, step('Each[1]/Do'), step('Each[0]/Do'), step('Each[0]/Then'), step('End')],
    isState,
    new Set(),
  );
  assert.deepEqual(
    rows.map((row) => (row.kind === 'item' ? [row.index, row.steps.length] : row.kind)),
    ['step', 'items', [0, 2], [1, 1], 'step'],
  );
  const folded = timeLineRows([each, step('Each[1]/Do')], isState, new Set([each.sequence]));
  assert.deepEqual(
    folded.map(({ kind }) => kind),
    ['step', 'items'],
  );
});

test('10,000 items are summed up; opened, those that matter are drawn', () => {
  const each = step('Each', 'active');
  const ends: Record<number, Step['status']> = { 17: 'failed', 98: 'canceled', 99: 'active' };
  const many = Array.from({ length: 10_000 }, (_, index) =>
    step(`Each[${index}]/Do`, ends[index] ?? 'succeeded'),
  );
  const folded = timeLineRows([each, ...many], isState, new Set());
  assert.equal(folded.length, 2);
  const [, items] = folded;
  assert.ok(items?.kind === 'items' && !items.isOpen);
  assert.deepEqual(items.counts, { done: 9997, active: 1, failed: 1, canceled: 1, total: null });
  const open = timeLineRows([each, ...many], isState, new Set([each.sequence]));
  const shown = open.flatMap((row) => (row.kind === 'item' ? [row.index] : []));
  assert.equal(shown.length, shownItems);
  assert.deepEqual(shown.slice(0, 3), [17, 98, 99]);
  const [last] = open.slice(-1);
  assert.ok(last?.kind === 'more' && last.count === 10_000 - shownItems);
});

test('a Map that is entered again begins anew', () => {
  const rows = timeLineRows(
    [step('Each'), step('Each[0]/Do'), step('Each'), step('Each[0]/Do')],
    isState,
    new Set(),
  );
  const items = rows.flatMap((row) => (row.kind === 'item' ? [row.steps.length] : []));
  assert.deepEqual(items, [1, 1]);
});

test('a branch stands as its own last step, not as what was canceled inside it', () => {
  const rows = timeLineRows(
    [
      step('Each', 'failed'),
      step('Each[0]/Do', 'failed'),
      step('Each[0]/Do[0]/Then', 'canceled'),
      step('Each[1]/Do', 'succeeded'),
      step('Each[1]/Do[0]/Then', 'failed'),
    ],
    isState,
    new Set(),
  );
  const standing = rows.flatMap((row) => (row.kind === 'item' ? [row.status] : []));
  assert.deepEqual(standing, ['failed', 'succeeded']);
});

test('a loop of many rounds is folded in its middle: how it began, and where it is', () => {
  const rounds = (count: number) =>
    timeLineRows(
      Array.from({ length: count }, () => step('Do')),
      isState,
      new Set(),
    );
  const few = rounds(60);
  assert.equal(foldRows(few), few, 'what fits stays as it is');
  const many = rounds(200);
  const folded = foldRows(many);
  assert.deepEqual(folded[8], { kind: 'between', key: 'between', count: 168 });
  assert.deepEqual([...folded.slice(0, 8), ...folded.slice(9)], many.toSpliced(8, 168));
});

test('what a Fail state ended has failed, a whole flow run or one item', () => {
  const fail = (stateName: string) => ({ ...step(stateName), stateType: 'Fail' });
  const rows = timeLineRows(
    [step('Each', 'failed'), step('Each[0]/Do'), fail('Each[0]/End'), fail('End')],
    isState,
    new Set(),
  );
  assert.deepEqual(
    rows.flatMap((row) =>
      row.kind === 'item' ? [row.status] : row.kind === 'step' ? [row.step.status] : [],
    ),
    ['failed', 'failed', 'failed'],
  );
});
