import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../json.ts';
import { addSeconds } from '../../time.ts';
import { advanceFlow } from '../advance-flow.ts';
import { parseDefinition } from '../definition.ts';
import type { FlowDefinition } from '../definition.ts';
import { explainFlow } from '../explain-flow.ts';
import { newFlowProgress } from '../flow-progress.ts';
import type { FlowEffect, FlowEvent, FlowProgress } from '../flow-progress.ts';
import { checkImport } from '../import/check-import.ts';
import { foreignMappingSchema } from '../import/foreign-mapping.ts';

const now = '2026-11-21T12:00:00.000Z';
const id = 'webinput_00000000000000000000000001' as const;
const Options = [{ Value: 'go' }, { Value: 'stop' }];
const Answer = {
  Type: 'AwaitWebInput',
  Parameters: { 'web_input_id.$': '$.ask.web_input_id' },
  ResultPath: '$.answer',
  End: true,
};
const asking = (Ask: object, more: object = {}) => ({
  StartAt: 'Ask',
  States: {
    Ask: { Type: 'CreateWebInput', ResultPath: '$.ask', Next: 'Answer', ...Ask },
    Answer: { ...Answer, ...more },
  },
});

function parse(json: unknown): FlowDefinition {
  const parsed = parseDefinition(json);
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return parsed.definition;
}

function faults(json: unknown): string[] {
  const parsed = parseDefinition(json);
  return 'faults' in parsed ? parsed.faults.map(({ loc, type }) => [...loc, type].join(' ')) : [];
}

function tell(definition: FlowDefinition, run: FlowProgress, event: FlowEvent) {
  const result = advanceFlow(definition, run, event, now);
  assert.ok('run' in result, JSON.stringify(result));
  return result;
}

function start(definition: FlowDefinition, input: JsonObject = {}, context: JsonObject = {}) {
  return tell(definition, newFlowProgress(), { kind: 'started', input, context });
}

function created(effects: FlowEffect[]): FlowEffect & { kind: 'createWebInput' } {
  const [effect] = effects.filter((each) => each.kind === 'createWebInput');
  assert.ok(effect, JSON.stringify(effects));
  return effect;
}

test('what is wrong is told when a definition is saved', () => {
  const at = 'States Ask Parameters';
  assert.deepEqual(faults(asking({ Parameters: { Options } })), [`${at} missing`]);
  assert.deepEqual(faults(asking({ Parameters: { InputType: 'Selection' } })), [`${at} missing`]);
  assert.deepEqual(faults(asking({ Parameters: { InputType: 'Form' } })), [`${at} missing`]);
  const unknown = { InputType: 'Guess', Options };
  assert.deepEqual(faults(asking({ Parameters: unknown })), [`${at} InputType enum`]);
  assert.deepEqual(faults(asking({})), ['States Ask one_of']);
  const good = { Parameters: { InputType: 'Selection', 'Options.$': '$.options' } };
  assert.deepEqual(faults(asking(good)), []);
  assert.deepEqual(faults(asking(good, { Parameters: {} })), ['States Answer Parameters missing']);
  const { End: _, ...open } = Answer;
  const [first] = faults({ StartAt: 'A', States: { A: open } });
  assert.equal(first, 'States A transition');
});

test('extensions and parameters without meaning are warned of', () => {
  const parsed = parseDefinition(
    asking({ Parameters: { InputType: 'Table', Options, Colour: 'red' } }),
  );
  assert.ok('warnings' in parsed);
  assert.deepEqual(
    parsed.warnings.map(({ type }) => type).filter((type) => type !== 'state_replaced'),
    ['extension', 'ignored'],
  );
});

test('respondents that the hub does not know are needed by an import', () => {
  const urn = 'urn:globus:groups:id:0a0a0a0a-0000-0000-0000-000000000001';
  const definition = asking({
    Parameters: { InputType: 'Selection', Options, RespondentUrns: [urn, 'user:ada'] },
  });
  const { imports, needs } = checkImport(definition, {}, foreignMappingSchema.parse({}));
  const loc = ['definition', 'States', 'Ask', 'Parameters', 'RespondentUrns', 0];
  assert.equal(imports, false);
  assert.deepEqual(
    needs.map((need) => [need.kind, need.id, need.loc]),
    [['principals', urn, loc]],
  );
  const principals = { '0a0a0a0a-0000-0000-0000-000000000001': 'project:demo' };
  const mapping = foreignMappingSchema.parse({ principals });
  assert.equal(checkImport(definition, {}, mapping).imports, true);
});

