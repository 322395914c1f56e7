import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../json.ts';
import { advanceFlowBy } from './advance-flow.ts';
import { BranchesMissing } from './branches-missing.ts';
import { parseDefinition } from './definition.ts';
import type { FlowDefinition } from './definition.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEvent, FlowProgress } from './flow-progress.ts';
import { FlowView, newFlowCore } from './flow-view.ts';
import type { BranchRow } from './flow-view.ts';

const startAt = '2026-11-21T12:00:00.000Z';
const nowAt = (minutes: number): string =>
  new Date(Date.parse(startAt) + minutes * 60_000).toISOString();

type Shape =
  | 'action'
  /** Fails once and is tried again. */
  | 'flaky'
  /** Fails for good, and is caught. */
  | 'broken'
  | 'wait'
  | { parallel: Shape[][]; doomed: boolean }
  /** Its branches race; the last of them fails only in time. */
  | { race: Shape[][] }
  | { map: Shape[]; most: number };

const { shapes } = fc.letrec<{ shapes: Shape[]; shape: Shape }>((tie) => ({
  shapes: fc.array(tie('shape'), { minLength: 1, maxLength: 2 }),
  shape: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('action' as const, 'flaky' as const, 'broken' as const, 'wait' as const),
    fc.record({
      parallel: fc.array(tie('shapes'), { minLength: 1, maxLength: 3 }),
      doomed: fc.boolean(),
    }),
    fc.record({ map: tie('shapes'), most: fc.integer({ min: 0, max: 2 }) }),
  ),
}));

/** States in a line, with a Pass at its end; each name is used once and says what it does. */
class Builder {
  #count = 0;

