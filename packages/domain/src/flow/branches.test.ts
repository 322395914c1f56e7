import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import type { FlowDefinition } from './definition.ts';
import { explainFlow } from './explain-flow.ts';
import { flowGraph } from './flow-graph.ts';
import { flowLimits } from './flow-limits.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEffect, FlowEvent, FlowLogLine, FlowProgress } from './flow-progress.ts';
import type { Json, JsonObject } from '../json.ts';

const now = '2026-11-21T12:00:00.000Z';
const later = '2026-11-21T12:30:00.000Z';
const action = {
  Type: 'Action',
  ActionUrl: 'interpulse:compute',
  WaitTime: 60,
  ResultPath: '$.out',
};

function define(States: Record<string, unknown>, StartAt = 'Each'): FlowDefinition {
  const parsed = parseDefinition({ StartAt, States });
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return parsed.definition;
}

function faultsOf(States: Record<string, unknown>, StartAt = 'Each'): string[] {
  const parsed = parseDefinition({ StartAt, States });
  return 'faults' in parsed ? parsed.faults.map(({ loc, type }) => `${loc.join('/')} ${type}`) : [];
}

/** A flow run under test, stored and read back after every event as the hub does. */
class Rehearsal {
  readonly definition: FlowDefinition;
  run: FlowProgress = newFlowProgress();
  effects: FlowEffect[] = [];
  log: FlowLogLine[] = [];

  constructor(definition: FlowDefinition, input: JsonObject) {
    this.definition = definition;
    this.take({ kind: 'started', input, context: { run_id: 'flowrun_1' } });
  }

  take(event: FlowEvent, at = now): string | null {
    const before = structuredClone(this.run);
    const result = advanceFlow(this.definition, this.run, event, at);
    assert.deepEqual(this.run, before, 'the progress given is not changed');
    if ('refusal' in result) return result.refusal.reason;
    assert.deepEqual(JSON.parse(JSON.stringify(result.run)), result.run);
    this.run = JSON.parse(JSON.stringify(result.run)) as FlowProgress;
    this.effects = result.effects;
    this.log.push(...result.log);
    return null;
  }

  succeed(step: number, details: JsonObject = {}): string | null {
    const statusDocument = { status: 'SUCCEEDED', details };
    return this.take({ kind: 'actionEnded', step, statusDocument });
  }

  fail(step: number): string | null {
    const statusDocument = { status: 'FAILED', details: { cause: 'disk full' } };
    return this.take({ kind: 'actionEnded', step, statusDocument });
  }

  /** Inputs of the actions that the last event started. */
  get started(): Json[] {
    return this.effects.flatMap((effect) => (effect.kind === 'startAction' ? [effect.input] : []));
  }

  get canceled(): number[] {
    const steps = this.effects.flatMap((effect) =>
      effect.kind === 'cancelAction' ? [effect.step] : [],
    );
    return steps.toSorted((one, other) => one - other);
  }
}

const each = (more: object = {}, inner: object = {}): Record<string, unknown> => ({
  Each: {
    Type: 'Map',
    ItemsPath: '$.files',
    ItemSelector: { 'file.$': '$._context.Map.Item.Value', 'n.=': '_context.Map.Item.Index + 1' },
    ItemProcessor: {
      StartAt: 'Analyze',
      States: { Analyze: { ...action, InputPath: '$.file', End: true, ...inner } },
    },
    ResultPath: '$.each',
    End: true,
    ...more,
  },
});

