import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseDefinition } from './definition.ts';
import { flowGraph } from './flow-graph.ts';
import type { JsonObject } from '../json.ts';

const examples = new URL('../../../../../shared/data/flows/', import.meta.url);
const skip = existsSync(examples) ? false : 'shared/data/flows is not beside the repository';

const done = { Type: 'Pass', End: true };

function faultsOf(json: unknown): string[] {
  const parsed = parseDefinition(json);
  return 'faults' in parsed
    ? parsed.faults.map((fault) => `${fault.loc.join('/')} ${fault.type}`)
    : [];
}

function warningsOf(json: unknown, inputSchema?: JsonObject): string[] {
  const parsed = parseDefinition(json, inputSchema);
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return parsed.warnings.map(({ loc, type }) => `${loc.join('/')} ${type}`);
}

test('the public example definitions of Globus are accepted with their schemas', { skip }, () => {
  const names = readdirSync(examples).filter((name) => name.endsWith('.definition.json'));
  assert.equal(names.length, 5);
  for (const name of names) {
    const read = (file: string): JsonObject =>
      JSON.parse(readFileSync(new URL(file, examples), 'utf8')) as JsonObject;
    const schema = read(name.replace('.definition.', '.input-schema.'));
    const warnings = warningsOf(read(name), schema);
    assert.ok(
      warnings.every((warning) => warning.endsWith(' wait_time')),
      `${name}: ${warnings.join()}`,
    );
  }
});

test('null comments of generators are dropped', () => {
  const parsed = parseDefinition({
    Comment: null,
    StartAt: 'A',
    States: { A: { ...done, Comment: null } },
  });
  assert.ok('definition' in parsed);
  assert.deepEqual(parsed.definition, { StartAt: 'A', States: { A: done } });
});

test('what is no definition at all is refused without throwing', () => {
  for (const json of [null, 1, 'text', [], {}, { StartAt: 'A' }, { StartAt: 'A', States: [] }]) {
    assert.notDeepEqual(faultsOf(json), [], JSON.stringify(json));
  }
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  assert.deepEqual(faultsOf({ StartAt: 'A', States: { A: { ...done, Result: { deep } } } }), [
    ' too_big',
  ]);
  const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`S${index}`, done]));
  assert.deepEqual(faultsOf({ StartAt: 'S0', States: many }), [' too_big']);
});

test('all faults are told at once, each with its place', () => {
  const States = {
    A: { Type: 'Action', ActionUrl: 'ftp://x', Next: 'B', Nxt: 'C' },
    B: { Type: 'Task', Next: 'A' },
    C: { Type: 'Pass', Result: 5, End: true },
    D: { Type: 'Action', Handler: 'x', WaitTime: 0, Catch: [{ Next: 'A' }] },
    E: { Type: 'Wait', Timestamp: 'soon' },
  };
  assert.deepEqual(faultsOf({ StartAt: 'A', Extra: 1, States }), [
    'States/A/ActionUrl invalid_format',
    'States/A/Nxt unrecognized_key',
    'States/B/Type state_type',
    'States/C/Result invalid_type',
    'States/D/Handler invalid_format',
    'States/D/WaitTime too_small',
    'States/D/Catch/0/ErrorEquals missing',
    'States/E/Timestamp custom',
    'Extra unrecognized_key',
  ]);
});

test('beyond the schema: transitions, one-of rules, names, ways', () => {
  const action = { Type: 'Action', ActionUrl: 'https://x.org/a' };
  const cases: [Record<string, unknown>, string[]][] = [
    [{ A: { Type: 'Pass' } }, ['States/A transition', 'States/A no_end']],
    [{ A: { ...done, Next: 'A' } }, ['States/A transition']],
    [{ A: { Type: 'Pass', Next: 'A', End: false } }, ['States/A no_end']],
    [{ A: { ...action, End: true, Parameters: {}, InputPath: '$' } }, ['States/A one_of']],
    [{ A: { Type: 'Action', End: true } }, ['States/A one_of']],
    [{ A: { Type: 'Wait', End: true } }, ['States/A one_of']],
    [{ A: { Type: 'Wait', Seconds: 1, SecondsPath: '$.s', End: true } }, ['States/A one_of']],
    [{ A: { Type: 'Fail', Cause: 'a', CausePath: '$.b' } }, ['States/A one_of']],
    [{ A: { ...done, Result: {}, InputPath: '$.a' } }, ['States/A one_of']],
    [{ A: { Type: 'Pass', Next: 'gone' } }, ['States/A/Next unknown_state']],
    [{ A: done, B: done }, ['States/B unreachable_state']],
    [{ A: { ...done, ResultPath: '$._context.x' } }, ['States/A/ResultPath json_path']],
    [{ A: { ...done, InputPath: '$.a[*]' } }, ['States/A/InputPath json_path']],
    [
      { A: { ...action, End: true, Catch: [{ ErrorEquals: ['x'], Next: 'C' }] } },
      ['States/A/Catch/0/Next unknown_state'],
    ],
    [
      {
        A: {
          Type: 'Choice',
          Choices: [{ Variable: '$.a', IsNull: true, Next: 'C' }],
          Default: 'D',
        },
      },
      ['States/A/Choices/0/Next unknown_state', 'States/A/Default unknown_state'],
    ],
  ];
  for (const [States, expected] of cases) {
    assert.deepEqual(faultsOf({ StartAt: 'A', States }), expected, JSON.stringify(States));
  }
  assert.deepEqual(faultsOf({ StartAt: 'X', States: { A: done } }), ['StartAt unknown_state']);
});

