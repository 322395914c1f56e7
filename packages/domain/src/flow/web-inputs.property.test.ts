import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { WebInputId } from '../id.ts';
import { addSeconds } from '../time.ts';
import { settleWebInput } from '../web-input/settle-web-input.ts';
import type { WebInputEnding } from '../web-input/settle-web-input.ts';
import type { WebInputStatus } from '../web-input/web-input.ts';
import type { Question } from '../web-input/question.ts';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import type { FlowDefinition } from './definition.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEffect, FlowEvent, FlowProgress } from './flow-progress.ts';

const startAt = '2026-11-21T12:00:00.000Z';
const expiresAfterSeconds = 10;

/** Two people are asked in branches of their own: one is waited for at once, one after a while. */
const asking = (wait: number) => ({
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'CreateWebInput',
      Parameters: {
        InputType: 'Selection',
        ExpiresAfterSeconds: expiresAfterSeconds,
        Options: [{ Value: 'go' }, { Value: 'stop' }],
      },
      ResultPath: '$.ask',
      Next: 'Rest',
    },
    Rest: { Type: 'Wait', Seconds: wait, Next: 'Answer' },
    Answer: {
      Type: 'AwaitWebInput',
      Parameters: { 'web_input_id.$': '$.ask.web_input_id' },
      ResultPath: '$.answer',
      End: true,
      Catch: [{ ErrorEquals: ['Flows.WebInputExpired'], ResultPath: '$.answer', Next: 'Expired' }],
    },
    Expired: { Type: 'Pass', Result: { late: true }, ResultPath: '$.late', End: true },
  },
});

const names = (flow: ReturnType<typeof asking>, mark: string) =>
  JSON.parse(JSON.stringify(flow).replaceAll(/"(Ask|Rest|Answer|Expired)"/g, `"$1${mark}"`));

const parsed = parseDefinition({
  StartAt: 'Both',
  States: {
    Both: {
      Type: 'Parallel',
      Branches: [names(asking(0), '1'), names(asking(5), '2')],
      ResultPath: '$.both',
      End: true,
    },
  },
});
assert.ok('definition' in parsed, JSON.stringify(parsed));
const { definition } = parsed;

interface Row {
  status: WebInputStatus;
  expiresAt: string;
  question: Question;
  response: unknown;
  waiting: number[];
}

/** A pretend hub: rows of questions beside a flow run, its timers, and everybody's late words. */
class World {
  readonly rows: (Row & { id: WebInputId })[] = [];
  readonly timers = new Map<number, string>();
  readonly told: FlowEvent[] = [];
  run: FlowProgress = newFlowProgress();
  now = startAt;
  readonly #definition: FlowDefinition;

  constructor(flow: FlowDefinition) {
    this.#definition = flow;
    this.tell({ kind: 'started', input: {}, context: {} });
  }

