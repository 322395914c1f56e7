import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import { startBareHub, type BareHub } from './start-bare-hub.ts';

const pass = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };
/** As many flow runs may come of one, whatever triggers were saved. */
const mostRuns = 1000;

describe('flows that start each other', () => {
  let hub: BareHub;

  before(async () => {
    hub = await startBareHub();
    await hub.saveFlows({ ring: pass, tree: pass, there: pass, back: pass });
  });
  after(() => hub?.end());

  const saveTrigger = async (trigger: string, ofFlow: string, flowName: string): Promise<void> => {
    const source = { kind: 'flow' as const, flowName: ofFlow };
    const body = { source, flowName, project: 'demo', deadline: 'none' as const };
    const params = { path: { trigger } };
    await unwrap(hub.facility.client.PUT('/api/v1/triggers/{trigger}', { params, body }));
  };
  /** Starts a flow run; how many came of it, once no more come. */
  const runsOfOne = async (flow: string, flows: readonly string[]): Promise<number> => {
    const { client } = hub.facility;
    let isOver = false;
    const started = unwrap(client.POST('/api/v1/flow-runs', { body: { flow, project: 'demo' } }));
    const done = started.finally(() => (isOver = true));
    const look = async (): Promise<void> => {
      while (!isOver) assert.ok((await hub.healthMilliseconds()) < 5000, 'the hub answers');
    };
    await Promise.all([done, look()]);
    let sum = 0;
    for (const each of flows) {
      const query = { flow: each };
      const { total } = await unwrap(client.GET('/api/v1/flow-runs/counts', { params: { query } }));
      sum += total;
    }
    return sum;
  };
  const reasonOf = async (trigger: string): Promise<string> => {
    const params = { path: { trigger }, query: { outcome: 'failed' as const } };
    const { client } = hub.facility;
    const answer = client.GET('/api/v1/triggers/{trigger}/firings', { params });
    return (await unwrap(answer)).items[0]?.reason ?? 'none failed';
  };

  it('two that start each other stop, and the reason names the flow', async () => {
    await saveTrigger('there', 'back', 'there');
    await saveTrigger('back', 'there', 'back');
    const runs = await runsOfOne('there', ['there', 'back']);
    assert.equal(runs, triggerLimits.chainDepth + 1);
    const reasons = [await reasonOf('there'), await reasonOf('back')];
    assert.match(reasons.join(' '), /does flow (there|back) start itself\?/);
  });

  it('one whose end starts it twice grows no tree without end', async () => {
    await saveTrigger('left', 'tree', 'tree');
    await saveTrigger('right', 'tree', 'tree');
    const runs = await runsOfOne('tree', ['tree']);
    console.log(`${runs} flow runs`);
    assert.ok(runs > 4 && runs < mostRuns, `${runs} flow runs came of one`);
    assert.match(await reasonOf('left'), /does flow tree start itself\?/);
  });

  it('one whose end starts many others starts them all', async () => {
    const names = Array.from({ length: 20 }, (_, number) => `after-${number}`);
    await hub.saveFlows(Object.fromEntries(names.map((name) => [name, pass])));
    for (const name of names) await saveTrigger(`to-${name}`, 'ring', name);
    await hub.saveFlows({ last: pass });
    await saveTrigger('to-last', 'after-3', 'last');
    assert.equal(await runsOfOne('ring', [...names, 'last']), names.length + 1);
  });
});
