import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { enrolWithPilot } from '../testing/enrol-with-pilot.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

const runApp = {
  Type: 'Action',
  ActionUrl: 'interpulse:compute',
  WaitTime: 3600,
  ResultPath: '$.job',
  End: true,
};

/** Three analyses at most two at a time, beside a wait for a fourth; then an end. */
const fans = {
  StartAt: 'Both',
  States: {
    Both: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Each',
          States: {
            Each: {
              Type: 'Map',
              ItemsPath: '$.levels',
              MaxConcurrency: 2,
              ItemSelector: { 'levels.$': '$._context.Map.Item.Value' },
              ItemProcessor: {
                StartAt: 'Analyze',
                States: {
                  Analyze: {
                    ...runApp,
                    Parameters: { app: 'bare', parameters: { 'levels.$': '$.levels' } },
                  },
                },
              },
              ResultPath: '$.each',
              End: true,
            },
          },
        },
        {
          StartAt: 'Calibrate',
          States: { Calibrate: { ...runApp, Parameters: { app: 'bare', 'label.$': '$.label' } } },
        },
      ],
      ResultPath: '$.both',
      Next: 'Done',
    },
    Done: { Type: 'Pass', End: true },
  },
};

/** One branch starts a job, the other an action that cannot be. */
const broken = {
  StartAt: 'Two',
  States: {
    Two: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Work', States: { Work: { ...runApp, Parameters: { app: 'bare' } } } },
        { StartAt: 'Lost', States: { Lost: { ...runApp, Parameters: { app: 'no-such-app' } } } },
      ],
      ResultPath: '$.two',
      End: true,
    },
  },
};

describe('flow runs that fan out', () => {
  let hub: TestHub;
  let centre: FakeAgent;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    const levels = { type: 'integer', default: 4 };
    const parameters = { type: 'object', properties: { levels } };
    const resources = { cores: 1, walltimeSeconds: 60 };
    const app = { command: ['bare', '{levels}'], parameters, resources };
    assert.equal((await hub.send('PUT', '/apps/bare', app)).status, 200);
    for (const [name, definition] of Object.entries({ fans, broken })) {
      await hub.saveFlow(name, definition);
    }
    centre = await enrolWithPilot(hub, 'centre', { pilotCores: 8 });
  });
  after(async () => {
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  const start = async (flow: string): Promise<string> => {
    const input = { levels: [1, 2, 3], label: 'dark frames' };
    return hub.startFlow(flow, input);
  };
  const read = (flowRunId: string) =>
    unwrap(hub.admin.GET('/api/v1/flow-runs/{flowRunId}', { params: { path: { flowRunId } } }));

  test('jobs run beside each other, no more than allowed; results come back in order', async () => {
    const id = await start('fans');
    const first = [await centre.nextLease(), await centre.nextLease(), await centre.nextLease()];
    const { flowRun, steps } = await read(id);
    assert.equal(flowRun.stateName, 'Both');
    assert.match(flowRun.reason ?? '', /Both: 0 of 2 branches are done, 2 under way/);
    assert.deepEqual(
      steps.map(({ stateName, status }) => `${stateName} ${status}`).toSorted(),
      [
        'Both active',
        'Both[0]/Each active',
        'Both[0]/Each[0]/Analyze active',
        'Both[0]/Each[1]/Analyze active',
        'Both[1]/Calibrate active',
      ].toSorted(),
    );
    for (const lease of first.toReversed()) await centre.sayJobs(centre.report(lease, 'completed'));
    const last = await centre.nextLease();
    assert.equal((await read(id)).flowRun.status, 'ACTIVE');
    await centre.sayJobs(centre.report(last, 'completed'));
    const done = await read(id);
    assert.equal(done.flowRun.status, 'SUCCEEDED', done.flowRun.reason ?? '');
    assert.deepEqual([done.flowRun.stepsDone, done.flowRun.stepsTotal], [1, 1]);
    const { both } = done.output as { both: [{ each: { levels: number; job: object }[] }, object] };
    assert.deepEqual(
      both[0].each.map(({ levels }) => levels),
      [1, 2, 3],
    );
    assert.ok(done.steps.every(({ status }) => status === 'succeeded'));
    const log = await hub.send('GET', `/flow-runs/${id}/log`);
    assert.match(JSON.stringify(log.body), /State Both\[0\]\/Each\[2\]\/Analyze of type Action/);
  });

  test('a branch that fails cancels what the others started, also in the same moment', async () => {
    const id = await start('broken');
    const { flowRun, steps } = await read(id);
    assert.equal(flowRun.status, 'FAILED');
    assert.match(flowRun.reason ?? '', /Two\[1\]\/Lost: .*no-such-app/);
    const work = steps.find(({ stateName }) => stateName === 'Two[0]/Work');
    assert.equal(work?.status, 'canceled');
    const job = await hub.send('GET', `/jobs/${work.jobId}`);
    assert.equal((job.body['job'] as { state: string }).state, 'canceled');
    const { jobId, attempt, pilotId } = await centre.nextLease();
    assert.equal(jobId, work.jobId);
    const told = await centre.next('cancelJobs');
    assert.deepEqual(told.jobs, [{ jobId, attempt, pilotId }]);
  });

  test('a failing job, and a cancel, leave no job of the run alive', async () => {
    const failing = await start('fans');
    const [lease] = [await centre.nextLease(), await centre.nextLease(), await centre.nextLease()];
    assert.ok(lease);
    await centre.sayJobs(centre.report(lease, 'failed', { reason: 'it ran out of memory' }));
    const failed = await read(failing);
    assert.equal(failed.flowRun.status, 'FAILED');
    assert.match(failed.flowRun.reason ?? '', /out of memory/);
    const canceled = await start('fans');
    await hub.send('POST', `/flow-runs/${canceled}/cancel`);
    assert.equal((await read(canceled)).flowRun.status, 'ENDED');
    for (const { steps } of [failed, await read(canceled)]) {
      const jobs = steps.flatMap(({ jobId }) => (jobId === null ? [] : [jobId]));
      assert.equal(jobs.length, 3);
      for (const jobId of jobs) {
        const { body } = await hub.send('GET', `/jobs/${jobId}`);
        const { state } = body['job'] as { state: string };
        assert.ok(['failed', 'canceled'].includes(state), state);
      }
    }
  });
});
