import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isJsonObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { actionInputSchemas } from './action-inputs.ts';
import { parseDefinition } from './definition.ts';
import { evaluateParameters } from './parameters.ts';
import { hidePrivate } from './private-parameters.ts';

type Name = keyof typeof actionInputSchemas;

function definitionOf(action: string, Parameters: Json, more: JsonObject = {}): JsonObject {
  const A = { Type: 'Action', ActionUrl: `interpulse:${action}`, ResultPath: '$.A', End: true };
  return { StartAt: 'A', States: { A: { ...A, Parameters, ...more } } };
}

function faultsIn(definition: JsonObject): string[] {
  const parsed = parseDefinition(definition, {});
  if (!('faults' in parsed)) return [];
  return parsed.faults.map(({ loc, type }) => `${loc.slice(2).join('/')} ${type}`);
}

const faultsOf = (action: string, parameters: JsonObject): string[] =>
  faultsIn(definitionOf(action, parameters)).map((fault) => fault.replace('Parameters', ''));

test('what no flow run could give is told at its place, all at once', () => {
  const faulty = {
    apps: 'xpcs',
    'inputs.$': '$.files',
    site: 'Big Site',
    urgency: 'now',
    resources: { cores: '4', 'walltimeSeconds.=': 'a' },
    tags: { Sample: 'x' },
  };
  assert.deepEqual(faultsOf('compute', faulty), [
    '/site invalid_format',
    '/resources/cores invalid_type',
    '/urgency invalid_value',
    '/tags/Sample invalid_format',
    '/apps unrecognized_key',
    '/app custom',
  ]);
  assert.deepEqual(faultsOf('transfer', { items: [{ 'source.$': '$.a', recursive: 'no' }] }), [
    '/items/0/destination missing',
    '/items/0/recursive invalid_type',
  ]);
  assert.deepEqual(faultsOf('delete', { 'location.$': '$.a' }), [
    '/locations missing',
    '/location.$ unrecognized_key',
  ]);
});

test('a rule of the whole counts where it looks at nothing computed', () => {
  const tasks = [{ app: 'a' }, { 'app.$': '$.app' }];
  assert.deepEqual(faultsOf('compute', { tasks }), []);
  assert.deepEqual(faultsOf('compute', { tasks: [{ 'label.$': '$.label' }] }), ['/app custom']);
  assert.deepEqual(faultsOf('compute', { 'tasks.$': '$.tasks' }), []);
  assert.deepEqual(faultsOf('transfer', { items: [] }), ['/items too_small']);
});

test('of several forms the one that was meant is told', () => {
  assert.deepEqual(faultsOf('notify', { by: 'chat', chat: 'control' }), ['/text missing']);
  assert.deepEqual(faultsOf('notify', { 'by.$': '$.by', text: 'done' }), [' invalid_union']);
  const maybeChat = { 'by.$': '$.by', text: 'done', 'chat.$': '$.chat' };
  assert.deepEqual(faultsOf('notify', maybeChat), []);
  assert.deepEqual(faultsOf('notify', { by: 'fax', 'text.$': '$.text' }), ['/by invalid_union']);
  const nobody = { location: 'raw:/a', grantee: 'somebody' };
  assert.deepEqual(faultsOf('access', nobody), ['/grantee invalid_format']);
});

test('an action of ours that does not exist is told, in small flows too', () => {
  assert.deepEqual(faultsIn(definitionOf('nothing', {})), ['ActionUrl unknown_action']);
  const Handler = { Type: 'ActionProvider', Url: 'interpulse:nothing' };
  const States = { B: { Type: 'Action', Handler, ResultPath: '$.B', End: true } };
  const branch = { StartAt: 'B', States };
  const A = { Type: 'Parallel', Branches: [branch], ResultPath: '$.A', End: true };
  assert.deepEqual(faultsIn({ StartAt: 'A', States: { A } }), [
    'Branches/0/States/B/Handler/Url unknown_action',
  ]);
});

test('private values that somebody may not see are taken as right', () => {
  const parameters = {
    by: 'chat',
    chat: 'control',
    text: 'a secret',
    __Private_Parameters: ['text'],
  };
  assert.deepEqual(faultsIn(hidePrivate(definitionOf('notify', parameters))), []);
});

test('what is stored is read without it: a flow run may never come to that state', () => {
  assert.ok('definition' in parseDefinition(definitionOf('compute', { apps: 'xpcs' })));
});