  tell(first: FlowEvent): void {
    const events = [first];
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      this.told.push(event);
      const result = advanceFlow(this.#definition, this.run, event, this.now);
      if ('refusal' in result) continue;
      this.run = result.run;
      for (const effect of result.effects) events.push(...this.#carryOut(effect));
    }
  }

  /** One answer, expiry or closing; whether it counted. */
  end(index: number, ending: WebInputEnding): boolean {
    const row = this.rows[index];
    if (row === undefined) return false;
    const settled = settleWebInput(row, ending, this.now);
    if ('refusal' in settled) return false;
    row.status = settled.end.status;
    row.response = settled.end.response;
    for (const step of row.waiting) this.tell(this.#ended(row, step));
    return true;
  }

  fireTimers(): void {
    for (const [step, dueAt] of this.timers) {
      if (dueAt <= this.now) this.tell({ kind: 'timerFired', step });
    }
  }

  #carryOut(effect: FlowEffect): FlowEvent[] {
    if (effect.kind === 'setTimer') this.timers.set(effect.step, effect.dueAt);
    if (effect.kind === 'createWebInput') {
      const id: WebInputId = `webinput_${String(this.rows.length).padStart(26, '0')}`;
      const { question, expiresAt, step } = effect;
      this.rows.push({ id, status: 'open', expiresAt, question, response: null, waiting: [] });
      return [{ kind: 'webInputCreated', step, webInputId: id }];
    }
    if (effect.kind !== 'awaitWebInput') return [];
    const { step } = effect;
    const row = this.rows.find(({ id }) => id === effect.webInputId);
    assert.ok(row);
    if (row.status !== 'open') return [this.#ended(row, step)];
    row.waiting.push(step);
    const { title } = row.question;
    return [{ kind: 'webInputOpen', step, webInputId: row.id, title, expiresAt: row.expiresAt }];
  }

  #ended({ status, response }: Row, step: number): FlowEvent {
    assert.ok(status !== 'open');
    const document = { response: response as string };
    return { kind: 'webInputEnded', step, status, document };
  }
}

const deeds = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('answer' as const), of: fc.nat(1), go: fc.boolean() }),
    fc.record({ do: fc.constant('expire' as const), of: fc.nat(1) }),
    fc.record({ do: fc.constant('close' as const), of: fc.nat(1) }),
    fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(0, 1, 4, 5, 6, 10) }),
    fc.record({ do: fc.constant('repeat' as const), which: fc.nat(50) }),
  ),
  { maxLength: 30 },
);

test('answers, expiries and closings in any order: one counts, the flow run knows which', () => {
  fc.assert(
    fc.property(deeds, (list) => {
      const world = new World(definition);
      const counted: string[][] = [[], []];
      for (const deed of list) {
        if (deed.do === 'pass') {
          world.now = addSeconds(world.now, deed.seconds);
          world.fireTimers();
        } else if (deed.do === 'repeat') {
          const event = world.told[deed.which % world.told.length];
          const before = world.run;
          if (event !== undefined && event.kind !== 'timerFired') world.tell(event);
          assert.equal(world.run, before, 'what is told twice changes nothing');
        } else if (world.end(deed.of, endingOf(deed))) counted[deed.of]?.push(deed.do);
        const waits = world.rows.some(
          ({ status, waiting }) => status === 'open' && waiting.length > 0,
        );
        assert.equal(world.run.status === 'INACTIVE', waits);
      }
      for (const each of counted) assert.ok(each.length <= 1);
      world.now = addSeconds(startAt, 1000);
      world.fireTimers();
      for (const [index] of world.rows.entries()) world.end(index, { kind: 'expire' });
      assert.equal(world.run.status, 'SUCCEEDED', JSON.stringify(world.run.failure));
      const both = world.run.data['both'] as { answer: { response?: string }; late?: object }[];
      for (const [index, row] of world.rows.entries()) {
        const branch = both[index];
        assert.equal(branch?.late !== undefined, row.status !== 'answered');
        if (row.status === 'answered') assert.equal(branch?.answer.response, row.response);
      }
    }),
    { numRuns: 500 },
  );
});

function endingOf(deed: { do: 'answer' | 'expire' | 'close'; go?: boolean }): WebInputEnding {
  if (deed.do === 'expire') return { kind: 'expire' };
  if (deed.do === 'close') return { kind: 'close', by: 'ada', reason: '' };
  return { kind: 'answer', by: 'ada', response: deed.go === true ? 'go' : 'stop', comment: '' };
}

test('at the instant of its expiry an answer is too late, just before it the expiry early', () => {
  const world = new World(definition);
  const answer: WebInputEnding = { kind: 'answer', by: 'ada', response: 'go', comment: '' };
  world.now = addSeconds(startAt, expiresAfterSeconds - 0.001);
  assert.equal(world.end(0, { kind: 'expire' }), false);
  assert.equal(world.end(0, answer), true);
  world.now = addSeconds(startAt, expiresAfterSeconds);
  assert.equal(world.end(1, answer), false);
  assert.equal(world.end(1, { kind: 'expire' }), true);
  assert.equal(world.end(1, answer), false);
});
