import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceFlow } from './advance-flow.ts';
import { parseDefinition } from './definition.ts';
import type { FlowDefinition } from './definition.ts';
import { explainFlow } from './explain-flow.ts';
import { flowGraph } from './flow-graph.ts';
import { newFlowProgress } from './flow-progress.ts';
import type { FlowEffect, FlowEvent, FlowLogLine, FlowProgress } from './flow-progress.ts';
import type { JsonObject } from '../json.ts';

const startAt = '2026-11-21T12:00:00.000Z';
const later = '2026-11-21T12:00:07.000Z';
const action = { Type: 'Action', ActionUrl: 'interpulse:compute', WaitTime: 60 };

const lanes = [
  {
    StartAt: 'Near',
    States: { Near: { ...action, Parameters: { at: 'near' }, ResultPath: '$.job', End: true } },
  },
  {
    StartAt: 'Far',
    States: {
      Far: { ...action, Parameters: { at: 'far' }, ResultPath: '$.job', Next: 'FarPlot' },
      FarPlot: { ...action, Parameters: { at: 'far' }, ResultPath: '$.plot', End: true },
    },
  },
];

const race = (more: object = {}, Branches: unknown[] = lanes): JsonObject => ({
  StartAt: 'Race',
  States: {
    Race: {
      Type: 'Parallel',
      CompleteWhen: 'First',
      Parameters: { 'n.$': '$.n' },
      Branches,
      ResultPath: '$.race',
      Next: 'After',
      ...more,
    } as unknown as JsonObject,
    After: { Type: 'Pass', End: true },
  },
});

/** A flow run that is stored and read back after every event, as the hub does. */
class Rehearsal {
  readonly definition: FlowDefinition;
  run: FlowProgress = newFlowProgress();
  effects: FlowEffect[] = [];
  readonly log: FlowLogLine[] = [];

  constructor(json: JsonObject, context: JsonObject = {}) {
    const parsed = parseDefinition(json);
    assert.ok('definition' in parsed, JSON.stringify(parsed));
    this.definition = parsed.definition;
    this.take({ kind: 'started', input: { n: 1 }, context }, startAt);
  }

  take(event: FlowEvent, at = later): string | null {
    const result = advanceFlow(this.definition, this.run, event, at);
    if ('refusal' in result) return result.refusal.reason;
    this.run = JSON.parse(JSON.stringify(result.run)) as FlowProgress;
    this.effects = result.effects;
    this.log.push(...result.log);
    return null;
  }

  end(state: string, status: 'SUCCEEDED' | 'FAILED', details: JsonObject = {}): string | null {
    const statusDocument = { status, details };
    return this.take({ kind: 'actionEnded', step: this.stepOf(state), statusDocument });
  }

  stepOf(state: string): number {
    const branch = this.run.branches.find((each) => each.state === state);
    assert.ok(branch, `no branch is at ${state}`);
    return branch.step;
  }

  get canceled(): number[] {
    return this.effects.flatMap((each) => (each.kind === 'cancelAction' ? [each.step] : []));
  }

  get result(): JsonObject {
    return this.run.data['race'] as JsonObject;
  }
}

test('the first branch that ends well decides, the others are canceled', () => {
  const expected = { Far: { seconds: 10, visits: 1 }, FarPlot: { seconds: 4, visits: 1 } };
  const flow = new Rehearsal(race(), { expected });
  const far = flow.stepOf('Far');
  assert.match(explainFlow(flow.run).sentence, /^Race: the first of 2 branches decides; 2 under/);
  flow.end('Near', 'SUCCEEDED', { of: 'near' });
  assert.deepEqual(flow.canceled, [far]);
  assert.equal(flow.run.status, 'SUCCEEDED');
  assert.deepEqual(flow.result, {
    index: 0,
    seconds: 7,
    result: {
      n: 1,
      job: { status: 'SUCCEEDED', details: { of: 'near' }, state_name: 'Near' },
    },
    others: [{ index: 1, status: 'CANCELED', state_name: 'Far', predicted_seconds_left: 7 }],
  });
  assert.equal(flow.take({ kind: 'actionEnded', step: far, statusDocument: {} }), 'ended');
  const codes = flow.log.map(
    ({ code, details }) => `${code} ${JSON.stringify(details['state_name'])}`,
  );
  assert.ok(codes.includes('ActionCanceled "Far"'), codes.join());
});

