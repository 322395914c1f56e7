import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition, type FlowDefinition } from './definition.ts';
import { dueAtOf } from './due-at.ts';
import { flowLimits } from './flow-limits.ts';
import {
  newFlowProgress,
  type FlowBranch,
  type FlowEvent,
  type FlowProgress,
} from './flow-progress.ts';

const now = '2026-11-21T12:00:00.000Z';

function map(processor: object, selector: object, name = 'In'): object {
  const ItemProcessor = { StartAt: name, States: { [name]: { ...processor, End: true } } };
  return {
    Type: 'Map',
    ItemsPath: '$.list',
    ItemSelector: selector,
    ItemProcessor,
    ResultPath: '$.results',
  };
}

function define(state: object): FlowDefinition {
  const parsed = parseDefinition({ StartAt: 'Map', States: { Map: { ...state, End: true } } });
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return parsed.definition;
}

/** Takes a flow run through all turns that follow at once; the visits of each. */
function runThrough(flow: FlowDefinition, length: number): { run: FlowProgress; turns: number[] } {
  const list = Array.from({ length }, (_, index) => index);
  let event: FlowEvent = { kind: 'started', input: { list }, context: {} };
  let run = newFlowProgress();
  const turns: number[] = [];
  const timers = new Set<number>();
  while (run.endedAt === null) {
    const result = advanceFlow(flow, run, event, now);
    assert.ok('run' in result, JSON.stringify(result));
    turns.push(result.run.stepSequence - run.stepSequence);
    ({ run } = result);
    const due: FlowBranch | undefined = run.branches.find(({ wait }) => dueAtOf(wait) === now);
    for (const effect of result.effects) if (effect.kind === 'setTimer') timers.add(effect.step);
    if (due === undefined) break;
    assert.ok(timers.has(due.step), 'a timer was set for it');
    event = { kind: 'timerFired', step: due.step };
  }
  return { run, turns };
}

const item = { 'item.$': '$._context.Map.Item.Value' };
const most = flowLimits.stateVisitsPerTurn;

test('a Map whose items end at once goes on in turns of bounded length', () => {
  const { run, turns } = runThrough(define(map({ Type: 'Pass' }, item)), 10_000);
  assert.equal(run.status, 'SUCCEEDED', run.failure?.cause);
  const results = run.data['results'] as { item: number }[];
  assert.deepEqual(
    results.map((result) => result.item),
    Array.from({ length: 10_000 }, (_, index) => index),
  );
  assert.ok(Math.max(...turns) <= most + 1, `${turns.join(', ')} visits`);
  assert.ok(turns.length <= 10_000 / most + 2, `${turns.length} turns`);
});

test('so do Maps in a Map', () => {
  const inner = map({ Type: 'Pass' }, item);
  const flow = define(map(inner, { 'list.$': '$.list' }, 'Inner'));
  const { run, turns } = runThrough(flow, 100);
  assert.equal(run.status, 'SUCCEEDED', run.failure?.cause);
  // An item that is begun is also finished, as far as it does not wait.
  assert.ok(Math.max(...turns) <= most + 100, `${turns.join(', ')} visits`);
  assert.ok(turns.length > 4, `${turns.length} turns`);
});

test('a Map that rests goes on when one of its items ends, and needs no timer then', () => {
  const States = {
    Pick: {
      Type: 'Choice',
      Choices: [{ Variable: '$.item', NumericEquals: 0, Next: 'Rest' }],
      Default: 'Done',
    },
    Rest: { Type: 'Wait', Seconds: 0, Next: 'Done' },
    Done: { Type: 'Pass', End: true },
  };
  const ItemProcessor = { StartAt: 'Pick', States };
  const flow = define({ ...map({ Type: 'Pass' }, item), ItemProcessor });
  const { run, turns } = runThrough(flow, most * 2);
  assert.equal(run.status, 'SUCCEEDED', run.failure?.cause);
  assert.ok(turns.length >= 4, `${turns.length} turns`);
});