test('a Map runs its flow for each item, so many at once, results in order', () => {
  const flow = new Rehearsal(define(each({ MaxConcurrency: 2 })), { files: ['a', 'b', 'c'] });
  assert.deepEqual(flow.started, ['a', 'b']);
  assert.match(
    explainFlow(flow.run).sentence,
    /^Each: 0 of 3 branches are done, 2 under way\. Each\[0\]\/Analyze waits for interpulse:/,
  );
  assert.equal(explainFlow(flow.run).waits.length, 2);
  assert.equal(flow.succeed(3, { of: 'b' }), null);
  assert.deepEqual(flow.started, ['c']);
  assert.equal(flow.succeed(3), 'otherStep', 'a word that comes twice');
  flow.succeed(4, { of: 'c' });
  flow.succeed(2, { of: 'a' });
  assert.equal(flow.run.status, 'SUCCEEDED');
  const result = (file: string, n: number) => ({
    file,
    n,
    out: { status: 'SUCCEEDED', details: { of: file }, state_name: 'Analyze' },
  });
  assert.deepEqual(flow.run.data['each'], [result('a', 1), result('b', 2), result('c', 3)]);
  const line = flow.log.find(({ step }) => step === 3);
  assert.equal(line?.description, 'State Each[1]/Analyze of type Action started');
  assert.deepEqual(line.details['path'], 'Each[1]');
});

test('without ItemSelector the item is the state; Iterator is the older name', () => {
  const { Each } = each({ ItemSelector: undefined }) as { Each: Record<string, unknown> };
  const { ItemProcessor: Iterator, ItemSelector: _, ...rest } = Each;
  const flow = define({ Each: { ...rest, Iterator } });
  assert.deepEqual(new Rehearsal(flow, { files: [{ file: 'a' }] }).started, ['a']);
  const bad = new Rehearsal(flow, { files: [{ file: 'a' }, 'b'] });
  assert.equal(bad.run.failure?.error, 'Flows.MapError');
  assert.match(bad.run.failure.cause, /\$\.files\[1\] is no object.*ItemSelector/);
  assert.deepEqual(bad.canceled, [2], 'what was under way is canceled');
  assert.equal(new Rehearsal(flow, { files: 7 }).run.failure?.error, 'Flows.MapError');
  const empty = new Rehearsal(flow, { files: [] });
  assert.deepEqual([empty.run.status, empty.run.data['each']], ['SUCCEEDED', []]);
});

function without(field: string): Record<string, unknown> {
  const { Each } = each() as { Each: Record<string, unknown> };
  return { Each: Object.fromEntries(Object.entries(Each).filter(([name]) => name !== field)) };
}

const both = {
  Both: {
    Type: 'Parallel',
    Parameters: { 'n.$': '$.n' },
    Branches: [
      { StartAt: 'Near', States: { Near: { ...action, Parameters: { at: 1 }, End: true } } },
      {
        StartAt: 'Pause',
        States: {
          Pause: { Type: 'Wait', Seconds: 5, Next: 'Far' },
          Far: { ...action, Parameters: { 'at.=': 'n' }, Next: 'Good' },
          Good: { Type: 'Succeed' },
        },
      },
      { StartAt: 'Quick', States: { Quick: { Type: 'Pass', End: true } } },
    ],
    ResultPath: '$.both',
    End: true,
  },
};

test('a Parallel runs its branches beside each other, each on its own document', () => {
  const flow = new Rehearsal(define(both, 'Both'), { n: 2 });
  assert.deepEqual(flow.started, [{ at: 1 }]);
  const pause = flow.run.branches.find(({ wait }) => wait?.kind === 'timer');
  flow.take({ kind: 'timerFired', step: pause?.step ?? 0 }, later);
  assert.deepEqual(flow.started, [{ at: 2 }]);
  const step = flow.run.stepSequence;
  flow.succeed(2);
  assert.equal(flow.run.status, 'ACTIVE');
  flow.succeed(step);
  assert.equal(flow.run.status, 'SUCCEEDED');
  const [near, far, quick] = flow.run.data['both'] as JsonObject[];
  assert.deepEqual(Object.keys(near ?? {}), ['n', 'out']);
  assert.partialDeepStrictEqual(far, { out: { state_name: 'Far' } });
  assert.deepEqual(quick, { n: 2 });
});

test('a branch that fails cancels its siblings and raises; nothing is left running', () => {
  const flow = new Rehearsal(define(each()), { files: ['a', 'b', 'c'] });
  flow.fail(3);
  assert.deepEqual(flow.canceled, [2, 4]);
  assert.equal(flow.run.failure?.error, 'ActionFailedException');
  assert.equal(flow.run.failure.cause, 'Each[1]/Analyze: disk full');
  assert.equal(flow.run.failure.state, 'Each');
  assert.deepEqual(flow.run.branches, []);
  assert.equal(flow.succeed(2), 'ended');
});

