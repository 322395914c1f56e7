import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeRule } from './describe-rule.ts';
import { flowGraph } from './flow-graph.ts';

const definition = {
  StartAt: 'Go?',
  States: {
    'Go?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.error', NumericGreaterThan: 0.2, Next: 'Do' }],
      Default: 'Both',
    },
    Do: {
      Type: 'Action',
      ActionUrl: 'interpulse:compute',
      Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Nowhere' }],
      Next: 'Both',
    },
    Both: {
      Type: 'Parallel',
      ResultPath: '$.both',
      Branches: [
        { StartAt: 'Left', States: { Left: { Type: 'Wait', Seconds: 5, End: true } } },
        { StartAt: 'Right', States: { Right: { Type: 'Pass', End: true } } },
      ],
      End: true,
    },
  },
};

test('a graph says what a drawing shows: kinds of ways, rules as words, what is inside', () => {
  const { nodes, edges, flows } = flowGraph(definition);
  assert.deepEqual(
    edges.map(({ from, to, kind, words }) => [from, to, kind, words]),
    [
      ['Go?', 'Do', 'choice', 'error > 0.2'],
      ['Go?', 'Both', 'default', 'otherwise'],
      ['Do', 'Both', 'next', ''],
      ['Do', 'Nowhere', 'catch', 'any error'],
      ['Both', 'Left', 'into', ''],
      ['Both', 'Right', 'into', ''],
    ],
  );
  assert.deepEqual(
    flows.map(({ id, within, startAt }) => [id, within, startAt]),
    [
      ['', null, 'Go?'],
      ['Both/branch 1', 'Both', 'Left'],
      ['Both/branch 2', 'Both', 'Right'],
    ],
  );
  const byName = new Map(nodes.map((node) => [node.name, node]));
  assert.equal(byName.get('Do')?.about, 'interpulse:compute');
  assert.equal(byName.get('Do')?.retry, 'tried again up to 2 times');
  assert.equal(byName.get('Nowhere')?.type, 'missing');
  assert.equal(byName.get('Left')?.about, '5 s');
  const at = ['States', 'Both', 'Branches', 1, 'States', 'Right'];
  assert.deepEqual(byName.get('Right')?.at, at);
});

test('rules read as a sentence would', () => {
  const left = { Variable: '$.a.b', StringEquals: 'x' };
  const right = { Variable: '$.n', NumericLessThanEqualsPath: '$.most' };
  assert.equal(describeRule({ And: [left, { Not: right }] }), 'a.b = "x" and not (n ≤ most)');
  assert.equal(
    describeRule({ Or: [{ And: [left, right] }, { Variable: '$.c', IsPresent: false }] }),
    '(a.b = "x" and n ≤ most) or c is not there',
  );
  assert.equal(describeRule({ Variable: '$.f', StringMatches: '*.h5' }), 'f is like "*.h5"');
  assert.equal(describeRule({ Variable: '$.f' }), 'f');
});

test('whatever is being typed has a graph, and every way leads to a state of it', () => {
  const name = fc.constantFrom('A', 'B', 'C');
  const state = fc.record(
    {
      Type: fc.oneof(fc.constantFrom('Parallel', 'Map', 'Choice', 'Action'), fc.jsonValue()),
      Next: fc.oneof(name, fc.jsonValue()),
      Choices: fc.oneof(fc.array(fc.record({ Next: name }, { requiredKeys: [] })), fc.jsonValue()),
      Catch: fc.jsonValue(),
      Retry: fc.jsonValue(),
      Branches: fc.jsonValue(),
      ItemProcessor: fc.record({ StartAt: name, States: fc.dictionary(name, fc.jsonValue()) }),
    },
    { requiredKeys: [] },
  );
  const typed = fc.record(
    { StartAt: fc.jsonValue(), States: fc.oneof(fc.dictionary(name, state), fc.jsonValue()) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(typed, fc.jsonValue()), (json) => {
      const { nodes, edges } = flowGraph(json);
      const names = nodes.map((node) => node.name);
      assert.equal(new Set(names).size, names.length);
      for (const { to } of edges) assert.ok(names.includes(to), to);
    }),
  );
});