  flow(line: readonly Shape[]): JsonObject {
    const states = line.map((shape) => ({ shape, name: this.#name(shape) }));
    const end = this.#name('end');
    const entries = states.map(({ name, shape }, index): [string, JsonObject] => {
      const Next = states[index + 1]?.name ?? end;
      return [name, { ...this.#state(shape, name, Next), Next }];
    });
    const States = Object.fromEntries([...entries, [end, { Type: 'Pass', End: true }]]);
    return { StartAt: states[0]?.name ?? end, States };
  }

  #name(shape: Shape | 'end'): string {
    return `${typeof shape === 'string' ? shape : 'fan'}${(this.#count += 1)}`;
  }

  #state(shape: Shape, name: string, next: string): JsonObject {
    const ResultPath = `$.${name}`;
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: next, ResultPath: `$.e${name}` }];
    if (shape === 'wait') return { Type: 'Wait', Seconds: 30 };
    if (typeof shape === 'string') {
      const Retry = [{ ErrorEquals: ['ActionFailedException'], MaxAttempts: 1 }];
      const how = shape === 'action' ? {} : shape === 'flaky' ? { Retry } : { Retry, Catch };
      const Parameters = { 'n.$': '$.n' };
      return { Type: 'Action', ActionUrl: 'interpulse:compute', Parameters, ResultPath, ...how };
    }
    if ('map' in shape) {
      const ItemSelector = { 'n.=': 'n * 10 + _context.Map.Item.Value', 'list.$': '$.list' };
      const ItemProcessor = this.flow(shape.map);
      const items = { ItemsPath: '$.list', MaxConcurrency: shape.most, ItemSelector };
      return { Type: 'Map', ...items, ItemProcessor, ResultPath };
    }
    if ('race' in shape) {
      const Branches = shape.race.map((line) => this.flow(line));
      Branches.push({ StartAt: `${name}F`, States: { [`${name}F`]: failing } });
      return { Type: 'Parallel', CompleteWhen: 'First', Branches, ResultPath, Catch };
    }
    const Branches = shape.parallel.map((line) => this.flow(line));
    if (!shape.doomed) return { Type: 'Parallel', Branches, ResultPath };
    Branches.push({ StartAt: `${name}F`, States: { [`${name}F`]: failing } });
    return { Type: 'Parallel', Branches, ResultPath, Catch };
  }
}

/** It fails only when its time is over, so that what runs beside it is there to be given up. */
const failing: JsonObject = {
  ...{ Type: 'Action', ActionUrl: 'interpulse:compute', WaitTime: 600, ResultPath: '$.never' },
  ...{ InputPath: '$', End: true },
};

function defined(line: readonly Shape[]): FlowDefinition {
  const parsed = parseDefinition(new Builder().flow(line));
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return parsed.definition;
}

const definition = shapes.map(defined);
/** Races of whatever there is; few at once, since each event compares the whole of the run. */
const definitionWithRaces = fc
  .tuple(fc.array(shapes, { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([race, isInMap]) => defined([isInMap ? { map: [{ race }], most: 2 } : { race }]));

/** A flow run as the store has it: texts, of which each turn reads what it needs and no more. */
class Stored {
  core = JSON.stringify(newFlowCore());
  data = '{}';
  readonly rows = new Map<string, string>();

  take(flow: FlowDefinition, events: FlowEvent[], now: string): ReturnType<typeof advanceFlowBy> {
    const view = new FlowView(JSON.parse(this.core), JSON.parse(this.data));
    const steps = events.flatMap((event) => ('step' in event ? [event.step] : []));
    const hit = this.#all().filter(({ step }) => step !== null && steps.includes(step));
    const around = new Set(hit.flatMap(({ step, ancestors }) => [step, ...ancestors]));
    view.add(this.#read(({ step }) => step !== null && around.has(step)));
    for (let misses = 0; ; misses += 1) {
      try {
        const result = advanceFlowBy(flow, view.progress, events, now);
        view.progress = result.run;
        this.#write(view);
        return result;
      } catch (error) {
        if (!(error instanceof BranchesMissing)) throw error;
        assert.ok(misses < 50, 'what is needed was read and is needed still');
        const { need } = error;
        const rows =
          'resultsOf' in need
            ? this.#read(({ parentStep, step }) => step === null && parentStep === need.resultsOf)
            : this.#read(
                ({ step, ancestors }) =>
                  step !== null && (need.inside === null || ancestors.includes(need.inside)),
              );
        view.add(rows);
      }
    }
  }

  /** The whole of it, put together again. */
  whole(): FlowProgress {
    const view = new FlowView(JSON.parse(this.core), JSON.parse(this.data));
    view.add(this.#all());
    return view.progress;
  }

  #all(): BranchRow[] {
    return [...this.rows.values()].map((text) => JSON.parse(text) as BranchRow);
  }

  #read(which: (row: BranchRow) => boolean): BranchRow[] {
    return this.#all().filter(which);
  }

  #write(view: FlowView): void {
    const { closed, rows } = view.changes();
    for (const [key, text] of this.rows) {
      if (closed.includes((JSON.parse(text) as BranchRow).parentStep)) this.rows.delete(key);
    }
    for (const row of rows) {
      const key = `${row.parentStep}:${row.index}`;
      const before = JSON.parse(this.rows.get(key) ?? '{}') as Partial<BranchRow>;
      assert.ok(row.data !== null || before.data, 'a row has its document');
      this.rows.set(key, JSON.stringify({ ...row, data: row.data ?? before.data }));
    }
    this.core = JSON.stringify(view.core());
    this.data = JSON.stringify(view.progress.data);
  }
}

/** A run kept whole and one that is stored in parts, and the world around both. */
class World {
  whole: FlowProgress = newFlowProgress();
  readonly stored = new Stored();
  readonly past: FlowEvent[] = [];
  readonly #attempts = new Map<string, number>();
  minutes = 0;
  readonly flow: FlowDefinition;

  constructor(flow: FlowDefinition) {
    this.flow = flow;
    this.take([{ kind: 'started', input: { n: 1, list: [1, 2, 3] }, context: {} }]);
  }

  /** Takes events in both, which must do and say the same; how many were taken. */
  take(events: FlowEvent[]): number {
    const now = nowAt(this.minutes);
    const whole = advanceFlowBy(this.flow, this.whole, events, now);
    const stored = this.stored.take(this.flow, events, now);
    assert.deepEqual(stored.effects, whole.effects);
    assert.deepEqual(stored.log, whole.log);
    assert.deepEqual(stored.refusals, whole.refusals);
    assert.deepEqual(sorted(this.stored.whole()), sorted(whole.run));
    this.whole = whole.run;
    this.past.push(...events);
    return whole.refusals.filter((refusal) => refusal === null).length;
  }

  /** What may happen next. What an action answers depends on where it is, not on when it ends. */
  get choices(): FlowEvent[] {
    return this.whole.branches.flatMap(({ step, state, path, wait }): FlowEvent[] => {
      if (wait?.kind === 'timer' || wait?.kind === 'retry') return [{ kind: 'timerFired', step }];
      if (wait?.kind !== 'action') return [];
      const place = [...path, state].join('/');
      const fails = state.endsWith('F') || state.startsWith('broken');
      const isLate = state.startsWith('flaky') && this.#attempts.get(place) === undefined;
      const statusDocument = { status: fails || isLate ? 'FAILED' : 'SUCCEEDED', details: {} };
      return [{ kind: 'actionEnded', step, statusDocument }];
    });
  }

