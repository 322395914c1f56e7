import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import type { FlowDefinition } from './definition.ts';
import { explainFlow } from './explain-flow.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEvent, FlowProgress } from './flow-progress.ts';
import { writeResultPath } from './result-path.ts';
import type { Json, JsonObject } from '../json.ts';

const startAt = '2026-11-21T12:00:00.000Z';
const nowAt = (minutes: number): string =>
  new Date(Date.parse(startAt) + minutes * 60_000).toISOString();

const names = ['A', 'B', 'C', 'D', 'Is it?'];
const name = fc.constantFrom(...names);
const path = fc.constantFrom('$', '$.n', '$.list[0]', '$.out', '$.out.details.n', '$._context.id');
const written = fc.constantFrom('$', '$.out', '$.n', '$.n.deep', '$.list[1]');
const expression = fc.constantFrom('n + 1', 'len(list)', '[x for x in list]', 'out.details', '1 +');
const parameters = fc.dictionary(
  fc.constantFrom('a', 'b.$', 'c.=', '__Private_Parameters'),
  fc.oneof(path, expression, fc.constant(['a']), fc.jsonValue()),
);
const transition = fc.oneof(
  name.map((Next) => ({ Next })),
  fc.constant({ End: true }),
);
const rule = fc.record({
  Variable: path,
  Next: name,
  NumericLessThan: fc.integer({ min: 0, max: 5 }),
});
const body = fc.oneof(
  fc.record({ Type: fc.constant('Pass') }, { requiredKeys: [] }),
  fc.record(
    { Type: fc.constant('Pass'), Parameters: parameters, ResultPath: written },
    { requiredKeys: ['Type'] },
  ),
  fc.record(
    {
      Type: fc.constant('Action'),
      ActionUrl: fc.constant('interpulse:compute'),
      Parameters: parameters,
      ResultPath: written,
      WaitTime: fc.integer({ min: 1, max: 600 }),
      ExceptionOnActionFailure: fc.boolean(),
      Catch: fc.array(
        fc.record({ ErrorEquals: fc.constant(['States.ALL']), Next: name, ResultPath: written }),
        { maxLength: 1 },
      ),
      Retry: fc.constant([{ ErrorEquals: ['ActionTimeout'], MaxAttempts: 1 }]),
    },
    { requiredKeys: ['Type', 'ActionUrl', 'ResultPath'] },
  ),
  fc.record({ Type: fc.constant('ExpressionEval'), Parameters: parameters, ResultPath: written }),
  fc.record({ Type: fc.constant('Wait'), Seconds: fc.integer({ min: 0, max: 90 }) }),
);
const state = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(body, transition).map(([one, other]) => ({ ...one, ...other })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ Type: fc.constant('Choice'), Choices: fc.tuple(rule), Default: name }),
  },
  { weight: 1, arbitrary: fc.constant({ Type: 'Fail', CausePath: '$.out.Cause' }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const anyDefinition = fc.record({ StartAt: name, States: fc.dictionary(name, state) });

/** Definitions that are accepted, whatever their states do. */
const definition = fc
  .array(state, { minLength: 5, maxLength: 5 })
  .map((states) => repaired(states))
  .filter((parsed) => parsed !== null);

/** Replaces states at fault until the rest is accepted. */
function repaired(states: unknown[]): FlowDefinition | null {
  const json: Record<string, unknown> = Object.fromEntries(
    names.map((key, index) => [key, states[index]]),
  );
  for (let round = 0; round < 20; round += 1) {
    const parsed = parseDefinition({ StartAt: 'A', States: json });
    if ('definition' in parsed) return parsed.definition;
    for (const { loc, type } of parsed.faults) {
      const at = String(loc[1] ?? 'A');
      if (type === 'unreachable_state' || type === 'unknown_state') {
        if (type === 'unreachable_state') delete json[at];
        else json[at] = { Type: 'Pass', End: true };
      } else json[at] = { Type: 'Pass', End: true };
    }
    json['A'] ??= { Type: 'Pass', End: true };
  }
  return null;
}

const input: JsonObject = { n: 0, list: [1, 2], out: { details: { n: 3 } } };
const started: FlowEvent = { kind: 'started', input, context: { id: 'x' } };

/** What the world says to what the run waits for; `answer` decides how it goes. */
function answerTo(run: FlowProgress, answer: number): FlowEvent | null {
  const [branch] = run.branches;
  if (branch === undefined) return null;
  const { step, wait } = branch;
  if (wait?.kind !== 'action' || answer % 5 === 0) return { kind: 'timerFired', step };
  if (answer % 5 === 1) return { kind: 'actionUnableToRun', step, reason: 'down' };
  const status = answer % 5 === 2 ? 'FAILED' : 'SUCCEEDED';
  return { kind: 'actionEnded', step, statusDocument: { status, details: { n: answer } } };
}

test('definitions of any shape are refused with faults or accepted, never thrown at', () => {
  fc.assert(
    fc.property(fc.oneof(anyDefinition, fc.jsonValue()), (json) => {
      const parsed = parseDefinition(json);
      if ('faults' in parsed) assert.ok(parsed.faults.length > 0);
    }),
    { numRuns: 300 },
  );
});

test('every accepted definition runs to an end, or waits for something it can name', () => {
  const ends = new Map<string, number>();
  fc.assert(
    fc.property(definition, fc.array(fc.nat(99), { maxLength: 6 }), (flow, answers) => {
      let run = newFlowProgress();
      for (const [index, event] of [started, ...answers].entries()) {
        const next = typeof event === 'number' ? answerTo(run, event) : event;
        if (next === null) break;
        const result = advanceFlow(flow, run, next, nowAt(index * 11));
        assert.ok('run' in result, JSON.stringify(result));
        run = result.run;
      }
      ends.set(run.status, (ends.get(run.status) ?? 0) + 1);
      const over = run.endedAt !== null;
      assert.equal(run.branches.length === 0, over);
      assert.equal(explainFlow(run).waits.length === 0, over);
      assert.equal(run.failure !== null, run.status === 'FAILED');
      assert.deepEqual(JSON.parse(JSON.stringify(run)), run);
    }),
    // A fixed seed, since the counts below would now and then fall short by chance.
    { numRuns: 250, seed: 7 },
  );
  for (const status of ['SUCCEEDED', 'FAILED', 'ACTIVE']) {
    assert.ok((ends.get(status) ?? 0) > 2, `${status} was seen: ${JSON.stringify([...ends])}`);
  }
});

test('doubled, late, early and stray words change nothing, wherever they come', () => {
  const noise = fc.array(fc.array(fc.nat(1000), { maxLength: 4 }), {
    minLength: 40,
    maxLength: 40,
  });
  fc.assert(
    fc.property(
      definition,
      fc.array(fc.nat(99), { maxLength: 30 }),
      noise,
      (flow, answers, strays) => {
        let run = newFlowProgress();
        const past: FlowEvent[] = [];
        for (const [index, answer] of [0, ...answers].entries()) {
          const event = index === 0 ? started : answerTo(run, answer);
          if (event === null) break;
          const at = nowAt(index * 11);
          const result = advanceFlow(flow, run, event, at);
          assert.ok('run' in result);
          run = result.run;
          past.push(event);
          for (const stray of strays[index] ?? []) {
            const word = strayWord(past, run, stray);
            const refused = advanceFlow(flow, run, word, at);
            assert.ok('refusal' in refused, `${JSON.stringify(word)} was taken`);
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});

function strayWord(past: FlowEvent[], run: FlowProgress, stray: number): FlowEvent {
  const [branch] = run.branches;
  const early = branch?.wait?.kind === 'action' || branch?.wait?.kind === 'timer';
  if (stray % 4 === 0 && early) return { kind: 'timerFired', step: branch.step };
  if (stray % 4 === 1) return { kind: 'timerFired', step: run.stepSequence + 1 + stray };
  if (stray % 4 === 2) {
    const statusDocument = { status: 'SUCCEEDED', details: {} };
    return { kind: 'actionEnded', step: run.stepSequence + 1, statusDocument };
  }
  return past[stray % past.length] ?? started;
}

test('the state document can be rebuilt from the log', () => {
  fc.assert(
    fc.property(definition, fc.array(fc.nat(99), { maxLength: 10 }), (flow, answers) => {
      let run = newFlowProgress();
      let rebuilt: JsonObject = {};
      for (const [index, answer] of [0, ...answers].entries()) {
        const event = index === 0 ? started : answerTo(run, answer);
        if (event === null) break;
        const result = advanceFlow(flow, run, event, nowAt(index * 11));
        assert.ok('run' in result);
        run = result.run;
        for (const { details, code } of result.log) {
          if (code === 'FlowStarted') rebuilt = details['input'] as JsonObject;
          const { result_path: where, output } = details as Record<string, Json | undefined>;
          if (typeof where !== 'string' || output === undefined) continue;
          rebuilt = writeResultPath(rebuilt, where, output);
        }
      }
      // Private values are not told.
      if (run.privatePaths.length === 0) assert.deepEqual(rebuilt, run.data);
    }),
    { numRuns: 150 },
  );
});
