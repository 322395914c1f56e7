import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { advanceFlow } from '@interpulse/domain/flow/advance-flow.ts';
import { parseDefinition, type FlowDefinition } from '@interpulse/domain/flow/definition.ts';
import { explainFlow } from '@interpulse/domain/flow/explain-flow.ts';
import {
  newFlowProgress,
  type FlowEvent,
  type FlowProgress,
} from '@interpulse/domain/flow/flow-progress.ts';
import { checkInputSchema, validateInput } from '@interpulse/domain/flow/validate-input.ts';
import { isJsonObject, type Json, type JsonObject } from '@interpulse/domain/json.ts';
import { matchPath } from '@interpulse/domain/trigger/match-path.ts';
import { nextScheduled, scheduleProblem } from '@interpulse/domain/trigger/schedule.ts';
import { triggerRequestSchema } from '@interpulse/domain/trigger/trigger.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const numRuns = Number(process.env['INTERPULSE_ROUNDS'] ?? 1500);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Definitions that people wrote: what is shipped, and what is shared where it is there. */
const written = globSync([`${root}/flows/**/*.json`, `${root}/../shared/data/flows/**/*.json`])
  .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Json)
  .flatMap((json): Json[] => {
    if (!isJsonObject(json)) return [];
    const definition = json['definition'] ?? json;
    return 'definition' in parseDefinition(definition) ? [definition] : [];
  });

const rubbish: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json),
  fc.constantFrom<Json>(
    '$',
    '$..x',
    '$.a[0].b',
    '$._context.run_id',
    '1 +',
    '"' + '9'.repeat(400),
    'a'.repeat(20_000),
    '('.repeat(500),
    '[x for x in [y for y in list]]',
    "'a' * 1000000",
    'getattr("x.y", 0)',
    '\u0000\ud800💡\u202e',
    '__proto__',
    -0,
    1e308,
    {},
    [],
    null,
  ),
  fc.constant('$.x').map((path): Json => ({ __proto__: path, 'a.$': path, 'a.=': path })),
);

/** One change of one place in a document, chosen by numbers. */
const change = fc.record({
  places: fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 }),
  how: fc.constantFrom('delete', 'replace', 'rename', 'double'),
  by: rubbish,
});

