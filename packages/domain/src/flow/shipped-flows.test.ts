import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { actionInputSchemas, computeDetailsSchema, ingestDetailsSchema } from './action-inputs.ts';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import { flowRequestSchema } from '../flow-run/flow-run.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEffect, FlowEvent, FlowProgress } from './flow-progress.ts';
import { jsonObjectSchema, type JsonObject } from '../json.ts';
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

const outputs = {
  plot: [
    { name: 'picture', location: 'scratch:/j2/plot.png', sizeBytes: 9, sha256: null },
    { name: 'preview', location: 'scratch:/j2/preview.json', sizeBytes: 5, sha256: null },
  ],
  other: [{ name: 'result', location: 'scratch:/j1/result.h5', sizeBytes: 70, sha256: null }],
};

/** What the action of an effect would answer. */
function detailsOf(effect: FlowEffect & { kind: 'startAction' }): JsonObject {
  const { app } = effect.input as JsonObject;
  if (effect.provider === 'interpulse:ingest') {
    return ingestDetailsSchema.parse({ datasetId: `dataset_${id}` });
  }
  if (effect.provider !== 'interpulse:compute') return {};
  const details = {
    jobId: `job_${id}`,
    siteId: `site_${id}`,
    siteName: 'alpha',
    attempt: 1,
    exitCode: 0,
    outputs: app === 'plot' ? outputs.plot : outputs.other,
  };
  return jsonObjectSchema.parse(computeDetailsSchema.parse(details));
}

/** Runs a shipped flow; the inputs its actions were given, checked with their schemas. */
function rehearse(file: FlowFile, input: JsonObject): { run: FlowProgress; inputs: JsonObject[] } {
  assert.deepEqual(validateInput(file.inputSchema, input), []);
  const parsed = parseDefinition(file.definition, file.inputSchema);
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  assert.deepEqual(parsed.warnings, []);
  let run = newFlowProgress();
  const inputs: JsonObject[] = [];
  let event: FlowEvent | null = { kind: 'started', input, context: {} };
  while (event !== null) {
    const result = advanceFlow(parsed.definition, run, event, now);
    assert.ok('run' in result, JSON.stringify(result));
    run = result.run;
    const start = result.effects.find((effect) => effect.kind === 'startAction');
    event = null;
    if (start === undefined) continue;
    const action = start.provider.slice('interpulse:'.length) as keyof typeof actionInputSchemas;
    actionInputSchemas[action].parse(start.input);
    inputs.push({ action, ...(start.input as JsonObject) });
    const statusDocument = { status: 'SUCCEEDED', details: detailsOf(start) };
    event = { kind: 'actionEnded', step: start.step, statusDocument };
  }
  return { run, inputs };
}

for (const file of files) {
  const flow = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as FlowFile;

  test(`${file} analyses, plots, publishes and returns, with inputs its actions accept`, () => {
    assert.equal(file, `${flow.name}.flow.json`);
    const { name: _, ...request } = flow;
    assert.deepEqual(flowRequestSchema.parse(request), request);
    const { run, inputs } = rehearse(flow, {
      input: {
        file: 'beamline:/raw/shot_7.h5',
        dataset: `dataset_${id}`,
        returnTo: 'beamline:/results/',
        parameters: { levels: 4 },
        metadata: { sample: 'latex' },
      },
    });
    assert.equal(run.status, 'SUCCEEDED', JSON.stringify(run.failure));
    const [analyze, plot, publish, back] = inputs;
    assert.deepEqual(analyze?.['inputs'], { file: 'beamline:/raw/shot_7.h5' });
    assert.deepEqual(analyze?.['parameters'], { levels: 4 });
    assert.deepEqual(plot?.['inputs'], { file: 'scratch:/j1/result.h5' });
    assert.equal(plot['site'], 'alpha', 'where the result is');
    assert.deepEqual(publish?.['derivedFrom'], [`dataset_${id}`]);
    assert.equal(publish?.['preview'], 'scratch:/j2/preview.json');
    assert.deepEqual(publish?.['files'], [
      'scratch:/j1/result.h5',
      'scratch:/j2/plot.png',
      'scratch:/j2/preview.json',
    ]);
    assert.ok(Array.isArray(back?.['items']));
    assert.deepEqual(back['items'][0], {
      source: 'scratch:/j1/result.h5',
      destination: 'beamline:/results/result.h5',
    });
  });

  test(`${file} asks for no return and no parameters when none are given`, () => {
    const { run, inputs } = rehearse(flow, { input: { file: 'beamline:/raw/shot_7.h5' } });
    assert.equal(run.status, 'SUCCEEDED', JSON.stringify(run.failure));
    assert.deepEqual(
      inputs.map(({ action }) => action),
      ['compute', 'compute', 'ingest'],
    );
  });

  test(`${file} ends in a Fail state that says which step failed and why`, () => {
    const parsed = parseDefinition(flow.definition);
    assert.ok('definition' in parsed);
    const input = { input: { file: 'beamline:/raw/shot_7.h5' } };
    const started = advanceFlow(
      parsed.definition,
      newFlowProgress(),
      { kind: 'started', input, context: {} },
      now,
    );
    assert.ok('run' in started);
    const statusDocument = { status: 'FAILED', details: { reason: 'exit code 2' } };
    const event = { kind: 'actionEnded', step: 1, statusDocument } as const;
    const failed = advanceFlow(parsed.definition, started.run, event, now);
    assert.ok('run' in failed);
    assert.equal(failed.run.failure?.error, 'AnalysisFailed');
    assert.equal(failed.run.failure.cause, 'exit code 2');
  });
}

test('both flows of the first release are shipped', () => {
  assert.deepEqual(files.toSorted(), ['tomo.flow.json', 'xpcs.flow.json']);
});