test('Retry and Catch of the Map itself, of a state inside, and of a Map inside a Map', () => {
  const again = { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 1 };
  const caught = { ErrorEquals: ['ActionFailedException'], ResultPath: '$.why', Next: 'Sorry' };
  const flow = new Rehearsal(
    define({
      ...each({ Retry: [again], Catch: [caught] }),
      Sorry: { Type: 'Pass', End: true },
    }),
    { files: ['a', 'b'] },
  );
  flow.fail(2);
  assert.deepEqual(flow.canceled, [3]);
  assert.match(explainFlow(flow.run).sentence, /^Each failed .*attempt 2/);
  flow.take({ kind: 'timerFired', step: 1 }, later);
  assert.deepEqual(flow.started, ['a', 'b'], 'all of it again');
  flow.fail(flow.run.stepSequence);
  assert.equal(flow.run.status, 'SUCCEEDED');
  assert.equal((flow.run.data['why'] as JsonObject)['Cause'], 'Each[1]/Analyze: disk full');

  const { Each } = each({}, { Catch: [{ ...caught, Next: 'Ok' }] }) as {
    Each: { ItemProcessor: { States: Record<string, unknown> } };
  };
  Each.ItemProcessor.States['Ok'] = { Type: 'Pass', End: true };
  const kept = new Rehearsal(define({ Each }), { files: ['a', 'b'] });
  kept.fail(2);
  kept.succeed(3);
  assert.equal(kept.run.status, 'SUCCEEDED');
  const [first] = kept.run.data['each'] as JsonObject[];
  assert.partialDeepStrictEqual(first, { why: { Error: 'ActionFailedException' } });
});

const nested = {
  Outer: {
    Type: 'Map',
    ItemsPath: '$.groups',
    ItemProcessor: { StartAt: 'Each', States: each() },
    ResultPath: '$.outer',
    End: true,
  },
};

test('Maps nest; a failure deep inside gives up everything around it', () => {
  const input = { groups: [{ files: ['a', 'b'] }, { files: ['c'] }] };
  const flow = new Rehearsal(define(nested, 'Outer'), input);
  const actions = () => flow.run.branches.filter(({ wait }) => wait?.kind === 'action');
  assert.deepEqual(
    actions().map(({ path }) => path.join(' ')),
    ['Outer 0 Each 0', 'Outer 0 Each 1', 'Outer 1 Each 0'],
  );
  const [first, ...others] = actions().map(({ step }) => step);
  const failing = new Rehearsal(define(nested, 'Outer'), input);
  failing.fail(first ?? 0);
  assert.deepEqual(failing.canceled, others);
  assert.equal(failing.run.failure?.cause, 'Outer[0]/Each: Each[0]/Analyze: disk full');
  flow.take({ kind: 'canceled', by: 'Ada', reason: '' });
  assert.deepEqual(flow.canceled, [first, ...others]);
});

test('a definition with branches is checked to its depth, and its names are unique', () => {
  assert.deepEqual(faultsOf(each({ ResultPath: '$' })), ['States/Each/ResultPath json_path']);
  assert.deepEqual(faultsOf(each({ Iterator: {} })), [
    'States/Each/Iterator/StartAt missing',
    'States/Each/Iterator/States missing',
  ]);
  assert.deepEqual(faultsOf(without('ItemProcessor')), ['States/Each one_of']);
  const inside = 'States/Each/ItemProcessor/States';
  assert.deepEqual(faultsOf(each({}, { Next: 'Nowhere', End: undefined })), [
    `${inside}/Analyze/Next unknown_state`,
  ]);
  assert.deepEqual(faultsOf(each({}, { Type: 'Task' })), [`${inside}/Analyze/Type state_type`]);
  assert.deepEqual(faultsOf(each({ End: undefined, Next: 'Analyze' })), [
    'States/Each/Next unknown_state',
  ]);
  assert.deepEqual(
    faultsOf({ ...each({ End: undefined, Next: 'Analyze' }), Analyze: { Type: 'Succeed' } }),
    [`${inside}/Analyze doubled_state`],
  );
  const parsed = parseDefinition(
    { StartAt: 'Each', States: each({ Comment: null }) },
    {
      properties: { files: {} },
    },
  );
  assert.ok('definition' in parsed);
  assert.deepEqual(
    parsed.warnings.map(({ type, loc }) => `${loc.join('/')} ${type}`),
    ['States/Each/Type extension'],
  );
  const reads = parseDefinition(
    { StartAt: 'Each', States: each({}, { InputPath: '$.files' }) },
    { properties: { files: {} } },
  );
  assert.ok('warnings' in reads);
  assert.ok(reads.warnings.some(({ type }) => type === 'unknown_name'));
});

