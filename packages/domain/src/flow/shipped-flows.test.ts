import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { actionInputSchemas, computeDetailsSchema, ingestDetailsSchema } from './action-inputs.ts';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import { flowRequestSchema } from '../flow-run/flow-run.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEffect, FlowEvent, FlowProgress } from './flow-progress.ts';
import { isJsonObject, jsonObjectSchema, type JsonObject } from '../json.ts';
import { triggerRequestSchema } from '../trigger/trigger.ts';
import { validateInput } from './validate-input.ts';

const folder = new URL('../../../../flows/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.flow.json'));
const now = '2026-11-21T12:00:00.000Z';
const id = '0'.repeat(26);

interface FlowFile {
  name: string;
  title: string;
  description: string;
  definition: JsonObject;
  inputSchema: JsonObject;
}

const flows = new Map(
  files.map((file) => {
    const flow = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as FlowFile;
    assert.equal(file, `${flow.name}.flow.json`);
    return [flow.name, flow];
  }),
);

const outputs = {
  plot: [
    { name: 'curves', location: 'scratch:/j2/plot.svg', sizeBytes: 9, sha256: null },
    { name: 'preview', location: 'scratch:/j2/preview.json', sizeBytes: 5, sha256: null },
  ],
  other: [{ name: 'result', location: 'scratch:/j1/result.h5', sizeBytes: 70, sha256: null }],
};

type Start = FlowEffect & { kind: 'startAction' };
/** What a test has to say of an action that starts: an answer, that it fails, or nothing. */
type Answer = (start: Start) => JsonObject | 'fails' | 'silent' | undefined;

/** What the action of an effect would answer. */
function detailsOf(effect: Start): JsonObject {
  const { app, location } = effect.input as JsonObject;
  if (effect.provider === 'interpulse:ingest') {
    return ingestDetailsSchema.parse({ datasetId: `dataset_${id}` });
  }
  if (effect.provider === 'interpulse:stat') return { location: location ?? null, exists: true };
  if (effect.provider !== 'interpulse:compute') return {};
  const details = {
    jobId: `job_${id}`,
    siteId: `site_${id}`,
    siteName: 'alpha',
    attempt: 1,
    exitCode: 0,
    outputs: app === 'plot' ? outputs.plot : outputs.other,
    ...(app === 'plot' ? { result: [{ framesUsed: 500 }] } : {}),
  };
  return jsonObjectSchema.parse(computeDetailsSchema.parse(details));
}

/** A shipped flow at work: what its actions were given, each checked with its schema. */
class Rehearsal {
  run = newFlowProgress();
  readonly inputs: { state: string; action: string; input: JsonObject }[] = [];
  readonly canceled: number[] = [];
  readonly #definition;
  readonly #answer: Answer;

  constructor(
    name: string,
    input: JsonObject,
    context: JsonObject = {},
    answer: Answer = () => ({}),
  ) {
    const file = flows.get(name);
    assert.ok(file);
    assert.deepEqual(validateInput(file.inputSchema, { input }), []);
    const parsed = parseDefinition(file.definition, file.inputSchema);
    assert.ok('definition' in parsed, JSON.stringify(parsed));
    assert.deepEqual(
      parsed.warnings.filter(({ type }) => type !== 'extension'),
      [],
    );
    this.#definition = parsed.definition;
    this.#answer = answer;
    this.take({ kind: 'started', input: { input }, context });
  }