/** For each action what it takes, in as many forms as it has. */
const examples: Record<Name, JsonObject[]> = {
  compute: [
    {
      app: 'xpcs',
      site: ['near', 'far'],
      inputs: { file: 'raw:/a.h5' },
      parameters: { q: [0.1, 0.2], deep: { mask: null } },
      outputs: [{ name: 'log', path: '*.log', required: false }],
      resources: { cores: 4, gpus: 0.5 },
      deadlineAt: '2026-01-02T03:04:05.678Z',
      environment: { OMP_PROC_BIND: 'true' },
      placement: null,
      returnTo: 'raw:/back/',
      tags: { sample: 'S1' },
      onError: { retries: 2, exitCodes: [1] },
      restartable: true,
    },
    {
      tasks: [
        { app: 'a', site: { label: 'gpu' } },
        { app: 'b', parameters: { n: 1 } },
      ],
    },
  ],
  transfer: [
    { items: [{ source: 'a:/x/', destination: 'b:/y', recursive: true }], label: 'files' },
  ],
  ingest: [
    {
      title: 'a scan',
      kind: 'raw',
      files: ['raw:/a.h5'],
      derivedFrom: ['dataset_0123456789abcdefghjkmnpqrs'],
      metadata: { a: [1, { b: null }] },
      keywords: ['x'],
    },
  ],
  report: [
    { results: [{ key: 'rate', value: { a: 1 }, unit: '1/s', error: 0.1 }], run: 3 },
    { figuresOf: 'results:/preview.json', instrument: 'beam' },
  ],
  delete: [{ locations: ['a:/x', 'a:/y'], recursive: true }],
  mkdir: [{ location: 'a:/x' }],
  list: [{ location: 'a:/', pattern: '*.h5', type: null, limit: 5, answerAs: 'globus' }],
  stat: [{ location: 'a:/x' }],
  collection: [{ collection: 'raw' }],
  access: [
    { location: 'a:/', grantee: 'everyone', may: 'write' },
    { location: 'a:/', grantee: 'user:ada' },
  ],
  notify: [
    { by: 'mail', to: ['ada@example.org'], subject: 'done', text: 'it is' },
    { by: 'webhook', url: 'https://example.org/hook', body: { a: [1] } },
    { by: 'chat', chat: 'control', text: 'done' },
  ],
  evaluate: [{ expressions: [{ expression: 'a + 1', arguments: { a: 1 }, resultPath: 'b' }] }],
  hello: [{ text: 'you', sleepSeconds: 1 }],
  skip: [{ anything: { at: 'all' } }],
};

/** Puts something else in many places of a value; some of it is right there, most is not. */
const strange: Json[] = [null, 0, 2, true, '', 'x', 'a:/b', 'any', [], ['a'], {}, { app: 'a' }];

class Writer {
  readonly document: Record<string, Json> = {};
  readonly #choose: (most: number) => number;

  constructor(choose: (most: number) => number) {
    this.#choose = choose;
  }

  /** A value with some of it changed, left out, added. */
  changed(value: Json): Json {
    if (this.#choose(12) === 0) return strange[this.#choose(strange.length)] ?? null;
    if (Array.isArray(value)) return value.map((each) => this.changed(each));
    if (!isJsonObject(value)) return value;
    const members = Object.entries(value).map(([key, inner]) => [key, this.changed(inner)]);
    const kept = members.filter(() => this.#choose(12) !== 0);
    const more = this.#choose(20) === 0 ? [['surplus', 1]] : [];
    return Object.fromEntries([...kept, ...more]) as JsonObject;
  }

  /** Parameters that give a value, some of it computed. */
  written(value: Json): Json {
    if (Array.isArray(value)) return value.map((each) => this.written(each));
    if (!isJsonObject(value)) return value;
    const members = Object.entries(value).map(([key, inner]): [string, Json] => {
      if (this.#choose(3) !== 0) return [key, this.written(inner)];
      const name = `v${Object.keys(this.document).length}`;
      this.document[name] = inner;
      return this.#choose(2) === 0 ? [`${key}.$`, `$.${name}`] : [`${key}.=`, name];
    });
    return Object.fromEntries(members);
  }
}

const writing = fc.record({
  action: fc.constantFrom(...(Object.keys(examples) as Name[])),
  choices: fc.infiniteStream(fc.nat(0x7fffffff)),
});

function writerFrom(choices: Iterator<number>): Writer {
  return new Writer((most) => Number(choices.next().value) % most);
}

function inputFrom(action: Name, writer: Writer, choices: Iterator<number>): JsonObject {
  const forms = examples[action];
  const input = writer.changed(forms[Number(choices.next().value) % forms.length] ?? {});
  return isJsonObject(input) ? input : {};
}

test('the examples are what the actions take', () => {
  for (const [action, forms] of Object.entries(examples)) {
    for (const form of forms) {
      const parsed = actionInputSchemas[action as Name].safeParse(form);
      assert.ok(parsed.success, `${action}: ${parsed.error?.message}`);
    }
  }
});

test('what an action takes when its step starts is taken when the flow is saved', () => {
  let taken = 0;
  const property = fc.property(writing, ({ action, choices }) => {
    const writer = writerFrom(choices);
    const input = inputFrom(action, writer, choices);
    const parameters = writer.written(input) as JsonObject;
    const scope = { document: writer.document, privatePaths: [] };
    const { value } = evaluateParameters(parameters, scope);
    assert.deepEqual(value, input);
    if (!actionInputSchemas[action].safeParse(value).success) return;
    taken += 1;
    assert.deepEqual(faultsOf(action, parameters), []);
  });
  fc.assert(property, { numRuns: 4000 });
  assert.ok(taken > 500, `${taken} were right`);
});

test('where nothing is computed, what is refused is what the action refuses', () => {
  let refused = 0;
  const property = fc.property(writing, ({ action, choices }) => {
    const input = inputFrom(action, writerFrom(choices), choices);
    const { success } = actionInputSchemas[action].safeParse(input);
    if (!success) refused += 1;
    assert.equal(faultsOf(action, input).length === 0, success, JSON.stringify(input));
  });
  fc.assert(property, { numRuns: 4000 });
  assert.ok(refused > 500, `${refused} were wrong`);
});
