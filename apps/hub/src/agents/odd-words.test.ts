import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { enrolWithPilot } from '../testing/enrol-with-pilot.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

const large = Number.MAX_SAFE_INTEGER;
const bad = 'a\0b\ud800c';
const figure = { label: bad, value: 1, unit: '' };
const plot = { kind: 'image' as const, png: 'AAAA', widthPixels: 1, heightPixels: 1 };
const output = { name: 'preview', location: 'centre-scratch:/p', sizeBytes: large, sha256: null };

/** Ends of attempts that no agent of ours says, or only of programs that write what they like. */
const odd: Record<string, Partial<JobReport>> = {
  'stderr that is no text': { event: 'failed', stderrTail: bad, reason: bad, exitCode: 1 },
  'a preview with such words': {
    outputs: [output],
    preview: { ...plot, title: bad, figures: [figure] },
  },
  'names of hosts and users': { host: bad, hosts: [bad, ''], user: bad, argv: [bad], signal: bad },
  'versions by odd names': { versions: { [bad]: bad, ['__proto__']: 'x', constructor: 'y' } },
  'use beyond measure': {
    usage: { wallSeconds: 1e308, cpuSeconds: 1e308, peakMemoryBytes: large },
  },
  'outputs beyond measure': {
    outputs: [output, output],
    preview: { ...plot, title: '', figures: [] },
  },
  'from before there were clocks': {
    at: '0001-01-01T00:00:00.000Z',
    startedAt: '9999-12-31T23:59:59.999Z',
  },
  'from the end of days': { at: '9999-12-31T23:59:59.999Z', startedAt: '0001-01-01T00:00:00.000Z' },
};

describe('odd words of agents', () => {
  let hub: TestHub;
  let agent: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    agent = await enrolWithPilot(hub, 'centre');
  });
  after(async () => {
    agent.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const stateOf = async (jobId: string) => {
    const { status, body } = await hub.send('GET', `/jobs/${jobId}`);
    assert.equal(status, 200, JSON.stringify(body));
    return (body['job'] as { state: string }).state;
  };

  for (const [what, fields] of Object.entries(odd)) {
    test(`${what}: the job ends, and so does the next one`, { timeout: 8_000 }, async () => {
      const [one, next] = [await hub.submit(), await hub.submit()];
      const [lease, other] = [await agent.nextLease(one), await agent.nextLease(next)];
      const event = fields.event ?? 'completed';
      await agent.sayJobs(agent.report(lease, event, fields), agent.report(other, 'completed'));
      assert.equal(await stateOf(next), 'completed');
      assert.equal(await stateOf(one), event);
    });
  }

  test('numbers for which there is no room are refused, and no other word', async () => {
    const [one, next] = [await hub.submit(), await hub.submit()];
    const [lease, other] = [await agent.nextLease(one), await agent.nextLease(next)];
    const odd = agent.report(lease, 'completed', { pid: large, exitCode: -large });
    await assert.rejects(
      agent.sayJobs(odd, agent.report(other, 'completed')),
      /beyond what can be/,
    );
    assert.equal(await stateOf(next), 'completed');
    await agent.sayJobs(agent.report(lease, 'completed'));
    assert.equal(await stateOf(one), 'completed');
  });
});
