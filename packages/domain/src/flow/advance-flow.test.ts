import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import type { FlowDefinition } from './definition.ts';
import { explainFlow } from './explain-flow.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEffect, FlowEvent, FlowLogLine, FlowProgress } from './flow-progress.ts';
import type { JsonObject } from '../json.ts';

const startAt = '2026-11-21T12:00:00.000Z';

function define(States: Record<string, unknown>, StartAt = 'A'): FlowDefinition {
  const parsed = parseDefinition({ StartAt, States });
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return parsed.definition;
}

/** A flow run under test: what it has done so far, and a clock that is set by hand. */
class Rehearsal {
  readonly definition: FlowDefinition;
  run: FlowProgress = newFlowProgress();
  effects: FlowEffect[] = [];
  log: FlowLogLine[] = [];
  now = startAt;

  constructor(definition: FlowDefinition, input: JsonObject = {}) {
    this.definition = definition;
    this.take({ kind: 'started', input, context: { run_id: 'flowrun_1' } });
  }

  /** Takes one event; the reason when it is refused, else null. */
  take(event: FlowEvent): string | null {
    const before = structuredClone(this.run);
    const result = advanceFlow(this.definition, this.run, event, this.now);
    assert.deepEqual(this.run, before, 'the progress given is not changed');
    if ('refusal' in result) return result.refusal.reason;
    this.run = structuredClone(result.run);
    this.effects = result.effects;
    this.log.push(...result.log);
    return null;
  }

  at(seconds: number): this {
    this.now = new Date(Date.parse(startAt) + seconds * 1000).toISOString();
    return this;
  }

  succeed(step: number, details: JsonObject = {}): string | null {
    return this.take({
      kind: 'actionEnded',
      step,
      statusDocument: { status: 'SUCCEEDED', details },
    });
  }

  fail(step: number, details: JsonObject = {}): string | null {
    return this.take({ kind: 'actionEnded', step, statusDocument: { status: 'FAILED', details } });
  }

  get codes(): string[] {
    return this.log.map(({ code }) => code);
  }
}

const action = { Type: 'Action', ActionUrl: 'interpulse:compute', WaitTime: 60 };
const done = { Type: 'Pass', End: true };

test('a straight line of actions: effects, results, log', () => {
  const flow = new Rehearsal(
    define({
      A: { ...action, Parameters: { 'n.$': '$.n' }, ResultPath: '$.A', Next: 'B' },
      B: { ...action, InputPath: '$.A.details', RunAs: 'Flow', ResultPath: '$.B', End: true },
    }),
    { n: 1 },
  );
  assert.deepEqual(flow.effects, [
    {
      kind: 'startAction',
      step: 1,
      state: 'A',
      provider: 'interpulse:compute',
      scope: null,
      input: { n: 1 },
      runAs: 'User',
      waitTimeSeconds: 60,
      privatePaths: [],
    },
    { kind: 'setTimer', step: 1, dueAt: '2026-11-21T12:01:00.000Z' },
  ]);
  flow.at(10);
  assert.equal(flow.succeed(1, { x: 2 }), null);
  const [second] = flow.effects;
  assert.ok(second?.kind === 'startAction');
  assert.deepEqual([second.step, second.input, second.runAs], [2, { x: 2 }, 'Flow']);
  assert.equal(flow.succeed(2), null);
  assert.deepEqual(flow.effects, [{ kind: 'finishRun', status: 'SUCCEEDED', failure: null }]);
  assert.deepEqual(flow.run.data, {
    n: 1,
    A: { status: 'SUCCEEDED', details: { x: 2 }, state_name: 'A' },
    B: { status: 'SUCCEEDED', details: {}, state_name: 'B' },
  });
  assert.deepEqual(flow.codes, [
    'FlowStarted',
    'ActionStarted',
    'ActionCompleted',
    'ActionStarted',
    'ActionCompleted',
    'FlowSucceeded',
  ]);
  assert.deepEqual(flow.log[2]?.details, {
    state_name: 'A',
    state_type: 'Action',
    result_path: '$.A',
    output: { status: 'SUCCEEDED', details: { x: 2 }, state_name: 'A' },
  });
  assert.equal(explainFlow(flow.run).sentence, 'The flow run succeeded.');
});

