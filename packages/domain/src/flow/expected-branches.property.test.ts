import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../json.ts';
import { addSeconds } from '../time.ts';
import { parseDefinition, type FlowDefinition } from './definition.ts';
import { expectedSteps, type RunPlace } from './expected-steps.ts';
import type { ExpectedTimes } from './expected-times.ts';

const now = '2026-03-10T12:00:00.000Z';
const action = (more: JsonObject): JsonObject => ({
  Type: 'Action',
  ActionUrl: 'interpulse:compute',
  Parameters: {},
  ResultPath: '$.x',
  ...more,
});
const lineOf = (names: readonly string[]): JsonObject => ({
  StartAt: names[0] ?? '',
  States: Object.fromEntries(
    names.map((name, at) => {
      const next = names[at + 1];
      return [name, action(next === undefined ? { End: true } : { Next: next })];
    }),
  ),
});

function parsed(json: JsonObject): FlowDefinition {
  const result = parseDefinition(json);
  assert.ok('definition' in result, JSON.stringify(result));
  return result.definition;
}

const end = (flow: FlowDefinition, times: ExpectedTimes, from: RunPlace): number | undefined =>
  expectedSteps(flow, times, from, now).at(-1)?.endSeconds;

/** The seconds of the states of each branch of a Parallel. */
const branchTimes = fc.array(
  fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 4 }),
  { minLength: 1, maxLength: 5 },
);
const nameOf = (branch: number, at: number): string => `B${branch} ${at}`;
const parallelOf = (seconds: readonly (readonly number[])[], more: JsonObject = {}) => {
  const Branches = seconds.map((line, branch) => lineOf(line.map((_, at) => nameOf(branch, at))));
  const Both = { Type: 'Parallel', Branches, ResultPath: '$.x', End: true, ...more };
  const times = Object.fromEntries(
    seconds.flatMap((line, branch) =>
      line.map((each, at) => [nameOf(branch, at), { seconds: each, visits: 1 }]),
    ),
  );
  return { flow: parsed({ StartAt: 'Both', States: { Both } }), times };
};
const sum = (line: readonly number[]): number => line.reduce((all, each) => all + each, 0);

test('a Parallel takes as long as its slowest branch, a race as its fastest', () => {
  fc.assert(
    fc.property(branchTimes, (seconds) => {
      const from = { state: 'Both', enteredAt: now };
      const all = parallelOf(seconds);
      assert.equal(end(all.flow, all.times, from), Math.max(...seconds.map(sum)));
      const race = parallelOf(seconds, { CompleteWhen: 'First' });
      assert.equal(end(race.flow, race.times, from), Math.min(...seconds.map(sum)));
    }),
  );
});

test('time that has gone by is taken off, and another branch never makes it shorter', () => {
  fc.assert(
    fc.property(branchTimes, fc.integer({ min: 0, max: 5000 }), (seconds, spent) => {
      const from = { state: 'Both', enteredAt: addSeconds(now, -spent) };
      const all = parallelOf(seconds);
      const left = end(all.flow, all.times, from) ?? 0;
      assert.equal(left, Math.max(0, Math.max(...seconds.map(sum)) - spent));
      const more = parallelOf([...seconds, [7]]);
      assert.ok((end(more.flow, more.times, from) ?? 0) >= left);
    }),
  );
});

test('what is known of the whole counts where a branch was never gone', () => {
  const { flow, times } = parallelOf([[5], [9]]);
  const { [nameOf(1, 0)]: _, ...some } = times;
  const from = { state: 'Both', enteredAt: now };
  assert.equal(end(flow, { ...some, Both: { seconds: 30, visits: 1 } }, from), 30);
  assert.equal(end(flow, some, from), undefined);
  const race = parallelOf([[5], [9]], { CompleteWhen: 'First' });
  assert.equal(end(race.flow, some, from), 5);
});

const mapFlow = parsed({
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: lineOf(['Work', 'Plot']),
      ResultPath: '$.x',
      Next: 'Last',
    },
    Last: action({ End: true }),
  },
});
/** Where a Map is after so long, whose items all take as long, so many at a time. */
const mapAt = (items: { total: number; atOnce: number; each: number }, spent: number): RunPlace => {
  const { total, atOnce, each } = items;
  const ended = Math.min(total, Math.floor(spent / each) * atOnce);
  const started = Math.min(total, ended + atOnce);
  const counts = { total, started, ended, mostAtOnce: atOnce, resultBytes: 0 };
  const wait = { kind: 'branches' as const, ...counts };
  return { state: 'Each', enteredAt: addSeconds(now, -spent), wait };
};
const itemsOf = fc.record({
  total: fc.integer({ min: 1, max: 500 }),
  atOnce: fc.integer({ min: 1, max: 60 }),
  each: fc.integer({ min: 2, max: 100 }),
});

test('a Map under way takes as long as its items that are left, so many at a time', () => {
  fc.assert(
    fc.property(itemsOf, fc.double({ min: 0, max: 1, noNaN: true }), (items, part) => {
      const { total, atOnce, each } = items;
      const whole = Math.ceil(total / atOnce) * each;
      const spent = Math.floor(part * (whole - 1));
      // Of two states, each of half the time, as fifty items taught them.
      const half = { seconds: each / 2, visits: 50 };
      const times = { Work: half, Plot: half, Last: { seconds: 3, visits: 1 } };
      const found = end(mapFlow, times, mapAt(items, spent));
      assert.ok(found !== undefined && Math.abs(found - (whole - spent + 3)) < 0.01, `${found}`);
    }),
  );
});

test('one that nothing is known of tells by its own items, once some have ended', () => {
  fc.assert(
    fc.property(itemsOf, fc.double({ min: 0, max: 1, noNaN: true }), (items, part) => {
      const whole = Math.ceil(items.total / items.atOnce) * items.each;
      const place = mapAt(items, Math.floor(part * (whole - 1)));
      const found = end(mapFlow, {}, place);
      const ended = place.wait?.kind === 'branches' ? place.wait.ended : 0;
      if (ended === 0) assert.equal(found, undefined);
      // It is off by the round that goes on, and by one that is not full.
      else assert.ok(found !== undefined && found >= 0 && found <= 3 * whole, `${found} ${whole}`);
    }),
  );
});