test('a branch that fails does not lose the race while another runs', () => {
  const flow = new Rehearsal(race());
  const near = flow.stepOf('Near');
  flow.end('Near', 'FAILED', { cause: 'disk full' });
  assert.equal(flow.run.status, 'ACTIVE');
  assert.deepEqual(flow.canceled, []);
  assert.match(explainFlow(flow.run).sentence, /decides; 1 failed, 1 under way/);
  const repeated = { kind: 'actionEnded', step: near, statusDocument: {} } as const;
  assert.equal(flow.take(repeated), 'otherStep');
  flow.end('Far', 'SUCCEEDED');
  flow.end('FarPlot', 'SUCCEEDED');
  assert.equal(flow.run.status, 'SUCCEEDED');
  assert.equal(flow.result['index'], 1);
  const failed = { error: 'ActionFailedException', cause: 'Race[0]/Near: disk full' };
  assert.deepEqual(flow.result['others'], [{ index: 0, status: 'FAILED', ...failed }]);
});

test('when all have failed the state raises: Retry begins anew, Catch says why', () => {
  const flow = new Rehearsal(
    race({
      Retry: [{ ErrorEquals: ['Flows.RaceError'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['Flows.RaceError'], ResultPath: '$.why', Next: 'After' }],
    }),
  );
  for (const round of [1, 2]) {
    flow.end('Far', 'FAILED', { cause: 'far is down' });
    flow.end('Near', 'FAILED', { cause: 'disk full' });
    if (round === 1) {
      assert.match(explainFlow(flow.run).sentence, /^Race failed .*attempt 2/);
      flow.take({ kind: 'timerFired', step: flow.stepOf('Race') }, '2026-11-21T12:10:00.000Z');
    }
  }
  assert.equal(flow.run.status, 'SUCCEEDED');
  const why = flow.run.data['why'] as JsonObject;
  assert.equal(why['Error'], 'Flows.RaceError');
  const causes = 'Race[0]/Near: disk full; Race[1]/Far: far is down';
  assert.equal(why['Cause'], `no branch ended well: ${causes}`);
  assert.equal((why['failed'] as JsonObject[]).length, 2);
  assert.equal(flow.run.visits['Near'], 2);
  assert.deepEqual(flow.run.counts, { open: 0, waitForPeople: 0, sizeBytes: 0 });
});

test('a branch that ends at once wins before the next begins; others end with all inside', () => {
  const quick = { StartAt: 'Quick', States: { Quick: { Type: 'Pass', End: true } } };
  const first = new Rehearsal(race({}, [quick, ...lanes]));
  assert.deepEqual(first.result['others'], [
    { index: 1, status: 'NOT_STARTED' },
    { index: 2, status: 'NOT_STARTED' },
  ]);
  const wide = {
    StartAt: 'Both',
    States: { Both: { Type: 'Parallel', Branches: lanes, ResultPath: '$.both', End: true } },
  };
  const pause = { StartAt: 'Pause', States: { Pause: { Type: 'Wait', Seconds: 5, End: true } } };
  const flow = new Rehearsal(race({}, [wide, pause]));
  const inside = [flow.stepOf('Near'), flow.stepOf('Far')];
  flow.take({ kind: 'timerFired', step: flow.stepOf('Pause') });
  assert.deepEqual(flow.canceled, inside);
  assert.equal(flow.result['index'], 1);
  assert.deepEqual(flow.run.branches, []);
});

test('what a branch hides stays hidden in the result of the race', () => {
  const hiding = {
    StartAt: 'Hide',
    States: {
      Hide: {
        Type: 'Pass',
        Parameters: { key: 'secret', __Private_Parameters: ['key'] },
        ResultPath: '$.inside',
        End: true,
      },
    },
  };
  const flow = new Rehearsal(race({}, [hiding]));
  assert.deepEqual(flow.run.privatePaths, [['race', 'result', 'inside', 'key']]);
  assert.ok(!JSON.stringify(flow.log).includes('secret'));
});

test('a race is checked, warned of as ours, and drawn', () => {
  const json = race({ ResultPath: '$' });
  const parsed = parseDefinition(json);
  assert.ok('warnings' in parsed, 'the result is an object, so it may be the whole state');
  const warned = parsed.warnings.map(({ loc, type }) => `${loc.join('/')} ${type}`);
  assert.ok(warned.includes('States/Race/CompleteWhen extension'), warned.join());
  const about = flowGraph(json).nodes.find(({ name }) => name === 'Race')?.about;
  assert.equal(about, 'first');
  const wrong = parseDefinition(race({ CompleteWhen: 'Fastest' }));
  assert.ok('faults' in wrong);
  assert.deepEqual(wrong.faults[0]?.loc, ['States', 'Race', 'CompleteWhen']);
  const list = parseDefinition(race({ CompleteWhen: 'All', ResultPath: '$' }));
  assert.ok('faults' in list, 'a list cannot be the whole state');
});