test('without ResultPath the state is replaced, and a reader of a lost key says so', () => {
  const flow = new Rehearsal(
    define({
      A: { ...action, Parameters: {}, Next: 'B' },
      B: { ...action, Parameters: { 'n.$': '$.n' }, End: true },
    }),
    { n: 1 },
  );
  flow.succeed(1);
  assert.equal(flow.run.status, 'FAILED');
  assert.match(flow.run.failure?.cause ?? '', /\$\.n leads nowhere.*has status, details/);
  assert.deepEqual(flow.codes.slice(-3), ['ActionStarted', 'ActionFailed', 'FlowFailed']);
  assert.match(explainFlow(flow.run).sentence, /^Failed in B: .* \(Flows.ParametersError\)$/);
});

test('the state itself is the input when neither Parameters nor InputPath is given', () => {
  const flow = new Rehearsal(define({ A: { ...action, End: true } }), { n: 1 });
  const [start] = flow.effects;
  assert.ok(start?.kind === 'startAction');
  assert.deepEqual(start.input, { n: 1 });
});

test('Handler and ActionUrl give the same request', () => {
  const { ActionUrl: _, ...rest } = action;
  const Url = 'https://example.org/a';
  const Handler = { Type: 'ActionProvider', Url };
  const one = new Rehearsal(define({ A: { ...rest, ActionUrl: Url, End: true } }));
  const other = new Rehearsal(define({ A: { ...rest, Handler, End: true } }));
  assert.deepEqual(one.effects, other.effects);
});

test('failures, refusals and timeouts are caught by name, with their documents', () => {
  const States = {
    A: {
      ...action,
      Catch: ['ActionFailedException', 'ActionUnableToRun', 'ActionTimeout'].map((name) => ({
        ErrorEquals: [name],
        ResultPath: '$.problem',
        Next: name,
      })),
      ResultPath: '$.A',
      End: true,
    },
    ActionFailedException: { Type: 'Fail', Error: 'Bad', CausePath: '$.problem.Cause' },
    ActionUnableToRun: done,
    ActionTimeout: done,
  };
  const failed = new Rehearsal(define(States));
  failed.fail(1, { cause: 'disk full' });
  assert.deepEqual(failed.run.failure, {
    error: 'Bad',
    cause: 'disk full',
    state: 'ActionFailedException',
    step: 2,
  });
  assert.deepEqual(failed.codes.slice(2), [
    'ActionFailed',
    'ActionCaught',
    'FailStarted',
    'FailCompleted',
    'FlowFailed',
  ]);

  const refused = new Rehearsal(define(States));
  refused.take({ kind: 'actionUnableToRun', step: 1, reason: 'no such app' });
  assert.equal(refused.run.status, 'SUCCEEDED');
  assert.deepEqual(refused.run.data['problem'], {
    Error: 'ActionUnableToRun',
    Cause: 'no such app',
    state_name: 'A',
  });

  const late = new Rehearsal(define(States)).at(59);
  assert.equal(late.take({ kind: 'timerFired', step: 1 }), 'early');
  assert.equal(late.at(60).take({ kind: 'timerFired', step: 1 }), null);
  assert.deepEqual(late.effects[0], { kind: 'cancelAction', step: 1 });
  assert.equal(late.run.status, 'SUCCEEDED');
  assert.equal(late.succeed(1), 'ended');
});

test('an uncaught failure ends the run, unless the state takes failure as a result', () => {
  const strict = new Rehearsal(define({ A: { ...action, End: true } }));
  strict.fail(1);
  assert.equal(strict.run.failure?.error, 'ActionFailedException');
  const mild = new Rehearsal(
    define({ A: { ...action, ExceptionOnActionFailure: false, ResultPath: '$.A', End: true } }),
  );
  mild.fail(1);
  assert.equal(mild.run.status, 'SUCCEEDED');
});

