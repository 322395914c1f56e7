import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import type { FlowDefinition } from './definition.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEffect, FlowEvent, FlowProgress } from './flow-progress.ts';
import type { JsonObject } from '../json.ts';

const startAt = '2026-11-21T12:00:00.000Z';
const nowAt = (minutes: number): string =>
  new Date(Date.parse(startAt) + minutes * 60_000).toISOString();

type State = Record<string, unknown>;
type Shape =
  | 'action'
  | 'wait'
  | 'choice'
  | { parallel: Shape[][] }
  | { race: Shape[][] }
  | { map: Shape[]; most: number };

const { shapes } = fc.letrec<{ shapes: Shape[]; shape: Shape }>((tie) => ({
  shapes: fc.array(tie('shape'), { minLength: 1, maxLength: 2 }),
  shape: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constant('action' as const),
    fc.constant('wait' as const),
    fc.constant('choice' as const),
    fc.record({ parallel: fc.array(tie('shapes'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ map: tie('shapes'), most: fc.integer({ min: 0, max: 2 }) }),
  ),
}));

/** A straight line of states of the given shapes; every name is used once in the whole. */
class Builder {
  #count = 0;

  flow(line: readonly Shape[]): { StartAt: string; States: Record<string, State> } {
    const states = line.map((shape) => ({ name: `S${(this.#count += 1)}`, shape }));
    const built = states.map(({ name, shape }, index): [string, State] => {
      const next = states[index + 1]?.name;
      const go = next === undefined ? { End: true } : { Next: next };
      return [name, { ...this.#state(shape, name), ...go }];
    });
    return { StartAt: states[0]?.name ?? '', States: Object.fromEntries(built) };
  }

  #state(shape: Shape, name: string): State {
    const ResultPath = `$.${name}`;
    if (shape === 'action') {
      const Parameters = { 'n.$': '$.n' };
      const provider = { ActionUrl: 'interpulse:compute', WaitTime: 30 * 24 * 3600 };
      return { Type: 'Action', ...provider, Parameters, ResultPath };
    }
    if (shape === 'wait') return { Type: 'Wait', Seconds: 30 };
    if (shape === 'choice') {
      return { Type: 'ExpressionEval', Parameters: { 'n.=': 'n * 2' }, ResultPath };
    }
    if ('parallel' in shape || 'race' in shape) {
      const lines = 'race' in shape ? shape.race : shape.parallel;
      return {
        Type: 'Parallel',
        ...('race' in shape ? { CompleteWhen: 'First' } : {}),
        Branches: lines.map((line) => this.flow(line)),
        ResultPath,
      };
    }
    return {
      Type: 'Map',
      ItemsPath: '$.list',
      ItemSelector: { 'n.=': 'n * 10 + _context.Map.Item.Value', 'list.$': '$.list' },
      ItemProcessor: this.flow(shape.map),
      MaxConcurrency: shape.most,
      ResultPath,
    };
  }
}

function defined(line: readonly Shape[]): FlowDefinition {
  const parsed = parseDefinition(new Builder().flow(line));
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return parsed.definition;
}

const definition = shapes.map(defined);
/** With a race somewhere; which branch wins it is a matter of order. */
const definitionWithRace = fc
  .tuple(shapes, fc.array(shapes, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([line, race, isInMap]) =>
    defined([...line, isInMap ? { map: [{ race }], most: 2 } : { race }]),
  );

const started: FlowEvent = { kind: 'started', input: { n: 1, list: [1, 2, 3] }, context: {} };

/** The world around a flow run: the actions that run, and what they will answer. */
class World {
  run = newFlowProgress();
  readonly running = new Map<number, JsonObject>();
  readonly past: FlowEvent[] = [];
  minutes = 0;
  readonly definition: FlowDefinition;

  constructor(flow: FlowDefinition) {
    this.definition = flow;
    this.take(started);
  }

  take(event: FlowEvent): boolean {
    const result = advanceFlow(this.definition, this.run, event, nowAt(this.minutes));
    if ('refusal' in result) return false;
    // A hub that dies and comes back knows what was written, and no more.
    this.run = JSON.parse(JSON.stringify(result.run)) as FlowProgress;
    this.past.push(event);
    if ('step' in event && event.kind !== 'timerFired') this.running.delete(event.step);
    for (const effect of result.effects) this.#carryOut(effect);
    return true;
  }

  #carryOut(effect: FlowEffect): void {
    if (effect.kind === 'startAction') this.running.set(effect.step, effect.input as JsonObject);
    if (effect.kind === 'cancelAction') {
      assert.ok(
        this.running.delete(effect.step),
        `step ${effect.step} is canceled, but not running`,
      );
    }
  }

  /** What may happen next. */
  get choices(): FlowEvent[] {
    return this.run.branches.flatMap(({ step, wait }): FlowEvent[] => {
      if (wait?.kind === 'timer') return [{ kind: 'timerFired', step }];
      const input = this.running.get(step);
      if (input === undefined) return [];
      // The answer depends on the input only, not on when it is asked.
      const statusDocument = { status: 'SUCCEEDED', details: { n: Number(input['n']) + 1 } };
      return [{ kind: 'actionEnded', step, statusDocument }];
    });
  }

  /** Each branch waits for something, and no action runs that no branch waits for. */
  check(): void {
    const waiting = this.run.branches.filter(({ wait }) => wait?.kind === 'action');
    assert.deepEqual(
      waiting.map(({ step }) => step).toSorted((one, other) => one - other),
      [...this.running.keys()].toSorted((one, other) => one - other),
    );
    assert.ok(this.run.branches.every(({ wait }) => wait !== null));
    for (const { wait } of this.run.branches) {
      if (wait?.kind === 'branches') assert.ok(wait.started - wait.ended <= wait.mostAtOnce);
    }
  }
}

/** Lets things happen in the order that `picks` says, the first possible one when they run out. */
function playOut(world: World, picks: readonly number[]): void {
  for (let index = 0; world.run.endedAt === null; index += 1) {
    const { choices } = world;
    assert.ok(choices.length > 0, 'the run waits for nothing');
    const pick = choices[(picks[index] ?? 0) % choices.length];
    assert.ok(pick);
    world.minutes += 1;
    assert.ok(world.take(pick), JSON.stringify(pick));
    assert.ok(!world.take(pick), 'a word that comes twice is refused');
    const old = world.past[(picks[index] ?? 0) % world.past.length];
    assert.ok(old && !world.take(old), 'an old word is refused');
    world.check();
  }
}

test('in whatever order things end, the final state is that of the sequential run', () => {
  const orders = fc.array(fc.nat(1000), { maxLength: 60 });
  fc.assert(
    fc.property(definition, orders, (flow, picks) => {
      const sequential = new World(flow);
      playOut(sequential, []);
      assert.equal(sequential.run.status, 'SUCCEEDED', JSON.stringify(sequential.run.failure));
      const other = new World(flow);
      playOut(other, picks);
      assert.deepEqual(other.run.data, sequential.run.data);
      assert.deepEqual(other.run.visits, sequential.run.visits);
    }),
    { numRuns: 60 },
  );
});

test('whoever wins a race, it ends once, and nothing of the others is left running', () => {
  const orders = fc.array(fc.nat(1000), { maxLength: 60 });
  fc.assert(
    fc.property(definitionWithRace, orders, (flow, picks) => {
      const world = new World(flow);
      playOut(world, picks);
      assert.equal(world.run.status, 'SUCCEEDED', JSON.stringify(world.run.failure));
      assert.deepEqual([...world.running.keys()], []);
      assert.deepEqual(world.run.branches, []);
    }),
    { numRuns: 60 },
  );
});

test('canceled or failed at any moment, nothing is left running', () => {
  fc.assert(
    fc.property(
      fc.oneof(definition, definitionWithRace),
      fc.array(fc.nat(1000), { maxLength: 25 }),
      fc.nat(2),
      (flow, picks, how) => {
        const world = new World(flow);
        for (const pick of picks) {
          const { choices } = world;
          const event = choices[pick % Math.max(1, choices.length)];
          if (event === undefined) break;
          world.minutes += 1;
          world.take(event);
          world.check();
        }
        if (world.run.endedAt !== null) return;
        const [step] = world.running.keys();
        if (how === 0 || step === undefined)
          world.take({ kind: 'canceled', by: 'Ada', reason: '' });
        else if (how === 1) world.take({ kind: 'actionUnableToRun', step, reason: 'down' });
        else {
          world.minutes += 60 * 24 * 31;
          world.take({ kind: 'timerFired', step });
        }
        world.check();
        // A branch of a race may fail while another runs.
        if (world.run.endedAt === null) world.take({ kind: 'canceled', by: 'Ada', reason: '' });
        assert.notEqual(world.run.endedAt, null);
        assert.deepEqual([...world.running.keys()], []);
        assert.deepEqual(world.run.branches, []);
      },
    ),
    { numRuns: 100 },
  );
});
