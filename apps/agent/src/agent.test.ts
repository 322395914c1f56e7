import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { startAgent } from './agent.ts';
import {
  FakeHub,
  leaseOf,
  quietLog,
  testConfig,
  testFolder,
  testIdentity,
  until,
} from './agent-test-kit.ts';
import type { AgentConfigInput } from './config/agent-config.ts';

async function setUp(t: TestContext, more: Partial<AgentConfigInput> = {}) {
  const folder = testFolder(t);
  const hub = await FakeHub.start(t);
  const identity = testIdentity();
  const config = testConfig(folder, hub.url, more);
  const agent = await startAgent(config, identity, quietLog);
  t.after(() => agent.close({ endPilots: true }));
  return { folder, hub, identity, config, agent };
}

describe('an agent', () => {
  it('says everything that it is when it connects', async (t) => {
    const { hub, identity } = await setUp(t);
    await hub.session(identity);
    const state = await until('the state comes', () => hub.all('agentState')[0]);
    assert.equal(state.compute?.coresPerNode, 2);
    assert.deepEqual(state.collections, [{ name: 'scratch', title: '', writable: true }]);
    assert.deepEqual(state.pilots, []);
  });

  it('runs what is leased to its pilot, with inputs and outputs as files', async (t) => {
    const { hub, identity } = await setUp(t);
    const { pilotId, session } = await hub.startPilot(identity);
    const lease = leaseOf(['sh', '-c', 'echo {word} $INTERPULSE_CORES > out.txt'], {
      parameters: { word: 'hello' },
      outputs: [{ name: 'answer', path: '*.txt', required: true }],
    });
    await session.send({ type: 'leases', pilotId, jobs: [lease] });
    const end = await until('the job ends', () =>
      hub.reports().find(({ event }) => event !== 'started'),
    );
    assert.equal(end.event, 'completed', end.reason ?? '');
    assert.deepEqual(end.outputs, [
      { name: 'answer', location: `${lease.workFolder}/out.txt`, sizeBytes: 8 },
    ]);
    assert.deepEqual(
      hub.reports().map(({ event }) => event),
      ['started', 'completed'],
    );
  });
});