test('Retry tries again with growing pauses, then the Catcher has its turn', () => {
  const flow = new Rehearsal(
    define({
      A: {
        ...action,
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 2 }],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.e', Next: 'B' }],
        End: true,
      },
      B: done,
    }),
  );
  flow.fail(1);
  assert.deepEqual(flow.effects, [
    { kind: 'setTimer', step: 1, dueAt: '2026-11-21T12:00:05.000Z' },
  ]);
  assert.match(explainFlow(flow.run).sentence, /attempt 2 starts at 2026-11-21T12:00:05/);
  assert.equal(flow.succeed(1), 'otherStep');
  assert.equal(flow.take({ kind: 'timerFired', step: 1 }), 'early');
  assert.equal(flow.at(5).take({ kind: 'timerFired', step: 1 }), null);
  assert.equal(flow.run.branches[0]?.step, 2);
  flow.fail(2);
  assert.deepEqual(flow.effects, [
    { kind: 'setTimer', step: 2, dueAt: '2026-11-21T12:00:15.000Z' },
  ]);
  flow.at(15).take({ kind: 'timerFired', step: 2 });
  flow.fail(3);
  assert.equal(flow.run.status, 'SUCCEEDED');
  assert.deepEqual(flow.run.visits, { A: 3, B: 1 });
});

test('Wait waits for its timer, takes paths, and an instant in the past passes at once', () => {
  const waits = { W: { Type: 'Wait', SecondsPath: '$.s', Next: 'P' } };
  const past = { P: { Type: 'Wait', TimestampPath: '$.t', End: true } };
  const flow = new Rehearsal(define({ ...waits, ...past }, 'W'), {
    s: 1.5,
    t: '2020-01-01T00:00:00Z',
  });
  assert.deepEqual(flow.effects, [
    { kind: 'setTimer', step: 1, dueAt: '2026-11-21T12:00:01.500Z' },
  ]);
  assert.equal(explainFlow(flow.run).sentence, 'W waits until 2026-11-21T12:00:01.500Z.');
  assert.equal(flow.succeed(1), 'otherStep');
  assert.equal(flow.at(2).take({ kind: 'timerFired', step: 1 }), null);
  assert.equal(flow.run.status, 'SUCCEEDED');
  for (const s of [-1, '1', 1e12, null]) {
    const bad = new Rehearsal(define({ ...waits, ...past }, 'W'), { s, t: '' });
    assert.equal(bad.run.failure?.error, 'Flows.WaitError', JSON.stringify(s));
  }
});

test('Choice goes by its rules, and fails when none holds and there is no Default', () => {
  const States = {
    A: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'B' }] },
    B: done,
  };
  const matched = new Rehearsal(define(States), { n: 1 });
  assert.equal(matched.run.status, 'SUCCEEDED');
  assert.deepEqual(matched.log[2]?.details, {
    state_name: 'A',
    state_type: 'Choice',
    next: 'B',
    rule: 1,
  });
  assert.equal(new Rehearsal(define(States), { n: 2 }).run.failure?.error, 'Flows.ChoiceError');
  const missing = new Rehearsal(define(States), {});
  assert.match(missing.run.failure?.cause ?? '', /\$\.n leads nowhere/);
});

test('Pass reads before it writes, so that it can overwrite what it reads', () => {
  const flow = new Rehearsal(
    define({ A: { ...done, InputPath: '$.r.details.out[0]', ResultPath: '$.r' } }),
    { r: { details: { out: [7] } } },
  );
  assert.deepEqual(flow.run.data, { r: 7 });
  const replaced = new Rehearsal(define({ A: { ...done, InputPath: '$.r' } }), { r: 7 });
  assert.match(replaced.run.failure?.cause ?? '', /must be an object/);
});

test('a loop of 1,000 rounds runs in one call; one without end is stopped', () => {
  const loop = (last: number) => ({
    A: { Type: 'ExpressionEval', Parameters: { 'n.=': 'c.n + 1' }, ResultPath: '$.c', Next: 'B' },
    B: {
      Type: 'Choice',
      Choices: [{ Variable: '$.c.n', NumericEquals: last, Next: 'Done' }],
      Default: 'A',
    },
    Done: { Type: 'Succeed' },
  });
  const flow = new Rehearsal(define(loop(1000)), { c: { n: 0 } });
  assert.equal(flow.run.status, 'SUCCEEDED');
  assert.deepEqual(flow.run.visits, { A: 1000, B: 1000, Done: 1 });
  const endless = new Rehearsal(define(loop(-1)), { c: { n: 0 } });
  assert.equal(endless.run.failure?.error, 'Flows.LimitExceeded');
  assert.match(endless.run.failure?.cause ?? '', /put a Wait in the loop/);
});

