import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';

let folder: string;
let facility: Facility;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ip-two-pilots-'));
  await mkdir(join(folder, 'scratch'));
  const settings = { minWarm: 1, maxPilots: 2, idleSeconds: 600 };
  const compute = {
    scratchCollection: 'scratch',
    allowsCommands: true,
    pools: [{ coresPerNode: 2, settings }],
  };
  const collections = [{ name: 'scratch', root: join(folder, 'scratch') }];
  const config = { compute, collections, endPilots: true };
  facility = await startFacility({ folder, agents: [{ site: 'centre', config }] });
});

after(async () => {
  await facility.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a second pilot comes for what the first keeps at hand, and runs it', async () => {
  const { client } = facility;
  await until('a warm pilot', 60, async () => {
    const query = { alive: 'true' as const };
    const { items } = await unwrap(client.GET('/api/v1/pilots', { params: { query } }));
    return items.some(({ state }) => state === 'running');
  });
  const common = { command: ['sleep', '600'] };
  const body = { common, jobs: [{}, {}, {}, {}] };
  const { jobIds } = await unwrap(client.POST('/api/v1/jobs', { body }));
  const running = await until('all four to run', 60, async () => {
    const query = { state: 'active' };
    const { items } = await unwrap(client.GET('/api/v1/jobs', { params: { query } }));
    return items.length === 4 ? items : undefined;
  });
  assert.deepEqual(running.map(({ id }) => id).toSorted(), jobIds.toSorted());
  const byPilot = Map.groupBy(running, ({ pilotId }) => pilotId);
  assert.deepEqual(
    [...byPilot.values()].map(({ length }) => length),
    [2, 2],
  );
});
