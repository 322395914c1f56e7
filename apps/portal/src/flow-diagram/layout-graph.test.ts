import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { layoutGraph, type Box } from './layout-graph.ts';

const pass = (next: object) => ({ Type: 'Pass', ...next });

/** 30 states: a long line with a Choice back, a Catch away, a Map with a Parallel inside. */
function manyStates() {
  const states: Record<string, object> = {};
  for (let index = 0; index < 24; index += 1) states[`S${index}`] = pass({ Next: `S${index + 1}` });
  states['S5'] = {
    Type: 'Choice',
    Choices: [{ Variable: '$.n', NumericLessThan: 3, Next: 'S2' }],
    Default: 'S6',
  };
  states['S8'] = {
    Type: 'Action',
    ActionUrl: 'interpulse:compute',
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Bad' }],
    Next: 'S9',
  };
  const both = {
    Type: 'Parallel',
    Branches: ['L', 'R'].map((name) => ({
      StartAt: name,
      States: { [name]: pass({ End: true }) },
    })),
    End: true,
  };
  states['S24'] = {
    Type: 'Map',
    ItemProcessor: { StartAt: 'Both', States: { Both: both } },
    End: true,
  };
  states['Bad'] = { Type: 'Fail' };
  return { StartAt: 'S0', States: states };
}

const overlaps = (one: Box, other: Box) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const holds = (outer: Box, inner: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width + 0.01 &&
  inner.y + inner.height <= outer.y + outer.height + 0.01;

test('no state covers another, and what is inside a state is drawn inside it', () => {
  const graph = flowGraph(manyStates());
  const { states, edges, width, height, starts } = layoutGraph(graph, 56);
  assert.equal(states.length, graph.nodes.length);
  assert.equal(starts.length, 4);
  const byName = new Map(states.map((each) => [each.state.name, each]));
  for (const one of states) {
    assert.ok(holds({ x: 0, y: 0, width, height }, one), one.state.name);
    const frame = byName.get(one.state.within ?? '');
    if (frame !== undefined) assert.ok(holds(frame, one), `${one.state.name} is inside`);
    for (const other of states) {
      if (one === other || one.state.flow !== other.state.flow) continue;
      assert.ok(!overlaps(one, other), `${one.state.name} covers ${other.state.name}`);
    }
  }
  const drawn = graph.edges.filter(({ kind }) => kind !== 'into').length;
  assert.equal(edges.length, drawn + starts.length);
  for (const { points } of edges) assert.ok(points.length >= 2);
});

test('an empty or half typed definition has a drawing too', () => {
  assert.equal(layoutGraph(flowGraph(null), 56).states.length, 0);
  const typed = { StartAt: 'A', States: { A: { Type: 'Choice', Choices: [{ Next: 'A' }] } } };
  assert.equal(layoutGraph(flowGraph(typed), 56).states.length, 1);
});