test('a state document that grows past its limit ends the run, and no Catcher holds it', () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.e', Next: 'B' }];
  const flow = new Rehearsal(define({ A: { ...action, Catch, End: true }, B: done }));
  flow.succeed(1, { big: 'x'.repeat(5_000_000) });
  assert.equal(flow.run.failure?.error, 'Flows.LimitExceeded');
  assert.match(flow.run.failure?.cause ?? '', /pass locations, not data/);
});

test('an action that needs a person makes the run INACTIVE until it is resumed', () => {
  const flow = new Rehearsal(define({ A: { ...action, End: true } }));
  assert.equal(flow.take({ kind: 'resumed' }), 'invalid');
  flow.take({ kind: 'actionStalled', step: 1, reason: 'consent is needed' });
  assert.equal(flow.run.status, 'INACTIVE');
  assert.deepEqual(flow.effects, []);
  const explained = explainFlow(flow.run);
  assert.match(explained.sentence, /needs a person .*: consent is needed/);
  assert.equal(explained.waits[0]?.kind, 'person');
  flow.take({ kind: 'resumed' });
  assert.deepEqual(
    [flow.run.status, flow.effects],
    ['ACTIVE', [{ kind: 'resumeAction', step: 1 }]],
  );
  flow.succeed(1);
  assert.deepEqual(flow.codes.slice(2), [
    'ActionStalled',
    'FlowResumed',
    'ActionCompleted',
    'FlowSucceeded',
  ]);
});

test('a canceled run cancels its action, ends as ENDED, and hears nothing more', () => {
  const flow = new Rehearsal(define({ A: { ...action, End: true } }));
  flow.take({ kind: 'canceled', by: 'ann', reason: 'wrong sample' });
  assert.deepEqual(flow.effects, [
    { kind: 'cancelAction', step: 1 },
    { kind: 'finishRun', status: 'ENDED', failure: null },
  ]);
  assert.equal(flow.run.status, 'ENDED');
  assert.equal(explainFlow(flow.run).sentence, 'Canceled by ann: wrong sample.');
  assert.equal(flow.succeed(1), 'ended');
  assert.equal(flow.take({ kind: 'canceled', by: 'bob', reason: '' }), 'ended');
});

test('words out of place are refused as values', () => {
  const definition = define({ A: { ...action, End: true } });
  const unborn = advanceFlow(definition, newFlowProgress(), { kind: 'resumed' }, startAt);
  assert.ok('refusal' in unborn && unborn.refusal.reason === 'notStarted');
  assert.equal(explainFlow(newFlowProgress()).sentence, 'The flow run has not started.');
  const flow = new Rehearsal(definition);
  assert.equal(flow.take({ kind: 'started', input: {}, context: {} }), 'alreadyStarted');
  assert.equal(flow.succeed(7), 'otherStep');
  const running = { kind: 'actionEnded', step: 1, statusDocument: { status: 'ACTIVE' } } as const;
  assert.equal(flow.take(running), 'invalid');
  const bad = { kind: 'started', input: { _context: {} }, context: {} } as const;
  const refused = advanceFlow(definition, newFlowProgress(), bad, startAt);
  assert.ok('refusal' in refused && refused.refusal.reason === 'invalid');
});

test('private values reach the action and never the log', () => {
  const flow = new Rehearsal(
    define(
      {
        P: {
          Type: 'Pass',
          Parameters: { 'key.$': '$._private.key', __Private_Parameters: ['key'] },
          ResultPath: '$.login',
          Next: 'A',
        },
        A: {
          ...action,
          Parameters: { 'token.=': "'t-' + login.key" },
          ResultPath: '$.A',
          End: true,
        },
      },
      'P',
    ),
    { _private: { key: 'hunter2' } },
  );
  const [start] = flow.effects;
  assert.ok(start?.kind === 'startAction');
  assert.deepEqual(start.input, { token: 't-hunter2' });
  assert.deepEqual(start.privatePaths, [['token']]);
  assert.deepEqual(flow.run.privatePaths, [
    ['login', 'key'],
    ['login', 'key'],
  ]);
  assert.doesNotMatch(JSON.stringify(flow.log), /hunter2/);
  assert.match(JSON.stringify(flow.log), /"token":"\(private\)"/);
});