  note(event: FlowEvent): void {
    const at = this.whole.branches.find(({ step }) => 'step' in event && event.step === step);
    if (at && event.kind === 'actionEnded') this.#attempts.set([...at.path, at.state].join('/'), 1);
  }
}

/** Rows come in any order; so do branches. */
function sorted({ branches, results, ...run }: FlowProgress): object {
  return {
    ...run,
    branches: branches.toSorted((one, other) => one.step - other.step),
    results: results.toSorted(
      (one, other) => one.parentStep - other.parentStep || one.index - other.index,
    ),
  };
}

/** Lets things happen in the order of `picks`, up to three in one turn; says what comes of it. */
function playOut(flow: FlowDefinition, picks: readonly number[]): FlowProgress {
  const world = new World(flow);
  for (let index = 0; world.whole.endedAt === null; index += 1) {
    const { choices } = world;
    assert.ok(choices.length > 0, 'the run waits for nothing');
    const pick = picks[index] ?? 0;
    const events = Array.from({ length: 1 + (pick % 3) }, (_, more) => {
      return choices[(pick + more) % choices.length];
    });
    const distinct = [...new Set(events)].filter((event) => event !== undefined);
    world.minutes += 1;
    for (const event of distinct) world.note(event);
    assert.ok(world.take(distinct) > 0, JSON.stringify(distinct));
    const old = world.past[pick % world.past.length];
    assert.equal(world.take([...distinct, ...(old ? [old] : [])]), 0, 'late words are refused');
  }
  assert.deepEqual([...world.stored.rows], [], 'nothing is left of its branches');
  return world.whole;
}

const orders = fc.array(fc.nat(1000), { maxLength: 60 });

test('a run stored in parts goes as one that is kept whole, in any order to the same end', () => {
  let fanned = 0;
  fc.assert(
    fc.property(definition, orders, (flow, picks) => {
      const one = playOut(flow, []);
      const other = playOut(flow, picks);
      assert.equal(one.status, 'SUCCEEDED', JSON.stringify(one.failure));
      assert.equal(other.status, 'SUCCEEDED', JSON.stringify(other.failure));
      assert.deepEqual(withoutTimes(other.data), withoutTimes(one.data));
      fanned += one.stepSequence > 10 ? 1 : 0;
    }),
    { numRuns: 60 },
  );
  assert.ok(fanned > 5, `${fanned} of them were large`);
});

test('races too, and each has one winner; who else was under way is given up', () => {
  let races = 0;
  fc.assert(
    fc.property(definitionWithRaces, orders, (flow, picks) => {
      const run = playOut(flow, picks);
      assert.equal(run.status, 'SUCCEEDED', JSON.stringify(run.failure));
      assert.deepEqual(run.counts, { open: 0, waitForPeople: 0, sizeBytes: 0 });
      JSON.stringify(run.data, (_, value: unknown) => {
        if (typeof value !== 'object' || value === null || !('others' in value)) return value;
        const { index, others } = value as unknown as RaceResult;
        const places = [index, ...others.map((other) => other.index)];
        assert.deepEqual(new Set(places), new Set(places.keys()), 'each branch has one place');
        assert.ok(
          others.every(({ status }) => status !== 'SUCCEEDED'),
          JSON.stringify(others),
        );
        races += 1;
        return value;
      });
    }),
    { numRuns: 30 },
  );
  assert.ok(races > 10, `there were ${races} races`);
});

interface RaceResult {
  index: number;
  others: { index: number; status: string }[];
}

test('canceled at any moment, in parts as in whole', () => {
  fc.assert(
    fc.property(definitionWithRaces, orders, (flow, picks) => {
      const world = new World(flow);
      for (const pick of picks.slice(0, 8)) {
        const event = world.choices[pick % Math.max(1, world.choices.length)];
        if (event !== undefined) world.take([event]);
      }
      if (world.whole.endedAt !== null) return;
      world.take([{ kind: 'canceled', by: 'Ada', reason: '' }]);
      assert.equal(world.whole.status, 'ENDED');
      assert.deepEqual([...world.stored.rows], []);
    }),
    { numRuns: 60 },
  );
});

/** A Catcher's document tells which branch failed first, which may differ; and nothing else. */
function withoutTimes(data: JsonObject): unknown {
  return JSON.parse(JSON.stringify(data, (key, value) => (key === 'Cause' ? '' : value)));
}