test('the whole question may come from one place of the state', () => {
  const definition = parse(asking({ InputPath: '$.question' }));
  const input = { question: { InputType: 'Selection', Options, RespondentUrns: 'user:ada' } };
  const effect = created(start(definition, input).effects);
  assert.deepEqual(effect.respondentUrns, ['user:ada']);
  assert.deepEqual(
    effect.question.options.map(({ value }) => value),
    ['go', 'stop'],
  );
});

test('a question expires after a week, when it says, or with the deadline', () => {
  const expiry = (parameters: JsonObject, deadline: string | null) => {
    const Parameters = { InputType: 'Selection', Options, ...parameters };
    const { effects } = start(parse(asking({ Parameters })), {}, { deadline });
    return created(effects).expiresAt;
  };
  const deadline = addSeconds(now, 30);
  assert.equal(expiry({}, deadline), addSeconds(now, 7 * 86_400));
  assert.equal(expiry({ ExpiresAfterSeconds: 60 }, deadline), addSeconds(now, 60));
  const bound = { ExpiresAfterSeconds: 60, ExpiresAtDeadline: true };
  assert.equal(expiry(bound, deadline), deadline);
  assert.equal(expiry(bound, addSeconds(now, 90)), addSeconds(now, 60));
  assert.equal(expiry(bound, null), addSeconds(now, 60));
});

test('what is private is hidden in the context; options cannot be', () => {
  const hide = (parameters: JsonObject) =>
    start(parse(asking({ Parameters: { InputType: 'Selection', Options, ...parameters } })));
  const context = { Title: 'Who?', Rows: [{ Field: 'a', Value: 1 }] };
  const part = { ...context, __Private_Parameters: ['Rows'] };
  const whole = { Context: context, __Private_Parameters: ['Context', 'RespondentUrns'] };
  assert.deepEqual(created(hide({ Context: part }).effects).question.rows, []);
  const asked = created(hide({ ...whole, RespondentUrns: ['user:ada'] }).effects);
  assert.deepEqual([asked.question.title, asked.question.rows], ['Ask', []]);
  assert.equal(asked.respondentsPrivate, true);
  const refused = hide({ __Private_Parameters: ['Options'] }).run;
  assert.match(refused.failure?.cause ?? '', /Options is private/);
});

test('a flow run says what it waits for, and goes on only by the answer', () => {
  const definition = parse(asking({ Parameters: { InputType: 'Selection', Options } }));
  const first = start(definition);
  const made = tell(definition, first.run, { kind: 'webInputCreated', step: 1, webInputId: id });
  assert.deepEqual(made.effects, [{ kind: 'awaitWebInput', step: 2, webInputId: id }]);
  const expiresAt = addSeconds(now, 60);
  const more = { webInputId: id, title: 'Go on?', expiresAt };
  const open = { kind: 'webInputOpen', step: 2, ...more } as const;
  const { run, log } = tell(definition, made.run, open);
  assert.equal(run.status, 'INACTIVE');
  assert.deepEqual(
    log.map(({ code, details }) => [code, details['web_input_id'], details['title']]),
    [['AwaitWebInputStalled', id, 'Go on?']],
  );
  const { sentence, waits } = explainFlow(run);
  assert.equal(
    sentence,
    'Answer waits for a person to answer "Go on?", at most until 2026-11-21T12:01:00.000Z.',
  );
  assert.deepEqual(
    waits.map(({ kind, ref }) => [kind, ref.webInputId]),
    [['person', id]],
  );
  for (const event of [open, { kind: 'resumed' } as const]) {
    assert.ok('refusal' in advanceFlow(definition, run, event, now), event.kind);
  }
  const canceled = tell(definition, run, { kind: 'canceled', by: 'ada', reason: '' });
  assert.deepEqual(
    canceled.effects.map(({ kind }) => kind),
    ['leaveWebInput', 'finishRun'],
  );
});

test('what is no id of a question fails the state by its own name', () => {
  const wrong = { ...Answer, Parameters: { web_input_id: 'nonsense' } };
  const { run } = start(parse({ StartAt: 'Answer', States: { Answer: wrong } }));
  assert.equal(run.failure?.error, 'Flows.WebInputError');
  assert.match(run.failure.cause, /"nonsense" is no id of a question/);
});
