import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startBareHub, type BareHub } from './start-bare-hub.ts';

/** No request may keep the hub so long from answering others, in milliseconds. */
const longestSilenceMs = 5000;
const tenThousand = Array.from({ length: 10_000 }, (_, index) => index);

function evaluates(text: string, key = 'v.='): object {
  const state = { Type: 'ExpressionEval', Parameters: { [key]: text }, ResultPath: '$.v' };
  return { StartAt: 'E', States: { E: { ...state, End: true } } };
}

function passes(parameters: object): object {
  return { StartAt: 'P', States: { P: { Type: 'Pass', Parameters: parameters, End: true } } };
}

/** Goes round for ever, with what the expressions make each time. */
function endless(parameters: object): object {
  const test = { Variable: '$.n', NumericGreaterThan: -1, Next: 'A' };
  return {
    StartAt: 'A',
    States: {
      A: { Type: 'ExpressionEval', Parameters: parameters, ResultPath: '$', Next: 'B' },
      B: { Type: 'Choice', Choices: [test], Default: 'End' },
      End: { Type: 'Succeed' },
    },
  };
}

const round = endless({ 'n.=': 'n + 1' });
const doubling = endless({ 'n.=': 'n', 'list.=': 'list + list', 'text.=': 'text + text' });

/** For each of 10,000 items as many again. */
const mapOfMaps = {
  StartAt: 'Outer',
  States: {
    Outer: {
      Type: 'Map',
      ItemsPath: '$.list',
      ItemSelector: { 'list.$': '$.list' },
      ItemProcessor: {
        StartAt: 'Inner',
        States: {
          Inner: {
            Type: 'Map',
            ItemsPath: '$.list',
            ItemSelector: { 'item.$': '$._context.Map.Item.Value' },
            ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
            ResultPath: '$.inner',
            End: true,
          },
        },
      },
      ResultPath: '$.outer',
      End: true,
    },
  },
};

/** Flows that take without end, and what the reason of their failure must say. */
const bombs: Record<string, { definition: object; says: RegExp; input?: object }> = {
  'endless-loop': { definition: round, input: { n: 0 }, says: /put a Wait in the loop/ },
  'growing-loop': {
    definition: doubling,
    input: { n: 0, list: [1, 2], text: 'ab' },
    says: /larger than|too large|more than|at most/,
  },
  'long-text': { definition: evaluates("'a' * 1000000000"), says: /more than|at most|too l/ },
  'all-by-all': {
    definition: evaluates('[[b for b in list] for a in list]'),
    says: /steps|elements|at most|more than/,
  },
  'replaced-again': {
    definition: evaluates("str(list).replace('1', str(list)).replace('2', str(list))"),
    says: /characters|elements|steps|at most|more than/,
  },
  'nothing-there': { definition: passes({ 'x.$': '$.no.such.place' }), says: /no.such.place/ },
};

/** Definitions that are refused when they are saved, and what is said. */
const refused: Record<string, { definition: object; says: RegExp }> = {
  'deep-brackets': { definition: evaluates(`${'('.repeat(5000)}1`), says: /./ },
  'long-chain': { definition: evaluates(`1${'+1'.repeat(4900)}`), says: /./ },
  'long-path': { definition: passes({ 'x.$': `$${'.a[*]'.repeat(5000)}` }), says: /./ },
  'recursive-path': { definition: passes({ 'x.$': `$${'..*'.repeat(50)}` }), says: /./ },
  'not-ours': {
    definition: evaluates('process.exit(1) if __import__ else constructor'),
    says: /./,
  },
};

describe('flows that would take for ever', () => {
  let hub: BareHub;
  const slow: string[] = [];

  before(async () => {
    hub = await startBareHub();
  });
  after(() => hub?.end());

  /** The answer, and how long another question waited beside it. */
  const watched = async <T>(what: string, work: Promise<T>): Promise<T> => {
    let isOver = false;
    const done = work.finally(() => (isOver = true));
    const look = async (): Promise<void> => {
      while (!isOver) {
        const tookMs = await hub.healthMilliseconds();
        if (tookMs > longestSilenceMs / 5) console.log(`${what}: ${tookMs.toFixed(0)} ms`);
        if (tookMs > longestSilenceMs) slow.push(`${what}: ${tookMs.toFixed(0)} ms`);
      }
    };
    const [answer] = await Promise.all([done, look()]);
    return answer;
  };
  const reasonOf = async (flow: string, input: object): Promise<string> => {
    const { client } = hub.facility;
    const body = { flow, input: { ...input }, project: 'demo' };
    const { id } = await unwrap(client.POST('/api/v1/flow-runs', { body }));
    const params = { path: { flowRunId: id } };
    const { flowRun } = await until(`the end of ${flow}`, 40, async () => {
      const told = await unwrap(client.GET('/api/v1/flow-runs/{flowRunId}', { params }));
      return told.flowRun.endedAt !== null && told;
    });
    assert.equal(flowRun.status, 'FAILED', flow);
    return flowRun.reason ?? '';
  };

  for (const [flow, { definition, says, input = { list: tenThousand } }] of Object.entries(bombs)) {
    it(`${flow} is stopped, and its reason says by what`, async () => {
      await hub.saveFlows({ [flow]: definition });
      const reason = await watched(flow, reasonOf(flow, input));
      console.log(`${flow}: ${reason.slice(0, 200)}`);
      assert.match(reason, says);
      assert.ok(reason.length < 2500, `${reason.length} characters`);
    });
  }

  for (const [flow, { definition, says }] of Object.entries(refused)) {
    it(`${flow} is refused when it is saved`, async () => {
      const save = hub.saveFlows({ [flow]: definition }).then(
        () => 'was saved',
        (error: unknown) => String(error),
      );
      const said = await watched(flow, save);
      console.log(`${flow}: ${said.slice(0, 200)}`);
      assert.notEqual(said, 'was saved');
      assert.match(said, says);
    });
  }

  it('a Map of Maps goes on in turns, and is canceled while it does', async () => {
    const { client } = hub.facility;
    await hub.saveFlows({ 'map-of-maps': mapOfMaps });
    const start = (list: number[]) => {
      const body = { flow: 'map-of-maps', input: { list }, project: 'demo' };
      return unwrap(client.POST('/api/v1/flow-runs', { body }));
    };
    const read = async (flowRunId: string) => {
      const params = { path: { flowRunId } };
      return unwrap(client.GET('/api/v1/flow-runs/{flowRunId}', { params }));
    };
    const large = await start(tenThousand);
    const small = await watched('map-of-maps', start(tenThousand.slice(0, 60)));
    const ended = until('the end of the small one', 30, async () => {
      const told = await read(small.id);
      return told.flowRun.endedAt !== null && told;
    });
    const { flowRun, output } = await watched('map-of-maps', ended);
    assert.equal(flowRun.status, 'SUCCEEDED', flowRun.reason ?? '');
    const { outer } = output as { outer: { inner: { item: number }[] }[] };
    assert.ok(outer.length === 60 && outer.every(({ inner }) => inner[59]?.item === 59));
    assert.equal((await read(large.id)).flowRun.status, 'ACTIVE');
    const params = { path: { flowRunId: large.id } };
    const cancel = client.POST('/api/v1/flow-runs/{flowRunId}/cancel', { params });
    assert.equal((await watched('the cancel', unwrap(cancel))).status, 'ENDED');
  });

  it('the hub answered others all the while, and is the same process', async () => {
    assert.deepEqual(slow, []);
    await hub.healthMilliseconds();
  });
});