function changed(
  value: Json,
  { places, how, by }: { places: number[]; how: string; by: Json },
): Json {
  const [place = 0, ...deeper] = places;
  if (typeof value !== 'object' || value === null) return how === 'delete' ? value : by;
  const entries = Object.entries(value);
  const at = entries.length === 0 ? -1 : place % entries.length;
  const [key, inner] = entries[at] ?? [undefined, undefined];
  if (key === undefined || inner === undefined) return by;
  if (deeper.length > 0 && typeof inner === 'object' && inner !== null) {
    entries[at] = [key, changed(inner, { places: deeper, how, by })];
  } else if (how === 'delete') entries.splice(at, 1);
  else if (how === 'replace') entries[at] = [key, by];
  else if (how === 'rename') entries[at] = [typeof by === 'string' ? by : `${key}.$`, inner];
  else entries.push([`${key} 2`, inner]);
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

const spoilt = fc
  .tuple(fc.constantFrom(...written), fc.array(change, { minLength: 1, maxLength: 4 }))
  .map(([definition, changes]) => changes.reduce<Json>(changed, definition));

/** What the world says to the first thing that a flow run waits for. */
function answerTo({ branches }: FlowProgress, number: number): FlowEvent | null {
  const branch = branches.find(({ wait }) => wait !== null);
  if (branch === undefined) return null;
  const { step, wait } = branch;
  if (wait?.kind !== 'action' || number % 4 === 0) return { kind: 'timerFired', step };
  if (number % 4 === 1) return { kind: 'actionUnableToRun', step, reason: 'down' };
  const status = number % 4 === 2 ? 'FAILED' : 'SUCCEEDED';
  return { kind: 'actionEnded', step, statusDocument: { status, details: { n: number } } };
}

/** Takes a flow run on until it ends, or for as many turns as there are answers. */
function runThrough(definition: FlowDefinition, input: JsonObject, answers: number[]): void {
  let now = Date.parse('2026-11-21T12:00:00.000Z');
  let run = newFlowProgress();
  let event: FlowEvent | null = { kind: 'started', input, context: { run_id: 'x' } };
  for (const answer of [0, ...answers]) {
    if (event === null) break;
    const result = advanceFlow(definition, run, event, new Date(now).toISOString());
    if ('refusal' in result) break;
    run = result.run;
    assert.ok(explainFlow(run).sentence.length > 0);
    const isWaiting = run.branches.some(({ wait }) => wait !== null);
    assert.ok(run.endedAt !== null || isWaiting, 'it has ended, or waits for something');
    if (run.endedAt !== null) return;
    event = answerTo(run, answer);
    now += 400 * 86_400_000;
  }
}

describe(`rubbish (INTERPULSE_SEED=${seed})`, () => {
  test('there are definitions to spoil', () => assert.ok(written.length > 3));

  test('definitions: refused with the place of each fault, or run to an end or a wait', () => {
    let accepted = 0;
    fc.assert(
      fc.property(spoilt, fc.dictionary(fc.string(), rubbish), fc.array(fc.nat(99)), (...drawn) => {
        const [definition, input, answers] = drawn;
        const parsed = parseDefinition(definition);
        if ('faults' in parsed) {
          assert.ok(parsed.faults.length > 0);
          for (const { loc, msg } of parsed.faults) assert.ok(Array.isArray(loc) && msg !== '');
          return;
        }
        accepted += 1;
        runThrough(parsed.definition, { input, ...input }, answers);
      }),
      { numRuns, seed },
    );
    assert.ok(accepted > numRuns / 50, `${accepted} of ${numRuns} were accepted`);
  });

  test('expressions: a value or an error of the state, in bounded time', () => {
    const token = fc.constantFrom(
      ...['x', 'list', '1', '0', "'a'", '+', '*', '%', '//', '(', ')', '[', ']', ',', ' for i in '],
      ...[' if ', ' else ', ' in ', ' and ', 'not ', '.', ':', '{', '}', 'len(', 'str(', '-', '**'],
      ...['`$.x`', "'%s'", '.split(', '.join(', '.format(', '.replace(', 'range(', '\\', '\u2028'],
    );
    const expression = fc.array(token, { maxLength: 25 }).map((tokens) => tokens.join(''));
    fc.assert(
      fc.property(fc.oneof(expression, fc.string({ unit: 'binary' })), (text) => {
        const Eval = {
          Type: 'ExpressionEval',
          Parameters: { 'v.=': text },
          ResultPath: '$.v',
          End: true,
        };
        const parsed = parseDefinition({ StartAt: 'E', States: { E: Eval } });
        if ('definition' in parsed) runThrough(parsed.definition, { x: 1, list: [1, 'a'] }, []);
      }),
      { numRuns: numRuns * 2, seed },
    );
  });

  test('input schemas and inputs: faults, never an exception', () => {
    const schema: JsonObject = {
      type: 'object',
      properties: { a: { type: 'string', pattern: '^a+$' }, b: { $ref: '#/definitions/b' } },
      definitions: { b: { items: { anyOf: [{ type: 'number' }, { $ref: '#' }] } } },
      required: ['a'],
      additionalProperties: false,
    };
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), rubbish, (changes, input) => {
        const json = changes.reduce<Json>(changed, schema);
        if (!isJsonObject(json)) return;
        assert.ok(Array.isArray(checkInputSchema(json)));
        assert.ok(Array.isArray(validateInput(json, input)));
      }),
      { numRuns: Math.min(numRuns, 300), seed },
    );
  });

  test('triggers: refused or read, never an exception', () => {
    const cron = fc
      .array(fc.constantFrom('*', '*/0', '1-', '99', '1-5', ',', '?', 'L', 'mon', '\n', '-1'), {
        maxLength: 7,
      })
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(cron, rubbish, rubbish, (text, one, other) => {
        const source = { kind: 'schedule', cron: text, timezone: one, every: other };
        const body = { source, flowName: 'f', condition: one, input: other };
        triggerRequestSchema.safeParse(body);
        triggerRequestSchema.safeParse({ ...body, source: one });
        if (scheduleProblem(text) !== null) return;
        const schedule = { cron: text, timeZone: 'Europe/Berlin' };
        const next = nextScheduled(schedule, '2026-11-21T12:00:00.000Z');
        assert.ok(next === null || next > '2026-11-21');
      }),
      { numRuns, seed },
    );
  });

  test('patterns of paths are matched in bounded time', () => {
    const path = `/${'a/'.repeat(500)}b`;
    for (const pattern of [
      '/**/a'.repeat(30),
      `/${'*a'.repeat(40)}`,
      `/**${'/*a*'.repeat(50)}/x`,
    ]) {
      assert.equal(matchPath(pattern, path), false);
      assert.equal(matchPath(pattern, `/${'a'.repeat(900)}b`), false);
    }
  });

  test('what is huge or deep is refused before it is walked', () => {
    const deep = Array.from({ length: 100_000 }).reduce<Json>((inner) => [inner], 1);
    for (const json of [deep, { StartAt: deep, States: { A: deep } }, 'x'.repeat(8_000_000)]) {
      assert.ok('faults' in parseDefinition(json));
    }
    assert.equal(validateInput({}, { deep })[0]?.type, 'too_big');
    assert.ok(checkInputSchema({ properties: { deep } }).length > 0);
  });
});
