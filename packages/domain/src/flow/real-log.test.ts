import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEvent, FlowLogLine, FlowProgress } from './flow-progress.ts';
import type { JsonObject } from '../json.ts';

const trace = new URL('../../../../../shared/data/traces/xpcs_flow_log.json', import.meta.url);
const skip = existsSync(trace) ? false : `${trace.pathname} is missing`;

interface TraceEntry {
  time: string;
  code: string;
  details: { state_name?: string; input?: JsonObject; output?: JsonObject };
}

/** A definition with the states of the log, each giving its action the input seen there. */
function definitionOf(entries: TraceEntry[]) {
  const starts = entries.filter(({ code }) => code === 'ActionStarted');
  const States = Object.fromEntries(
    starts.map(({ details }, index) => {
      const name = details.state_name ?? '';
      const next = starts[index + 1]?.details.state_name;
      const state = {
        Type: 'Action',
        ActionUrl: 'https://example.org/action',
        Parameters: details.input ?? {},
        ResultPath: `$.${name}`,
        WaitTime: 604_800,
        ...(next === undefined ? { End: true } : { Next: next }),
      };
      return [name, state];
    }),
  );
  const parsed = parseDefinition({ StartAt: starts[0]?.details.state_name, States });
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return parsed.definition;
}

test(
  'a real run of eleven steps is told again: same codes, same state, a shorter log',
  { skip },
  () => {
    const text = readFileSync(trace, 'utf8');
    const { entries } = JSON.parse(text) as { entries: TraceEntry[] };
    const definition = definitionOf(entries);
    let run: FlowProgress = newFlowProgress();
    const log: FlowLogLine[] = [];
    for (const { time, code, details } of entries) {
      let event: FlowEvent | null = null;
      if (code === 'FlowStarted')
        event = { kind: 'started', input: details.input ?? {}, context: {} };
      if (code === 'ActionCompleted') {
        const statusDocument = details.output?.[details.state_name ?? ''] as JsonObject;
        event = { kind: 'actionEnded', step: run.stepSequence, statusDocument };
      }
      if (event === null) continue;
      const result = advanceFlow(definition, run, event, time);
      assert.ok('run' in result, JSON.stringify(result));
      run = result.run;
      log.push(...result.log);
    }
    assert.equal(run.status, 'SUCCEEDED');
    assert.deepEqual(run.data, entries.at(-1)?.details.output);
    assert.deepEqual(
      log.map(({ code, details }) => `${code} ${JSON.stringify(details['state_name'] ?? null)}`),
      entries.map(({ code, details }) => `${code} ${JSON.stringify(details.state_name ?? null)}`),
    );
    assert.ok(JSON.stringify(log).length < text.length / 4, `${JSON.stringify(log).length}`);
  },
);
