import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Job } from '@interpulse/domain/job/job.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { analyzeApp } from '../testing/analyze-flow.ts';
import { computeState, startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

/** All that a flow may ask of a job, as it is read again. */
const asked = {
  priority: 7,
  deadlineAt: '2031-01-01T00:00:00.000Z',
  environment: { OMP_NUM_THREADS: '2' },
  placement: 'shortestBacklog',
  allocation: 'fusion',
  tags: { scan: '12' },
  onError: { retries: 2, delaySeconds: 1, backoffRate: 1, resources: {} },
  onTimeout: { retries: 1, delaySeconds: 0, backoffRate: 2, resources: { walltimeSeconds: 120 } },
  restartable: true,
  mayUseHub: true,
} as const;

describe('the action compute', () => {
  let hub: TestHub;
  let centre: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await analyzeApp(hub);
    const state = computeState('centre');
    centre = new FakeAgent({ url: hub.url, ...(await hub.enrol('centre')), state });
    await centre.ready();
  });
  after(async () => {
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  /** The job of a flow that does nothing else. */
  const jobOf = async (flow: string, more: object): Promise<Job> => {
    const Parameters = { app: 'analyze', inputs: { file: 'centre-scratch:/a.h5' }, ...more };
    const action = { Type: 'Action', ActionUrl: 'interpulse:compute', Parameters, End: true };
    const definition = { StartAt: 'Analyze', States: { Analyze: action } };
    await hub.saveFlow(flow, definition);
    const due = { urgency: 'urgent', deadlineAt: '2030-01-01T00:00:00.000Z' };
    const query = `/jobs?flowRun=${await hub.startFlow(flow, {}, due)}`;
    const listed = await until('the job', async () => {
      return ((await hub.send('GET', query)).body['items'] as Job[])[0];
    });
    return (await hub.send('GET', `/jobs/${listed.id}`)).body['job'] as Job;
  };

  test('asks for what jobs ask for', async () => {
    const job = await jobOf('asks', { ...asked, returnTo: 'centre-scratch:/back/' });
    const got = Object.keys(asked).map((key) => [key, job[key as keyof typeof asked]]);
    assert.deepEqual(Object.fromEntries(got), asked);
    assert.deepEqual([job.returnTo, job.urgency], ['centre-scratch:/back', 'urgent']);
  });

  test("has the flow run's deadline unless it says another, or none", async () => {
    assert.equal((await jobOf('same', {})).deadlineAt, '2030-01-01T00:00:00.000Z');
    assert.equal((await jobOf('none', { deadlineAt: null })).deadlineAt, null);
  });
});
