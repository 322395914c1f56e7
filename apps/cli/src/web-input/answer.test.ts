import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { createClient, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { readQuestion } from '@interpulse/domain/web-input/question.ts';
import type { Context } from '../context.ts';
import { answerWebInput } from './answer.ts';
import { describeQuestion } from './show.ts';

const options = [
  { Value: 'go', Label: 'Weiter' },
  { Value: 2, Label: 'Zwei – 二', Cells: { q: 0.1 } },
];

function question(parameters: JsonObject): Schemas['WebInput']['question'] {
  const read = readQuestion(parameters, 'Ask');
  assert.ok('kind' in read, JSON.stringify(read));
  return read;
}

let asked: Schemas['WebInput']['question'];
let sent: JsonObject | null = null;
let printed = '';
let notes: string[] = [];
const hub = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    if (request.method === 'POST') sent = JSON.parse(Buffer.concat(parts).toString()) as JsonObject;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ id: 'webinput_1', question: asked, ...sent }));
  });
});

let context: Context;
before(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const print = (_: unknown, text: () => string) => void (printed = text());
  const note = (text: string) => void notes.push(text);
  context = {
    connection: { baseUrl, token: undefined, from: 'test' } as never,
    client: createClient({ baseUrl }),
    out: { isJson: false, isTerminal: false, document: print, item: print, note },
    nowAt: '2026-11-21T12:00:00.000Z',
  };
});
after(() => hub.close());
beforeEach(() => {
  sent = null;
  notes = [];
});

const answer = (given: object, lines: string[] | null = null) => {
  const askLine = lines === null ? null : async () => lines.shift() ?? '';
  return answerWebInput(context, 'webinput_1', { comment: '', ...given }, askLine);
};

test('an option is given by its value or its label', async () => {
  asked = question({ InputType: 'Selection', Options: options });
  await answer({ value: ['2'], comment: 'gut' });
  assert.deepEqual(sent, { response: 2, comment: 'gut' });
  await answer({ value: ['Weiter'] });
  assert.equal(sent?.['response'], 'go');
  assert.match(printed, /answered Ask: "go"/);
  await assert.rejects(answer({ value: ['no'] }), /"no" is no option; there are go, 2/);
  await assert.rejects(answer({ value: ['go', '2'] }), /give --value once/);
  await assert.rejects(answer({ value: ['go'], set: ['a=1'] }), /one of --value/);
  await assert.rejects(answer({}), /this is no terminal/);
});

test('on a terminal options are chosen by number, until the answer fits', async () => {
  asked = question({ InputType: 'Selection', Options: options });
  await answer({}, ['7', '2']);
  assert.equal(sent?.['response'], 2);
  assert.match(notes.join('\n'), /Weiter[\s\S]*Zwei – 二[\s\S]*none of the options/);
});

test('rows of a table come as a list', async () => {
  asked = question({ InputType: 'Table', Options: options, Minimum: 1 });
  assert.match(describeQuestion({ question: asked } as Schemas['WebInput']), /q[\s\S]*0\.1/i);
  assert.doesNotMatch(describeQuestion({ question: asked } as Schemas['WebInput']), /MEANING/);
  await answer({ value: ['2', 'go'] });
  assert.deepEqual(sent?.['response'], [2, 'go']);
  await answer({}, ['', '1, 2']);
  assert.deepEqual(sent?.['response'], ['go', 2]);
  assert.match(notes.join('\n'), /choose at least 1/);
});

test('fields of a form are asked with their defaults', async () => {
  const properties = {
    exposure: { type: 'number', title: 'Exposure' },
    note: { type: 'string' },
    positions: { type: 'integer', default: 20 },
  };
  asked = question({ InputType: 'Form', Schema: { properties, required: ['exposure'] } });
  const shown = describeQuestion({ question: asked } as Schemas['WebInput']);
  assert.match(shown, /exposure +yes +number +Exposure/);
  assert.match(shown, /positions +no +integer, else 20 +-/);
  await answer({}, ['', '12', '', '0.5', '12', '']);
  assert.deepEqual(sent?.['response'], { exposure: 0.5, note: '12', positions: 20 });
  await answer({ set: ['exposure=0.1', 'note=x'] });
  assert.deepEqual(sent?.['response'], { exposure: 0.1, note: 'x' });
  await assert.rejects(answer({ value: ['go'] }), /is a form/);
});
