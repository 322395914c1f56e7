import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keepHidden, mergeJson } from '../merge-json.ts';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowLogLine, FlowProgress } from './flow-progress.ts';
import { hidePrivate, restorePrivate } from './private-parameters.ts';
import { rebuildDocument } from './rebuild-document.ts';

const at = '2026-11-21T12:00:00.000Z';

/** A flow of small steps that write here and there, some of them in private. */
const steps = fc.array(
  fc.record({
    path: fc.constantFrom('$.a', '$.b', '$.a.c', '$.b.d'),
    isPrivate: fc.boolean(),
    value: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 1, maxLength: 8 },
);

interface Written {
  path: string;
  isPrivate: boolean;
  value: number;
}

function run(list: readonly Written[], upTo: number): { run: FlowProgress; log: FlowLogLine[] } {
  const states = list.map(({ path, isPrivate, value }, index) => {
    const hide = isPrivate ? { __Private_Parameters: ['v'] } : {};
    const way = index + 1 < upTo ? { Next: `S${index + 1}` } : { End: true };
    const state = { Type: 'Pass', Parameters: { ...hide, v: value }, ResultPath: path, ...way };
    return [`S${index}`, state] as const;
  });
  const used = Object.fromEntries(states.slice(0, upTo));
  const parsed = parseDefinition({ StartAt: 'S0', States: used });
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  const started = { kind: 'started' as const, input: { a: {}, b: {} }, context: {} };
  const result = advanceFlow(parsed.definition, newFlowProgress(), started, at);
  assert.ok('run' in result);
  return result;
}

test('a document is as it was when the state was entered, or says what is missing', () => {
  fc.assert(
    fc.property(steps, fc.nat(), (list, seed) => {
      const whole = run(list, list.length);
      const place = seed % list.length;
      const state = `S${place}`;
      const request = { start: { a: {}, b: {} }, log: whole.log, last: whole.run.data };
      const rebuilt = rebuildDocument({ ...request, state, visit: null });
      assert.ok(rebuilt !== undefined);
      if (rebuilt.missing.length > 0) {
        assert.ok(list.some(({ isPrivate }) => isPrivate));
        return;
      }
      const expected = place === 0 ? request.start : run(list, place).run.data;
      assert.deepEqual(rebuilt.document, expected);
      assert.equal(rebuildDocument({ ...request, state: 'never', visit: null }), undefined);
    }),
  );
});

test('a private value that was written over later is missing, one that was not is taken', () => {
  const list = [
    { path: '$.a', isPrivate: true, value: 1 },
    { path: '$.b', isPrivate: true, value: 2 },
    { path: '$.a', isPrivate: false, value: 3 },
    { path: '$.c', isPrivate: false, value: 4 },
  ];
  const { log, run: end } = run(list, 4);
  const request = { start: { a: {}, b: {} }, log, last: end.data, visit: null };
  const third = rebuildDocument({ ...request, state: 'S2' });
  assert.deepEqual(third?.missing, [['a', 'v']]);
  assert.deepEqual(third?.document['b'], { v: 2 });
  assert.deepEqual(third?.privatePaths, [
    ['a', 'v'],
    ['b', 'v'],
  ]);
  assert.deepEqual(rebuildDocument({ ...request, state: 'S3' })?.missing, []);
});

test('private parameters are left out, and come back when they are still listed', () => {
  const full = {
    States: {
      A: {
        Parameters: { __Private_Parameters: ['k', 'e.='], k: 'x', 'e.=': 'y', shown: 1 },
        list: [{ __Private_Parameters: ['p'], 'p.$': '$.q' }],
      },
    },
  };
  const shown = hidePrivate(full);
  assert.doesNotMatch(JSON.stringify(shown), /"x"|"y"|\$\.q/);
  assert.match(JSON.stringify(shown), /"shown":1/);
  assert.deepEqual(restorePrivate(shown, full), full);
  const given = structuredClone(shown) as typeof full;
  given.States.A.Parameters.k = 'new';
  const saved = restorePrivate(given, full) as typeof full;
  assert.deepEqual([saved.States.A.Parameters.k, saved.States.A.Parameters['e.=']], ['new', 'y']);
});

test('edits are laid over; what came back hidden stays as it was', () => {
  const base = { a: { b: 1, secret: 's' }, c: [1, 2], gone: 1 };
  const edits = { a: { b: 2, secret: '(private)' }, c: [3], gone: null, d: { e: null } };
  assert.deepEqual(mergeJson(base, edits), { a: { b: 2, secret: 's' }, c: [3], d: {} });
  assert.deepEqual(keepHidden(['(private)', 4], ['x', 'y']), ['x', 4]);
});
