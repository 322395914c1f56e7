import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actionInputJsonSchemas,
  definitionJsonSchema,
} from '@interpulse/domain/flow/definition-json-schema.ts';
import { completeDefinition, type Language } from './complete-definition.ts';
import type { TextFormat } from './flow-text.ts';

const language: Language = {
  definition: definitionJsonSchema(),
  actions: actionInputJsonSchemas(),
  inputSchema: { properties: { input: { properties: { file: { type: 'string' } } } } },
  errors: ['ActionTimeout', 'States.ALL'],
};

/** Completes where `|` stands; answers what a choice makes of the text. */
function complete(text: string, format: TextFormat) {
  const position = text.indexOf('|');
  const plain = text.replace('|', '');
  const found = completeDefinition(plain, format, position, language);
  const labels = found?.items.map(({ label }) => label) ?? [];
  const write = (label: string): string => {
    const item = found?.items.find((each) => each.label === label);
    assert.ok(found && item, `${label} is offered among ${labels.join(', ')}`);
    return plain.slice(0, found.from) + item.insert + plain.slice(found.to);
  };
  return { labels, write };
}

const states = `"Copy": {"Type": "Action", "ActionUrl": "interpulse:transfer",
    "ResultPath": "$.Copy",    "Parameters": {}, "Next": "End"},
  "End": {"Type": "Pass", "End": true}`;

test('names of states are offered where one may follow', () => {
  const next = complete(`{"StartAt": "|", "States": {${states}}}`, 'json');
  assert.deepEqual(next.labels, ['Copy', 'End']);
  assert.match(next.write('Copy'), /^\{"StartAt": "Copy", /);
  const bare = complete(`{"StartAt": |, "States": {${states}}}`, 'json');
  assert.match(bare.write('Copy'), /^\{"StartAt": "Copy", /);
  const yaml = complete(
    'StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: |\n  B:\n    Type: Pass\n',
    'yaml',
  );
  assert.deepEqual(yaml.labels, ['B']);
  assert.match(yaml.write('B'), /Next: B\n/);
});

test('only states of the same small flow are offered inside a Map', () => {
  const one = '"One": {"Type": "Pass", "Next": "|"}';
  const inner = `{"StartAt": "One", "States": {${one}, "Two": {"Type": "Pass", "End": true}}}`;
  const map = `{"Type": "Map", "ItemProcessor": ${inner}, "Next": "X"}`;
  const { labels } = complete(`{"StartAt": "M", "States": {"M": ${map}, "X": {}}}`, 'json');
  assert.deepEqual(labels, ['Two']);
});

test('keys are those of the kind of state, in texts that are not finished too', () => {
  const wait = complete('{"StartAt": "A", "States": {"A": {"Type": "Wait", |', 'json');
  assert.ok(wait.labels.includes('Seconds'));
  assert.ok(!wait.labels.includes('ActionUrl'));
  assert.ok(!wait.labels.includes('Type'), 'what is there is not offered again');
  assert.match(wait.write('Seconds'), /"Seconds": $/);
  const yaml = complete('StartAt: A\nStates:\n  A:\n    Type: Choice\n    |\n', 'yaml');
  assert.ok(yaml.labels.includes('Choices') && !yaml.labels.includes('Next'));
  assert.match(yaml.write('Choices'), / {4}Choices: \n/);
  const kinds = complete('{"StartAt": "A", "States": {"A": {"Type": "|"}}}', 'json');
  assert.ok(kinds.labels.includes('Parallel') && kinds.labels.includes('Action'));
  assert.equal(new Set(kinds.labels).size, kinds.labels.length);
});

test('inputs of built-in actions are offered with their forms, at every depth', () => {
  const action = (parameters: string) =>
    `{"StartAt": "A", "States": {"A": {"Type": "Action", "ActionUrl": "interpulse:transfer",
      "Parameters": ${parameters}}}}`;
  const top = complete(action('{"|"}'), 'json');
  assert.deepEqual(top.labels.slice(0, 3), ['items', 'items.$', 'items.=']);
  const item = complete(action('{"items": [{"source": "a:/x", "|"}]}'), 'json');
  assert.ok(item.labels.includes('destination.=') && !item.labels.includes('source'));
  const urls = complete(
    '{"StartAt": "A", "States": {"A": {"Type": "Action", "ActionUrl": "|"}}}',
    'json',
  );
  assert.ok(urls.labels.includes('interpulse:compute'));
  assert.match(urls.write('interpulse:compute'), /"ActionUrl": "interpulse:compute"\}/);
});

test('paths are those of the input and of states before', () => {
  const reading = states.replace('"Type": "Pass"', '"Type": "Pass", "InputPath": "|"');
  const text = `{"StartAt": "Copy", "States": {${reading}}}`;
  const { labels, write } = complete(text, 'json');
  for (const path of ['$.input.file', '$.Copy.details', '$._context.run_id']) {
    assert.ok(labels.includes(path), path);
  }
  assert.match(write('$.Copy.details'), /"InputPath": "\$\.Copy\.details"/);
  const half = complete(text.replace('"|"', '"$.Co|"'), 'json');
  assert.match(half.write('$.Copy'), /"InputPath": "\$\.Copy", /);
  const early = complete(
    `{"StartAt": "Copy", "States": {${states.replace('{}', '{"x.$": "|"}')}}}`,
    'json',
  );
  assert.ok(!early.labels.includes('$.Copy'), 'what is written later is not there yet');
});

test('errors, values of other fields, and nothing where nothing is known', () => {
  const caught = complete(
    '{"StartAt": "A", "States": {"A": {"Type": "Action", "Catch": [{"ErrorEquals": ["|"]}]}}}',
    'json',
  );
  assert.deepEqual(caught.labels, ['ActionTimeout', 'States.ALL']);
  const end = complete('StartAt: A\nStates:\n  A:\n    Type: Pass\n    End: |', 'yaml');
  assert.deepEqual(end.labels, ['true', 'false']);
  assert.deepEqual(complete('{"StartAt": "A", "Comment": "wo|"}', 'json').labels, []);
  assert.ok(complete('|', 'yaml').labels.includes('StartAt'));
});
