import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { allRoutes } from '@interpulse/api/routes/all-routes.ts';
import { createClient, unwrap } from '@interpulse/api/client/create-client.ts';
import type { FlowRun, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import { findPrincipalNamed } from '@interpulse/store/access/access.ts';
import { insertSecret } from '@interpulse/store/access/secrets.ts';
import type { Database } from '@interpulse/store/database.ts';
import { migrate } from '@interpulse/store/migrate.ts';
import { silentLog } from '@interpulse/store/store-log.ts';
import { loadOldDatabase, oldDatabases } from '@interpulse/testing/database/load-old-database.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { hubConfigSchema } from './hub-config.ts';
import { hashSecret, makeSecret } from './secret.ts';
import { startHubOn, type HubOnDatabase } from './start-hub.ts';
import { preview } from './testing/analyze-flow.ts';
import { computeState, instrumentState } from './testing/start-test-hub.ts';
import { until } from './testing/until.ts';

/** What lists answer, by their route; all of it is held against its contract. */
const lists = [
  'listFlows',
  'listFlowRuns',
  'listTriggers',
  'listWebInputs',
  'listFlowBatches',
  'listJobs',
  'listEnsembles',
  'listTransfers',
  'listSites',
  'listInstruments',
  'listDatasets',
  'listApps',
  'listUsers',
  'listProjects',
  'listTokens',
  'getNotices',
] as const;

for (const newest of oldDatabases) {
  describe(`a database of migration ${newest}, with work under way`, () => {
    let db: Database;
    let hub: HubOnDatabase;
    let folder = '';
    let token = '';

    before(async () => {
      db = await openTestDatabase();
      await loadOldDatabase(db, newest);
      const applied = await migrate(db);
      assert.ok(applied.length > 0 && applied.every((name) => name > newest), applied.join());
      folder = await mkdtemp(join(tmpdir(), 'interpulse-upgrade-'));
      const admin = await findPrincipalNamed(db, 'admin');
      token = makeSecret('ip');
      await insertSecret(db, {
        ...{ id: 'token_upgrade', kind: 'token', userId: admin?.id ?? null, agentId: null },
        ...{ label: '', hash: hashSecret(token), expiresAt: null },
        createdAt: new Date().toISOString(),
      });
      hub = await startHubOn(db, hubConfigSchema.parse({ folder, port: 0 }), silentLog);
    });
    after(async () => {
      await hub.stop();
      await db.close();
      await rm(folder, { recursive: true });
    });

    const get = async (path: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${hub.url}/api/v1${path}`, { headers });
      assert.equal(answer.status, 200, `${path} ${await answer.clone().text()}`);
      return answer.json();
    };
    const newestOf = async (flow: string): Promise<{ flowRun: FlowRun; steps: FlowStep[] }> => {
      const { items } = (await get(`/flow-runs?flow=${flow}`)) as { items: FlowRun[] };
      return (await get(`/flow-runs/${items[0]?.id}`)) as { flowRun: FlowRun; steps: FlowStep[] };
    };
    const ended = (flow: string) =>
      until(`the end of ${flow}`, async () => {
        const found = await newestOf(flow);
        return found.flowRun.endedAt === null ? undefined : found;
      });
    const outputOf = async (id: string) =>
      (await get(`/flow-runs/${id}/output`)) as { output: Record<string, unknown> };
    const agent = async (name: string, state: object, pilotCores?: number) => {
      const client = createClient({ baseUrl: hub.url, token });
      const body = { site: name };
      const { code } = await unwrap(client.POST('/api/v1/enrolment-codes', { body }));
      const enrolled = await unwrap(client.POST('/api/v1/agents/enrol', { body: { code } }));
      const cores = pilotCores === undefined ? {} : { pilotCores };
      const made = new FakeAgent({ url: hub.url, ...enrolled, state, ...cores });
      await made.ready();
      return made;
    };

    test('is served whole', async () => {
      for (const name of lists) {
        const { path, response } = allRoutes[name];
        const parsed = response.safeParse(await get(path));
        assert.ok(parsed.success, `${name}: ${parsed.error?.message}`);
      }
      const { items } = (await get('/flow-runs')) as { items: FlowRun[] };
      assert.ok(items.length >= 7, String(items.length));
      for (const { id } of items) {
        const found = allRoutes.getFlowRun.response.safeParse(await get(`/flow-runs/${id}`));
        assert.ok(found.success, found.error?.message);
        const log = await get(`/flow-runs/${id}/log`);
        assert.ok(allRoutes.getFlowRunLog.response.safeParse(log).success);
      }
    });

    test('flow runs whose waits are over go on by themselves, Map and Parallel too', async () => {
      const waits = await ended('waits');
      assert.equal(waits.flowRun.status, 'SUCCEEDED', waits.flowRun.reason ?? '');
      const each = await ended('each');
      assert.equal(each.flowRun.status, 'SUCCEEDED', each.flowRun.reason ?? '');
      const { output } = await outputOf(each.flowRun.id);
      assert.equal((output['each'] as unknown[]).length, 3);
      assert.equal((await newestOf('both')).flowRun.status, 'ACTIVE');
    });

    test('what ran at a site runs again there, and its flow runs end', async () => {
      const site = await agent('centre', computeState('centre'), 4);
      const flows = ['works', 'both'];
      const runJobs = async () => {
        const lease = await site.nextLease();
        await site.sayJobs(site.report(lease, 'started'));
        const files = ['result.h5', 'preview.json'].map((file) => ({
          name: file.split('.')[0] ?? '',
          location: `${lease.workFolder}/${file}`,
          sizeBytes: 7,
          sha256: null,
        }));
        await site.sayJobs(site.report(lease, 'completed', { outputs: files, preview }));
        return lease.attempt;
      };
      const attempts: number[] = [];
      const open = async () => {
        const runs = await Promise.all(flows.map(newestOf));
        return runs.some(({ flowRun }) => flowRun.endedAt === null);
      };
      while (await open()) attempts.push(await runJobs());
      assert.ok(attempts.includes(2), `one was under way: ${attempts.join()}`);
      for (const flow of flows) {
        const { flowRun } = await newestOf(flow);
        assert.equal(flowRun.status, 'SUCCEEDED', flowRun.reason ?? '');
      }
      site.vanish();
    });

    test('triggers fire as before, and remember what they fired for', async () => {
      const instrument = await agent('beamline', instrumentState('tokamak', 60));
      const { items } = (await get('/triggers')) as { items: { flowName: string }[] };
      const [trigger] = items;
      assert.ok(trigger, 'there is a trigger');
      const count = async () =>
        ((await get(`/flow-runs?flow=${trigger.flowName}`)) as { items: unknown[] }).items.length;
      const before = await count();
      const file = (shotNumber: number) => ({
        ...{ type: 'fileFinished' as const, instrument: 'tokamak', shotNumber },
        ...{ path: `/shots/shot_${shotNumber}.h5`, sizeBytes: 1000, metadata: { power: 3 } },
        modifiedAt: '2026-11-21T12:00:00.000Z',
        closedAt: new Date().toISOString(),
      });
      await instrument.say(file(7));
      assert.equal(await count(), before, 'shot 7 was told to the hub before');
      await instrument.say(file(8));
      assert.equal(await count(), before + 1);
      instrument.vanish();
    });
  });
}
