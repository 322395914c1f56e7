import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import type { FlowDefinition } from './definition.ts';
import { flowLimits } from './flow-limits.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEvent, FlowProgress } from './flow-progress.ts';

const nowAt = (seconds: number): string =>
  new Date(Date.parse('2026-11-21T12:00:00.000Z') + seconds * 1000).toISOString();

/** Counts `n` up, waits, and goes round again while `n` is less than `rounds`. */
function loop(waitSeconds: number, rounds: number): FlowDefinition {
  const parsed = parseDefinition({
    StartAt: 'Count',
    States: {
      Count: {
        Type: 'ExpressionEval',
        Parameters: { 'n.=': 'n + 1' },
        ResultPath: '$',
        Next: 'Rest',
      },
      Rest: { Type: 'Wait', Seconds: waitSeconds, Next: 'Again' },
      Again: {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', NumericLessThan: rounds, Next: 'Count' }],
        Default: 'Done',
      },
      Done: { Type: 'Pass', End: true },
    },
  });
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return parsed.definition;
}

function take(flow: FlowDefinition, run: FlowProgress, event: FlowEvent, at = 0): FlowProgress {
  const result = advanceFlow(flow, run, event, nowAt(at));
  assert.ok('run' in result, JSON.stringify(result));
  return result.run;
}

const started: FlowEvent = { kind: 'started', input: { n: 0 }, context: {} };

test('a loop that waits 0 s and never ends is stopped, and says what to do', () => {
  const run = take(loop(0, 1e9), newFlowProgress(), started);
  assert.equal(run.status, 'FAILED');
  assert.match(run.failure?.cause ?? '', /10000 states in a row .*put a Wait in the loop/);
  assert.ok(run.stepSequence <= flowLimits.stateVisitsInARow + 1);
});

test('a loop of 1,000 rounds works, with a wait in each and without', () => {
  assert.equal(take(loop(0, 1000), newFlowProgress(), started).status, 'SUCCEEDED');
  const flow = loop(1, 1000);
  let run = take(flow, newFlowProgress(), started);
  for (let round = 1; run.endedAt === null; round += 1) {
    const [branch] = run.branches;
    assert.ok(branch);
    run = take(flow, run, { kind: 'timerFired', step: branch.step }, round);
  }
  assert.equal(run.status, 'SUCCEEDED');
  assert.deepEqual([run.data['n'], run.visits['Count']], [1000, 1000]);
});

test('one that waits in each round is stopped by the visits of the whole run', () => {
  const flow = loop(1, 1e9);
  const run = take(flow, newFlowProgress(), started);
  const old = { ...run, stepSequence: flowLimits.stateVisits };
  const [branch] = old.branches;
  assert.ok(branch);
  const ended = take(flow, old, { kind: 'timerFired', step: branch.step }, 1);
  assert.equal(ended.status, 'FAILED');
  assert.match(ended.failure?.cause ?? '', /more than 200000 states in one flow run/);
});
