import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../json.ts';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import { explainFlow } from './explain-flow.ts';
import { newFlowProgress, type FlowEvent } from './flow-progress.ts';

const at = '2026-11-21T12:00:00.000Z';
const key = 'swordfish';

/** A flow run of one state, all that was ever said of it, and what it left. */
function runOf(state: object, ...events: FlowEvent[]): { told: string; document: JsonObject } {
  const End = { Type: 'Pass', End: true };
  const parsed = parseDefinition({ StartAt: 'A', States: { A: { ...state, Next: 'End' }, End } });
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  const input = { _private: { key, map: { a: 1 } } };
  const told: unknown[] = [];
  let run = newFlowProgress();
  for (const event of [{ kind: 'started', input, context: {} } as const, ...events]) {
    const result = advanceFlow(parsed.definition, run, event, at);
    assert.ok('run' in result, JSON.stringify(result));
    run = result.run;
    told.push(result.log, explainFlow(run), run.failure);
  }
  const { _private: _, ...document } = run.data;
  return { told: JSON.stringify(told), document };
}

function action(more: object): object {
  const Parameters = { __Private_Parameters: ['token'], 'token.=': "'Bearer ' + _private.key" };
  return { Type: 'Action', ActionUrl: 'https://x.org/act', WaitTime: 60, Parameters, ...more };
}

const said = `400 what is "Bearer ${key}"?`;
const ended = (status: string, details: Json): FlowEvent => {
  return { kind: 'actionEnded', step: 1, statusDocument: { status, details } };
};

test('an expression that fails does not repeat what is private', () => {
  const expressions = ['int(_private.key)', '_private.map[_private.key]', 'float(_private.key)'];
  for (const expression of expressions) {
    const state = { Type: 'ExpressionEval', Parameters: { 'v.=': expression }, ResultPath: '$.v' };
    const { told } = runOf(state);
    assert.match(told, /Flows.ExpressionError/);
    assert.ok(!told.includes(key), told);
    assert.match(told, /\(private\)/);
  }
});

test('nor does one that is private itself', () => {
  const Parameters = { __Private_Parameters: ['v'], 'v.=': `int('${key}')` };
  const { told } = runOf({ Type: 'ExpressionEval', Parameters, ResultPath: '$.v' });
  assert.match(told, /Flows.ExpressionError/);
  assert.ok(!told.includes(key), told);
});

test('what an action says of its end is told without the private values it was given', () => {
  const refused: FlowEvent = { kind: 'actionUnableToRun', step: 1, reason: said };
  const stalled: FlowEvent = { kind: 'actionStalled', step: 1, reason: said };
  const failed = ended('FAILED', { reason: said, echo: [{ token: `Bearer ${key}` }] });
  for (const event of [refused, stalled, failed]) {
    const { told } = runOf(action({}), event);
    assert.ok(!told.includes(key), told);
    assert.match(told, /400 what is \\"\(private\)\\"\?/);
  }
});

test('who catches the error reads it so too', () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'End', ResultPath: '$.error' }];
  const { told, document } = runOf(action({ Catch }), ended('FAILED', { echo: { token: key } }));
  assert.ok(!told.includes(key), told);
  const { details } = document['error'] as { details: Json };
  assert.deepEqual(details, { echo: { token: '(private)' } });
});

test('what an action answers when it went well stays as it is', () => {
  const { document } = runOf(action({ ResultPath: '$.a' }), ended('SUCCEEDED', { key }));
  assert.deepEqual((document['a'] as JsonObject)['details'], { key });
});

test('where there is too much to look for, nothing is told', () => {
  const many = Array.from({ length: 1500 }, (_, index) => `word ${index}`);
  const Parameters = { __Private_Parameters: ['many'], many };
  const refused: FlowEvent = { kind: 'actionUnableToRun', step: 1, reason: 'word 1499 is odd' };
  const { told } = runOf(action({ Parameters }), refused);
  assert.ok(!told.includes('is odd'), told);
});
