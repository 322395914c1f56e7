import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluateTrigger, hasMapping, type TriggerRules } from './evaluate-trigger.ts';
import { rehearseTrigger, type Rehearsal } from './rehearse-trigger.ts';
import { roomAt } from './rate-room.ts';
import { sourceMatches } from './source-matches.ts';
import { sourceSubject } from './source-subject.ts';
import type { TriggerEvent } from './trigger-event.ts';
import { triggerSourceSchema } from './trigger-source.ts';

const at = '2026-11-21T12:00:00.000Z';
const rules: TriggerRules = {
  input: {},
  label: null,
  when: null,
  dedupKey: null,
  deadline: 'nextShot',
};

const eventOf = (fields: Partial<TriggerEvent> = {}): TriggerEvent => ({
  kind: 'file',
  subject: 'tokamak',
  at,
  key: 'dataset_1',
  summary: '/a.h5',
  document: { kind: 'file', path: '/a.h5', name: 'a.h5', n: 3, due: 1_795_262_400 },
  basics: { file: 'raw:/a.h5' },
  label: 'a.h5',
  instrument: { name: 'tokamak', periodSeconds: 60, nextShotAt: null, lastShotNumber: null },
  shotNumber: null,
  datasetId: null,
  depth: 0,
  ...fields,
});

describe('what a trigger makes of an event', () => {
  test('without a mapping constants stand beside what the event gives', () => {
    const verdict = evaluateTrigger({ ...rules, input: { level: 1, file: 'mine' } }, eventOf());
    assert.deepEqual(verdict, {
      kind: 'start',
      followsShotClock: true,
      key: 'dataset_1',
      input: { input: { level: 1, file: 'raw:/a.h5' } },
      label: 'a.h5',
      deadlineAt: '2026-11-21T12:01:00.000Z',
    });
    assert.ok(hasMapping({ a: [{ 'b.=': '1' }] }));
    assert.ok(!hasMapping({ 'a.b': [{ c: '$.x' }] }));
  });

  test('deadlines: the clock, seconds, none, an instant in the event', () => {
    const due = (deadline: TriggerRules['deadline'], event = eventOf()) => {
      const verdict = evaluateTrigger({ ...rules, deadline }, event);
      return verdict.kind === 'start' ? verdict.deadlineAt : verdict.reason;
    };
    const instrument = {
      name: 'tokamak',
      periodSeconds: 60,
      nextShotAt: '2026-11-21T12:00:50.000Z',
      lastShotNumber: 7,
    };
    assert.equal(due('none'), null);
    assert.equal(due(2.5), '2026-11-21T12:00:02.500Z');
    assert.equal(due('nextShot', eventOf({ instrument, shotNumber: 7 })), instrument.nextShotAt);
    // The clock is at another shot already: the period counts from the event on.
    const late = due('nextShot', eventOf({ instrument, shotNumber: 6 }));
    assert.equal(late, '2026-11-21T12:01:00.000Z');
    assert.equal(due('nextShot', eventOf({ instrument: null })), null);
    assert.equal(due({ 'at.=': 'due' }), '2026-11-21T12:00:00.000Z');
    assert.equal(due({ 'at.=': "'2026-11-21T13:00:00+01:00'" }), '2026-11-21T12:00:00.000Z');
    assert.equal(due({ 'at.=': 'None' }), null);
    assert.match(String(due({ 'at.=': 'name' })), /not an instant/);
    assert.match(String(due({ 'at.=': '10 ** 30' })), /deadline/);
  });

  test('an expression that fails is told with its place, and never thrown', () => {
    for (const part of ['label', 'when', 'dedupKey'] as const) {
      const verdict = evaluateTrigger({ ...rules, [part]: 'nothing.here' }, eventOf());
      assert.equal(verdict.kind, 'failed');
      assert.match(verdict.kind === 'failed' ? verdict.reason : '', new RegExp(`its ${part}`));
      assert.equal(verdict.key, 'dataset_1');
    }
    const long = evaluateTrigger({ ...rules, dedupKey: "'x' * 1000" }, eventOf());
    assert.equal(long.kind, 'failed');
  });

  test('each kind is found by its subject and matched by its own tests', () => {
    const source = (value: object) => triggerSourceSchema.parse(value);
    const file = source({ kind: 'file', instrument: 'tokamak', pattern: '/*.h5' });
    assert.equal(sourceSubject(file, 'name', 'demo'), 'file tokamak');
    assert.ok(sourceMatches(file, eventOf()));
    assert.ok(!sourceMatches(file, eventOf({ document: { path: '/b/a.h5' } })));
    assert.ok(!sourceMatches(file, eventOf({ kind: 'run' })));
    const flow = source({ kind: 'flow', flowName: 'xpcs', on: ['FAILED'] });
    assert.equal(sourceSubject(flow, 'name', 'demo'), 'flow demo xpcs');
    const ended = (status: string) => eventOf({ kind: 'flow', document: { flowRun: { status } } });
    assert.ok(sourceMatches(flow, ended('FAILED')));
    assert.ok(!sourceMatches(flow, ended('SUCCEEDED')));
    const set = (value: number, previous: number | null, isNew = false) =>
      eventOf({
        kind: 'parameter',
        document: { parameter: { name: 'p', value, previous, isNew } },
      });
    const changes = source({ kind: 'parameter', instrument: 'tokamak', name: 'p', changes: true });
    assert.deepEqual(
      [set(1, null, true), set(1, 1), set(2, 1)].map((event) => sourceMatches(changes, event)),
      [true, false, true],
    );
    const where = [{ path: 'tags', contains: 'x' }, { path: 'sample.there' }];
    const dataset = source({ kind: 'dataset', where });
    const registered = (metadata: object) =>
      eventOf({ kind: 'dataset', document: { dataset: { metadata: metadata as never } } });
    assert.ok(sourceMatches(dataset, registered({ tags: ['x'], sample: { there: null } })));
    assert.ok(!sourceMatches(dataset, registered({ tags: 5, sample: { there: 1 } })));
    assert.ok(!sourceMatches(dataset, registered({ tags: ['x'], sample: {} })));
    assert.ok(!sourceMatches(dataset, registered({ tags: ['x'], constructor: 1 })));
  });
});