test('the graph shows what is inside', () => {
  const { nodes, edges } = flowGraph(define(nested, 'Outer'));
  assert.deepEqual(
    nodes.map(({ name, within }) => [name, within]),
    [
      ['Outer', null],
      ['Each', 'Outer'],
      ['Analyze', 'Each'],
    ],
  );
  assert.deepEqual(
    edges.map(({ from, to, label }) => [from, to, label]),
    [
      ['Outer', 'Each', 'each item'],
      ['Each', 'Analyze', 'each item'],
    ],
  );
});

test('private values of items stay private in the list of results', () => {
  const definition = define(
    each({
      ItemSelector: { 'file.$': '$._context.Map.Item.Value', __Private_Parameters: ['file'] },
    }),
  );
  const flow = new Rehearsal(definition, { files: ['secret-a'] });
  flow.succeed(2);
  assert.deepEqual(flow.run.privatePaths, [['each', 0, 'file']]);
  const told = JSON.stringify(flow.log.slice(1));
  assert.doesNotMatch(told, /secret-a/);
});

test('limits: too many items, and too large documents together', () => {
  const files = Array.from({ length: flowLimits.mapItems + 1 }, (_, index) => index);
  const many = new Rehearsal(define(each()), { files });
  assert.equal(many.run.failure?.error, 'Flows.LimitExceeded');
  const large = define({
    ...each({ ItemSelector: { 'all.$': '$.blob', 'file.$': '$._context.Map.Item.Value' } }),
  });
  const blob = 'x'.repeat(1_000_000);
  const bombed = new Rehearsal(large, { files: files.slice(0, 40), blob });
  assert.equal(bombed.run.failure?.error, 'Flows.LimitExceeded');
  assert.match(bombed.run.failure.cause, /all branches together/);
  assert.equal(bombed.canceled.length, 16);
});

test('a Map of 10,000 items: an event costs little, however many have ended', () => {
  const files = Array.from({ length: flowLimits.mapItems }, (_, index) => `file-${index}`);
  const definition = define(each({ MaxConcurrency: 200 }));
  const event: FlowEvent = { kind: 'started', input: { files }, context: {} };
  let result = advanceFlow(definition, newFlowProgress(), event, now);
  const costs: number[] = [];
  for (;;) {
    assert.ok('run' in result);
    const { run } = result;
    if (run.endedAt !== null) break;
    const branch = run.branches.findLast(({ wait }) => wait?.kind === 'action');
    const statusDocument = { status: 'SUCCEEDED', details: {} };
    const cpu = process.cpuUsage();
    result = advanceFlow(
      definition,
      run,
      { kind: 'actionEnded', step: branch?.step ?? 0, statusDocument },
      now,
    );
    const { user, system } = process.cpuUsage(cpu);
    costs.push((user + system) / 1000);
  }
  assert.equal(result.run.status, 'SUCCEEDED');
  assert.equal((result.run.data['each'] as Json[]).length, flowLimits.mapItems);
  // The last event writes the whole list.
  costs.pop();
  const median = costs.toSorted((one, other) => one - other)[costs.length >> 1] ?? 0;
  assert.ok(median < 3, `an event took ${median} ms`);
});
