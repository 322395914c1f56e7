import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import {
  unwrap,
  type InterpulseClient,
  type Schemas,
} from '@interpulse/api/client/create-client.ts';
import { findProcesses, type FoundProcess } from '@interpulse/testing/facility/find-processes.ts';
import { randomFromSeed } from '@interpulse/testing/facility/random-from-seed.ts';
import type { Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { startSmallFacility, type SmallFacility } from './small-facility.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const items = Number(process.env['INTERPULSE_ITEMS'] ?? 2000);
/** Branches under way together: most of their jobs wait when the flow run is canceled. */
const together = 600;
const ending = ['completed', 'failed', 'canceled'] as const;

const each = {
  Type: 'Action',
  ActionUrl: 'interpulse:compute',
  Parameters: { app: 'short' },
  ResultPath: '$.job',
  End: true,
};
const fans = {
  StartAt: 'Fan',
  States: {
    Fan: {
      Type: 'Map',
      ItemsPath: '$.list',
      ItemSelector: { 'item.$': '$._context.Map.Item.Value' },
      MaxConcurrency: together,
      ItemProcessor: { StartAt: 'Each', States: { Each: each } },
      ResultPath: '$.results',
      End: true,
    },
  },
};

describe(`a Map of ${items} items canceled in the middle (INTERPULSE_SEED=${seed})`, () => {
  const random = randomFromSeed(seed);
  let small: SmallFacility;

  before(async () => {
    small = await startSmallFacility();
    const { client } = small.facility;
    const app = { params: { path: { app: 'short' } } };
    // Those that are canceled must be ended: they would work for longer than the test.
    const script = 'case $(date +%N) in *01 | *51) exec sleep 300;; esac';
    const command = ['sh', '-c', script];
    await unwrap(client.PUT('/api/v1/apps/{app}', { ...app, body: { command } }));
    const body = { definition: { ...fans }, project: 'demo' };
    const flow = { params: { path: { flow: 'fans' } } };
    await unwrap(client.PUT('/api/v1/flows/{flow}', { ...flow, body }));
  });
  after(async () => {
    await small?.facility.stop();
    if (small) await rm(small.facility.folder, { recursive: true, force: true });
  });

  /** Starts the flow, and waits until some of its jobs have ended and many have not. */
  const startAndWait = async (): Promise<string> => {
    const input = { list: Array.from({ length: items }, (_, index) => index) };
    const body = { flow: 'fans', input, project: 'demo' };
    const { id } = await unwrap(small.facility.client.POST('/api/v1/flow-runs', { body }));
    const enough = 5 + random() * 20;
    await until('some of its jobs to end', 30, async () => {
      const { completed = 0 } = await countsOf(small.facility.client, id);
      return completed > enough;
    });
    return id;
  };
  const cancel = (id: string) => cancelRun(small.facility.client, id);

  it('all its jobs end, it ends once, and a second cancel is harmless', async () => {
    const id = await startAndWait();
    const answers = await Promise.all([cancel(id), cancel(id)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['ENDED', 'ENDED'],
    );
    await checkEnded(small.facility, id);
    const { endedAt } = await cancel(id);
    assert.equal(endedAt, answers[0].endedAt, 'it stays as it ended');
    await checkEnded(small.facility, id);
  });

  for (const killed of [1, 2]) {
    it(`so too when the hub is killed in the middle of it (${killed})`, async () => {
      const id = await startAndWait();
      const asked = cancel(id).then(
        ({ status }) => status,
        () => 'no answer',
      );
      await new Promise((resolve) => setTimeout(resolve, random() * 400));
      await small.facility.kill('hub');
      const answer = await asked;
      console.log(`the cancel was answered with: ${answer}`);
      await small.facility.start('hub');
      // Whoever got no answer asks again; whoever got one need not.
      if (answer !== 'ENDED') await cancel(id);
      await checkEnded(small.facility, id);
    });
  }

  it('the sites go on: a shot is answered', async () => {
    await small.takeShot(1);
    await until('the answer', 30, async () => {
      const query = { flow: 'work', status: 'SUCCEEDED' };
      const { client } = small.facility;
      const { total } = await unwrap(client.GET('/api/v1/flow-runs/counts', { params: { query } }));
      return total === 1;
    });
  });
});

/** Its jobs, by their state. */
async function countsOf(
  client: InterpulseClient,
  flowRun: string,
): Promise<Record<string, number>> {
  const params = { query: { flowRun } };
  return (await unwrap(client.GET('/api/v1/jobs/counts', { params }))).counts;
}

async function cancelRun(client: InterpulseClient, flowRunId: string): Promise<Schemas['FlowRun']> {
  const params = { path: { flowRunId } };
  return unwrap(client.POST('/api/v1/flow-runs/{flowRunId}/cancel', { params }));
}

/** Asserts that it ended once, that none of its jobs is left, and that no process of one is. */
async function checkEnded({ client, folder }: Facility, flowRunId: string): Promise<void> {
  await until('the end of its jobs', 20, async () => {
    const counts = await countsOf(client, flowRunId);
    return Object.keys(counts).every((state) => ending.some((end) => end === state));
  });
  await until('the end of their processes', 20, async () => atWork(folder).length === 0);
  const left = await countsOf(client, flowRunId);
  const params = { path: { flowRunId } };
  const told = await unwrap(client.GET('/api/v1/flow-runs/{flowRunId}', { params }));
  assert.equal(told.flowRun.status, 'ENDED');
  const log = await unwrap(
    client.GET('/api/v1/flow-runs/{flowRunId}/log', {
      params: { ...params, query: { newestFirst: 'true', limit: 200 } },
    }),
  );
  const ends = log.items.filter(({ code }) => /^Flow(Canceled|Failed|Succeeded)$/.test(code));
  assert.deepEqual(
    ends.map(({ code }) => code),
    ['FlowCanceled'],
  );
  const query = { flowRun: flowRunId, subjectType: 'flowRun' as const, limit: 500 };
  const events = await unwrap(client.GET('/api/v1/events', { params: { query } }));
  assert.deepEqual(
    events.items.filter(({ kind }) => /ended|canceled/.test(kind)).map(({ kind }) => kind),
    ['flowRun.ended'],
  );
  const open = await unwrap(
    client.GET('/api/v1/flow-runs/{flowRunId}/steps', {
      params: { ...params, query: { status: 'active', limit: 10 } },
    }),
  );
  assert.deepEqual(open.items, []);
  assert.deepEqual(await countsOf(client, flowRunId), left, 'no job comes after the end');
  console.log(JSON.stringify(left));
}

/** Processes of its jobs that would work for longer than the test. */
function atWork(folder: string): FoundProcess[] {
  return findProcesses(folder).filter(({ command }) => command === 'sleep 300');
}