  take(event: FlowEvent, at = now): void {
    const open: FlowEvent[] = [event];
    for (const next of open) {
      const result = advanceFlow(this.#definition, this.run, next, at);
      if ('refusal' in result) continue;
      this.run = JSON.parse(JSON.stringify(result.run)) as FlowProgress;
      for (const effect of result.effects) {
        if (effect.kind === 'cancelAction') this.canceled.push(effect.step);
        if (effect.kind === 'startAction') open.push(...this.#start(effect));
      }
    }
  }

  #start(effect: Start): FlowEvent[] {
    const action = effect.provider.slice('interpulse:'.length);
    actionInputSchemas[action as keyof typeof actionInputSchemas].parse(effect.input);
    assert.ok(isJsonObject(effect.input));
    this.inputs.push({ state: effect.state, action, input: effect.input });
    const answer = this.#answer(effect);
    if (answer === 'silent') return [];
    const status = answer === 'fails' ? 'FAILED' : 'SUCCEEDED';
    const told = answer === 'fails' ? { reason: 'exit code 2' } : detailsOf(effect);
    const details = { ...told, ...(typeof answer === 'object' ? answer : {}) };
    return [{ kind: 'actionEnded', step: effect.step, statusDocument: { status, details } }];
  }

  inputOf(state: string): JsonObject {
    const found = this.inputs.find((each) => each.state === state);
    assert.ok(
      found,
      `${state} was not begun; ${this.inputs.map((each) => each.state).join()} were`,
    );
    return found.input;
  }

  get states(): string[] {
    return this.inputs.map(({ state }) => state);
  }
}

const file = 'beamline:/raw/shot_7.h5';
const full = {
  file,
  dataset: `dataset_${id}`,
  returnTo: 'beamline:/results/',
  parameters: { stride: 1 },
  metadata: { sample: 'latex' },
};
const returned = (name: string) => ({
  source: `scratch:/${name}`,
  destination: `beamline:/results/${name.split('/')[1]}`,
});

test('the shipped flows are complete: titles, descriptions, forms', () => {
  const names = ['between-shot', 'tomo', 'two-facility-race', 'xpcs'];
  assert.deepEqual([...flows.keys()].toSorted(), names);
  for (const { name: _, ...request } of flows.values()) {
    assert.deepEqual(flowRequestSchema.parse(request), request);
    const { input } = request.inputSchema['properties'] as { input: { properties: object } };
    for (const [field, schema] of Object.entries(input.properties)) {
      assert.ok((schema as JsonObject)['title'], `${request.title}: ${field} has a title`);
    }
  }
});

for (const name of ['xpcs', 'tomo']) {
  test(`${name} analyses, plots, publishes and returns, with inputs its actions accept`, () => {
    const flow = new Rehearsal(name, full);
    assert.equal(flow.run.status, 'SUCCEEDED', JSON.stringify(flow.run.failure));
    assert.partialDeepStrictEqual(flow.inputOf('Analyze'), {
      inputs: { file },
      parameters: { stride: 1 },
    });
    assert.deepEqual(flow.inputOf('Plot')['inputs'], { file: 'scratch:/j1/result.h5' });
    assert.equal(flow.inputOf('Plot')['site'], 'alpha', 'where the result is');
    const publish = flow.inputOf('Publish');
    assert.deepEqual(publish['derivedFrom'], [`dataset_${id}`]);
    assert.equal(publish['preview'], 'scratch:/j2/preview.json');
    assert.partialDeepStrictEqual(publish['metadata'], { sample: 'latex', framesUsed: 500 });
    assert.deepEqual(flow.inputOf('Return')['items'], [
      returned('j1/result.h5'),
      returned('j2/plot.svg'),
      returned('j2/preview.json'),
    ]);
  });

  test(`${name} asks for no return and no parameters when none are given`, () => {
    const flow = new Rehearsal(name, { file });
    assert.equal(flow.run.status, 'SUCCEEDED', JSON.stringify(flow.run.failure));
    assert.deepEqual(flow.states, ['Analyze', 'Plot', 'Publish']);
  });

  test(`${name} ends in a Fail state that says which step failed and why`, () => {
    const failing = (state: string) =>
      new Rehearsal(name, full, {}, (start) => (start.state === state ? 'fails' : {})).run.failure;
    assert.equal(failing('Analyze')?.error, 'AnalysisFailed');
    assert.equal(failing('Plot')?.error, 'PlotFailed');
    assert.equal(failing('Publish')?.error, 'PublishFailed');
    assert.equal(failing('Return')?.error, 'ReturnFailed');
    assert.match(failing('Return')?.cause ?? '', /exit code 2/);
  });
}

test('xpcs publishes and returns at once; a return that fails leaves what is published', () => {
  const flow = new Rehearsal('xpcs', full, {}, ({ state }) =>
    ['Publish', 'Return'].includes(state) ? 'silent' : {},
  );
  assert.deepEqual(flow.states.slice(-2), ['Publish', 'Return']);
  const late = new Rehearsal('xpcs', full, {}, ({ state }) => (state === 'Return' ? 'fails' : {}));
  assert.equal(late.run.visits['Publish'], 1);
  assert.deepEqual(late.canceled, []);
});

test('xpcs puts the figures of a shot into the run table; without one nothing is lost', () => {
  const flow = new Rehearsal('xpcs', { ...full, shot: 7 });
  assert.equal(flow.run.status, 'SUCCEEDED', JSON.stringify(flow.run.failure));
  assert.deepEqual(flow.inputOf('Report'), { figuresOf: 'scratch:/j2/preview.json' });
  for (const shot of [null, undefined]) {
    const plain = new Rehearsal('xpcs', { ...full, ...(shot === undefined ? {} : { shot }) });
    assert.equal(plain.states.includes('Report'), false);
  }
  const refused = new Rehearsal('xpcs', { ...full, shot: 7 }, {}, ({ state }) =>
    state === 'Report' ? 'fails' : {},
  );
  assert.equal(refused.run.status, 'SUCCEEDED');
});

const deadline = '2026-11-21T12:00:20.000Z';
const slow = { Analyze: { seconds: 60, visits: 1 } };

test('xpcs and between-shot take cheaper settings when late, and say so', () => {
  for (const name of ['xpcs', 'between-shot']) {
    const settingsOf = (context: JsonObject, more: JsonObject = {}) => {
      const flow = new Rehearsal(name, { file, parameters: { fit: 'none' }, ...more }, context);
      assert.equal(flow.run.status, 'SUCCEEDED', JSON.stringify(flow.run.failure));
      const { settings } = flow.inputOf('Publish')['metadata'] as JsonObject;
      return [settings, flow.inputOf('Analyze')['parameters']];
    };
    const cheaper = ['cheaper', { fit: 'none', stride: 2, dynamicRings: 4 }];
    assert.deepEqual(settingsOf({}), ['full', { fit: 'none' }]);
    assert.deepEqual(settingsOf({ deadline }), ['full', { fit: 'none' }]);
    const times = { Analyze: slow.Analyze, 'Analyze in time': slow.Analyze };
    assert.deepEqual(settingsOf({ deadline, expected: times }), cheaper);
    assert.deepEqual(settingsOf({ deadline }, { cheaperBelowSeconds: 30 }), cheaper);
    assert.deepEqual(settingsOf({ deadline }, { cheaperBelowSeconds: 3 })[0], 'full');
    const own = settingsOf({ deadline, expected: times }, { cheaperParameters: { average: 4 } });
    assert.deepEqual(own, ['cheaper', { fit: 'none', average: 4 }]);
  }
});

test('tomo archives beside the analysis, shows a quick look, and tidies up when it is time', () => {
  const more = { archive: 'tape:/2026', quickSlices: '10:12', keepScratchSeconds: 60 };
  const flow = new Rehearsal('tomo', { ...full, ...more });
  assert.deepEqual(flow.inputOf('Copy raw')['items'], [
    { source: file, destination: 'tape:/2026/shot_7.h5' },
  ]);
  assert.equal(flow.inputOf('Register raw')['kind'], 'raw');
  assert.deepEqual(flow.inputOf('Quick slices')['parameters'], { stride: 1, slices: '10:12' });
  const published = flow.inputOf('Publish')['files'] as string[];
  assert.ok(
    published.every((each) => each.startsWith('beamline:/results/')),
    published.join(),
  );
  const [waiting] = flow.run.branches;
  assert.equal(waiting?.state, 'Keep scratch');
  flow.take({ kind: 'timerFired', step: waiting.step }, '2026-11-21T12:01:00.000Z');
  assert.equal(flow.run.status, 'SUCCEEDED', JSON.stringify(flow.run.failure));
  const gone = flow.inputOf('Delete scratch')['locations'] as string[];
  assert.ok(gone.length === 3 && gone.every((each) => each.startsWith('scratch:/')), gone.join());
});

test('tomo archives also when the analysis fails, and tells when the archive failed', () => {
  const input = { file, archive: 'tape:/2026' };
  const failing = (state: string) =>
    new Rehearsal('tomo', input, {}, (start) => (start.state === state ? 'fails' : {}));
  const analysis = failing('Analyze');
  assert.ok(analysis.states.includes('Register raw'));
  assert.equal(analysis.run.failure?.error, 'AnalysisFailed');
  const archive = failing('Copy raw');
  assert.ok(archive.states.includes('Publish'));
  assert.equal(archive.run.failure?.error, 'ArchiveFailed');
});

test('between-shot waits for the data, reports what it found, and gives up at the deadline', () => {
  let looks = 0;
  const flow = new Rehearsal(
    'between-shot',
    { file, instrument: 'tokamak', run: 7 },
    {},
    (start) => (start.provider === 'interpulse:stat' ? { exists: (looks += 1) > 1 } : {}),
  );
  flow.take({ kind: 'timerFired', step: flow.run.stepSequence }, '2026-11-21T12:00:01.000Z');
  assert.equal(flow.run.status, 'SUCCEEDED', JSON.stringify(flow.run.failure));
  assert.partialDeepStrictEqual(flow.inputOf('Report'), {
    instrument: 'tokamak',
    run: 7,
    figuresOf: 'scratch:/j2/preview.json',
  });
  assert.equal(flow.inputOf('Analyze')['urgency'], 'urgent');

  const late = new Rehearsal('between-shot', { file }, { deadline }, ({ state }) =>
    state === 'Analyze' ? 'silent' : {},
  );
  const clock = late.run.branches.find(({ state }) => state === 'Until the next shot');
  assert.ok(clock);
  late.take({ kind: 'timerFired', step: clock.step }, deadline);
  assert.equal(late.canceled.length, 1);
  assert.deepEqual(late.inputOf('Report late')['results'], [{ key: 'analysis', value: 'late' }]);
  assert.equal(late.run.status, 'SUCCEEDED');

  const patient = new Rehearsal('between-shot', { file, keepGoing: true }, { deadline });
  assert.equal(patient.run.visits['Until the next shot'], undefined);
});

test('between-shot asks the session leader only when told to, and reports a failure', () => {
  const flow = new Rehearsal('between-shot', { file, askLeader: true }, { username: 'ada' });
  assert.equal(flow.run.branches[0]?.state, 'Ask');
  const failed = new Rehearsal('between-shot', { file }, {}, ({ state }) =>
    state === 'Analyze' ? 'fails' : {},
  );
  assert.equal(failed.run.failure?.error, 'AnalysisFailed');
  assert.deepEqual(failed.inputOf('Report failure')['results'], [
    { key: 'analysis', value: 'failed' },
  ]);
});

test('two-facility-race: the first answer wins, the other site is told to stop', () => {
  const sites = ['near', 'far'];
  const flow = new Rehearsal('two-facility-race', { ...full, sites }, {}, ({ state }) =>
    state === 'Second site' ? 'silent' : {},
  );
  // The first site answers while the second has not begun.
  assert.equal(flow.run.status, 'SUCCEEDED', JSON.stringify(flow.run.failure));
  const race = (flow.inputOf('Publish')['metadata'] as JsonObject)['race'];
  assert.partialDeepStrictEqual(race, { winner: 'near', other: 'far' });
  const lost = new Rehearsal('two-facility-race', { file, sites }, {}, ({ state }) =>
    state === 'First site' ? 'fails' : {},
  );
  const { race: other } = lost.inputOf('Publish')['metadata'] as JsonObject;
  assert.partialDeepStrictEqual(other, { winner: 'far', otherStatus: 'FAILED' });
  const none = new Rehearsal('two-facility-race', { file, sites }, {}, () => 'fails');
  assert.equal(none.run.failure?.error, 'RaceFailed');
});

test('the triggers of examples/ start shipped flows', () => {
  const triggers = new URL('../../../../examples/triggers/', import.meta.url);
  const names = readdirSync(triggers);
  assert.ok(names.length >= 3);
  for (const name of names) {
    const json: unknown = JSON.parse(readFileSync(new URL(name, triggers), 'utf8'));
    assert.ok(flows.has(triggerRequestSchema.parse(json).flowName), name);
  }
});