test('built-in actions are named without an address; other schemes are refused', () => {
  const withUrl = (ActionUrl: string) => ({
    StartAt: 'A',
    States: { A: { Type: 'Action', ActionUrl, End: true } },
  });
  for (const url of ['interpulse:compute', 'https://example.org/t', 'http://127.0.0.1/t']) {
    assert.deepEqual(faultsOf(withUrl(url)), [], url);
  }
  for (const url of ['interpulse:', 'ftp://x.org', 'file:///etc', 'https://', 'compute']) {
    assert.deepEqual(faultsOf(withUrl(url)), ['States/A/ActionUrl invalid_format'], url);
  }
});

test('what is legal but doubtful is warned of', () => {
  const choice = (Next: string, Default: string) => ({
    Type: 'Choice',
    Choices: [{ Variable: '$.input.n', NumericEquals: 1, Next }],
    Default,
  });
  const action = { Type: 'Action', ActionUrl: 'https://x.org', WaitTime: 9 };
  const cases: [Record<string, unknown>, string[]][] = [
    [{ A: choice('A', 'B'), B: done }, ['States/A busy_loop']],
    [
      { A: choice('B', 'B'), B: { Type: 'Wait', Seconds: 9, Next: 'A' } },
      ['States/A no_end', 'States/B no_end'],
    ],
    [{ A: { ...action, Next: 'B' }, B: done }, ['States/A state_replaced']],
    [{ A: { Type: 'Succeed' } }, ['States/A/Type extension']],
    [{ A: { ...done, InputPath: '$.inptu.n' } }, ['States/A/InputPath unknown_name']],
    [
      { A: { ...done, Parameters: { 'n.=': 'input.n + other' } } },
      ['States/A/Parameters/n.= unknown_name'],
    ],
    [
      {
        A: { Type: 'Pass', Result: {}, ResultPath: '$.a', Next: 'B' },
        B: { ...done, Parameters: { 'x.$': '$.a', 'y.=': "getattr('b')" } },
      },
      [],
    ],
  ];
  const schema = { properties: { input: {} } };
  for (const [States, expected] of cases) {
    assert.deepEqual(
      warningsOf({ StartAt: 'A', States }, schema),
      expected,
      JSON.stringify(States),
    );
  }
});

test('the graph of a definition has an edge for every way', () => {
  const parsed = parseDefinition({
    StartAt: 'Go?',
    States: {
      'Go?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.a', IsNull: true, Next: 'Do' }],
        Default: 'Stop',
      },
      Do: {
        Type: 'Action',
        ActionUrl: 'interpulse:compute',
        Catch: [{ ErrorEquals: ['ActionTimeout'], Next: 'Stop' }],
        End: true,
      },
      Stop: { Type: 'Fail', Comment: 'enough' },
    },
  });
  assert.ok('definition' in parsed);
  const { nodes, edges, startAt } = flowGraph(parsed.definition);
  assert.equal(startAt, 'Go?');
  assert.deepEqual(
    nodes.map(({ name, type, ends, comment }) => [name, type, ends, comment]),
    [
      ['Go?', 'Choice', false, null],
      ['Do', 'Action', true, null],
      ['Stop', 'Fail', true, 'enough'],
    ],
  );
  assert.deepEqual(
    edges.map(({ from, to, label }) => `${from} > ${to}: ${label}`),
    ['Go? > Do: choice 1', 'Go? > Stop: default', 'Do > Stop: catch ActionTimeout'],
  );
});