describe('rate limits', () => {
  test('room comes back after the period; a clock set back closes it no longer', () => {
    assert.equal(roomAt({ perSeconds: 10 }, null, at), null);
    assert.equal(roomAt({ perSeconds: 10 }, '2026-11-21T11:59:50.000Z', at), null);
    const soon = '2026-11-21T12:00:05.000Z';
    assert.equal(roomAt({ perSeconds: 10 }, '2026-11-21T11:59:55.000Z', at), soon);
    const latest = '2026-11-21T12:00:10.000Z';
    assert.equal(roomAt({ perSeconds: 10 }, '2030-01-01T00:00:00.000Z', at), latest);
  });

  test('are rehearsed as they are held', () => {
    const second = (number: number): string => `2026-11-21T12:00:${10 + number}.000Z`;
    const events = [0, 1, 2, 3, 20].map((number) =>
      eventOf({ at: second(number), key: `k${number}`, summary: `${number}` }),
    );
    const outcomes = (beyond: 'drop' | 'queue' | 'latest'): string[] => {
      const trigger: Rehearsal = {
        ...rules,
        source: { kind: 'file', instrument: 'tokamak', pattern: '/**' },
        rateLimit: { most: 1, perSeconds: 10, beyond },
        inputSchema: {},
      };
      return rehearseTrigger(trigger, events).map(({ outcome }) => outcome);
    };
    assert.deepEqual(outcomes('drop'), ['fired', 'limited', 'limited', 'limited', 'fired']);
    assert.deepEqual(outcomes('latest'), ['fired', 'superseded', 'superseded', 'queued', 'fired']);
    assert.deepEqual(outcomes('queue'), ['fired', 'queued', 'queued', 'queued', 'queued']);
  });

  test('of events with one key the first that counts fires', () => {
    const trigger: Rehearsal = {
      ...rules,
      source: { kind: 'file', instrument: 'tokamak', pattern: '/**' },
      rateLimit: null,
      when: 'n >= 3',
      dedupKey: 'name',
      inputSchema: {},
    };
    const events = [1, 2, 3, 4].map((n) => eventOf({ document: { path: '/a', name: 'a', n } }));
    const told = rehearseTrigger(trigger, events).map(({ outcome }) => outcome);
    assert.deepEqual(told, ['filtered', 'filtered', 'fired', 'duplicate']);
  });

  test('a rehearsal tells duplicates, and inputs that the flow refuses', () => {
    const trigger: Rehearsal = {
      ...rules,
      source: { kind: 'file', instrument: 'tokamak', pattern: '/**' },
      rateLimit: null,
      dedupKey: 'name',
      input: { 'n.$': '$.n' },
      inputSchema: { properties: { n: { maximum: 3 } } },
    };
    const four = eventOf({ document: { path: '/b', name: 'b', n: 4 } });
    const told = rehearseTrigger(trigger, [eventOf(), eventOf(), four]);
    assert.deepEqual(
      told.map(({ outcome, wouldFire }) => [outcome, wouldFire]),
      [
        ['fired', true],
        ['duplicate', false],
        ['failed', false],
      ],
    );
    assert.match(told[2]?.reason ?? '', /refuses its input at n/);
  });
});
