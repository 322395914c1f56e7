import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { identityOf, mergeParameters, runEventSchema, type SetParameter } from './run-event.ts';
import { runLimits } from './run-limits.ts';
import { mergeResults, resultReportsSchema, type RunResult } from './run-result.ts';

const at = (second: number) => new Date(1_800_000_000_000 + second * 1000).toISOString();

describe('parameters of a run', () => {
  const said = fc.record({
    second: fc.integer({ min: 0, max: 3 }),
    parameters: fc.dictionary(fc.constantFrom('a', 'b', 'constructor'), fc.integer()),
  });

  test('come out the same in whatever order and however often they are told', () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 8 }), fc.func(fc.integer()), (events, order) => {
        const merged = (list: typeof events) =>
          list.reduce<Record<string, SetParameter>>(
            (kept, { second, parameters }) => mergeParameters(kept, parameters, at(second)),
            {},
          );
        const shuffled = [...events, ...events].toSorted((a, b) => order(a) - order(b));
        const sorted = (kept: Record<string, SetParameter>) =>
          Object.entries(kept).toSorted(([a], [b]) => (a < b ? -1 : 1));
        assert.deepEqual(sorted(merged(shuffled)), sorted(merged(events)));
      }),
    );
  });

  test('are refused when they are too many, too large or without a name', () => {
    const event = { kind: 'parametersSet', run: 1, at: at(0) };
    const many = Object.fromEntries(
      Array.from({ length: runLimits.parameters + 1 }, (_, index) => [`p${index}`, 1]),
    );
    const large = { text: 'x'.repeat(runLimits.valueBytes) };
    for (const parameters of [many, large, { '': 1 }, { ['n'.repeat(500)]: 1 }]) {
      assert.equal(runEventSchema.safeParse({ ...event, parameters }).success, false);
    }
    assert.equal(runEventSchema.safeParse({ ...event, parameters: { a: [1, 2] } }).success, true);
  });
});

test('starts and ends are told apart by their run, parameters by their instant', () => {
  const event = (kind: string, fields = {}) =>
    identityOf(runEventSchema.parse({ kind, run: 1, at: at(1), ...fields }));
  assert.equal(event('runStarted'), '');
  assert.equal(event('runEnded', { id: 'x' }), 'x');
  assert.equal(event('parametersSet'), at(1));
  assert.equal(event('nextShotDue', { nextShotAt: at(9) }), at(9));
});

describe('results of a run', () => {
  const source = { at: at(5), by: 'user_1', flowRunId: null, jobId: null };

  test('are merged by key, keep their order, and keep what is newer', () => {
    const kept = mergeResults(
      [],
      [
        { key: 'b', value: 1 },
        { key: 'a', value: 2, unit: 'K' },
      ],
      source,
    );
    const merged = mergeResults(kept, [{ key: 'b', value: 3 }], { ...source, at: at(6) });
    const shown = (results: RunResult[]) => results.map(({ key, value }) => [key, value]);
    assert.deepEqual(shown(merged), [
      ['b', 3],
      ['a', 2],
    ]);
    const late = mergeResults(merged, [{ key: 'b', value: 0 }], { ...source, at: at(4) });
    assert.deepEqual(shown(late), shown(merged));
    assert.equal(merged[1]?.unit, 'K');
  });

  test('are figures and words, no curves', () => {
    const value = Array.from({ length: 5000 }, (_, index) => index);
    assert.equal(resultReportsSchema.safeParse([{ key: 'curve', value }]).success, false);
    assert.equal(resultReportsSchema.safeParse([{ key: ' ', value: 1 }]).success, false);
    assert.equal(resultReportsSchema.safeParse([]).success, false);
  });
});
