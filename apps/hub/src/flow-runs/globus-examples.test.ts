import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { FlowRun, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import { foreignMappingSchema } from '@interpulse/domain/flow/import/foreign-mapping.ts';
import { isJsonObject, type Json, type JsonObject } from '@interpulse/domain/json.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import type { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { enrolTwoSites } from '../testing/enrol-two-sites.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

const examples = new URL('../../../../../shared/data/flows/', import.meta.url);
const skip = existsSync(examples) ? false : '../shared/data/flows is not here';
const names = skip
  ? []
  : readdirSync(examples)
      .filter((file) => file.endsWith('.definition.json'))
      .map((file) => file.split('.')[0] ?? '');
const id = (digit: number): string => `00000000-0000-4000-8000-00000000000${digit}`;
const share = 'https://actions.automate.globus.org/transfer/set_permission';

const raw = { id: id(1), path: '/~/shot_1/' };
const scratch = { id: id(2), path: '/in/' };
const compute = {
  compute_endpoint_id: id(3),
  compute_function_id: id(4),
  compute_function_kwargs: { levels: 4 },
};

/** What a person or trigger would give, for whichever of the examples. */
const inputs: Record<string, JsonObject> = {
  transfer: { input: { source: raw, destination: scratch, recursive_tx: true } },
  'transfer-share': {
    input: {
      source: raw,
      destination: scratch,
      recursive_tx: true,
      principal: { type: 'identity', id: id(5) },
    },
  },
  'transfer-compute': {
    input: { source: raw, destination: scratch, recursive_tx: true, ...compute },
  },
  'transfer-compute-share': {
    input: {
      source: raw,
      destination: scratch,
      recursive_tx: true,
      ...compute,
      resultshare: { id: id(1), path: '/shared/' },
      principal: { type: 'group', id: id(6) },
    },
  },
  'tar-transfer': {
    tar: { ...compute },
    transfer: {
      source_collection: id(2),
      source_path: '/in/all.tar',
      destination_collection: id(1),
      destination_path: '/all.tar',
    },
  },
};

/** Who may read where, in the end. */
const shared: Record<string, string[]> = {
  'transfer-share': ['user:dora', 'centre-scratch:/in/'],
  'transfer-compute-share': ['project:demo', 'raw:/shared/'],
};
const moved = 'raw:/shot_1/ -> centre-scratch:/in/';
const processed = 'process {"levels":4}';
const expected: Record<string, string[]> = {
  transfer: [moved],
  'transfer-share': [moved, `${share} succeeded`],
  'transfer-compute': [moved, processed],
  'transfer-compute-share': [
    moved,
    processed,
    'centre-scratch:/in/ -> raw:/shared/',
    `${share} succeeded`,
  ],
  'tar-transfer': [processed, 'centre-scratch:/in/all.tar -> raw:/all.tar'],
};

const read = (name: string): JsonObject =>
  JSON.parse(readFileSync(new URL(name, examples), 'utf8')) as JsonObject;

/** A hub, and what stands for its two sites. */
interface World {
  hub: TestHub;
  beamline: FakeAgent;
  centre: FakeAgent;
}

async function look({ hub }: World, flowRun: string) {
  const { body } = await hub.send('GET', `/flow-runs/${flowRun}`);
  return body as unknown as { flowRun: FlowRun; steps: FlowStep[] };
}

/** Does what the agents would do for the step that is under way; the lines of what it did. */
async function serve(world: World, flowRun: string): Promise<string[]> {
  const { beamline, centre } = world;
  const did: string[] = [];
  for (;;) {
    const { steps, flowRun: now } = await until('the next step, or the end', async () => {
      const found = await look(world, flowRun);
      const isBusy = found.steps.length > did.length || found.flowRun.endedAt !== null;
      return isBusy ? found : undefined;
    });
    const step = steps[did.length];
    if (step === undefined) return did;
    if (step.transferId !== null) {
      const receiver = [beamline, centre];
      const order = await Promise.race(
        receiver.map(async (agent) => ({
          agent,
          order: await agent.nextOrder(
            ({ transferId, role }) => transferId === step.transferId && role === 'receive',
          ),
        })),
      );
      await order.agent.sayTransfer(order.order, 'succeeded');
      const [item] = order.order.items;
      did.push(`${item?.source} -> ${item?.destination}`);
    } else if (step.jobId !== null) {
      const lease = await centre.nextLease(step.jobId);
      const location = `centre-scratch:/done/result.json`;
      const value = { files: ['/in/all.tar'] };
      const output = { name: 'result', location, sizeBytes: 20, sha256: null, value };
      await centre.sayJobs(centre.report(lease, 'completed', { outputs: [output] }));
      did.push(`${lease.app?.name} ${JSON.stringify(lease.parameters)}`);
    } else did.push(`${step.provider} ${step.status}`);
    if (now.endedAt !== null && steps.length === did.length) return did;
  }
}

describe('the examples of Globus, as they are', { skip }, () => {
  let hub: TestHub;
  let beamline: FakeAgent;
  let centre: FakeAgent;

  before(async () => {
    const mapping = foreignMappingSchema.parse({
      collections: { [id(1)]: 'raw', [id(2)]: 'centre-scratch' },
      sites: { [id(3)]: 'centre' },
      apps: { [id(4)]: 'process' },
      principals: { [id(5)]: 'user:dora', [id(6)]: 'project:demo' },
    });
    hub = await startTestHub(await openTestDatabase(), { mapping });
    const outputs = [{ name: 'result', path: 'result.json', required: false }];
    const parameters = { type: 'object', properties: { levels: { type: 'integer' } } };
    const app = { command: ['process', '{levels}'], outputs, parameters };
    const resources = { cores: 1, walltimeSeconds: 60 };
    const saved = await hub.send('PUT', '/apps/process', { ...app, resources });
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    await hub.addUser('dora', 'reader');
    ({ beamline, centre } = await enrolTwoSites(hub));
  });
  after(async () => {
    beamline.vanish();
    centre.vanish();
    await hub.stop();
    await hub.hub.db.close();
  });

  for (const name of names) {
    test(name, async () => {
      const definition = read(`${name}.definition.json`);
      const inputSchema = read(`${name}.input-schema.json`);
      const check = await hub.send('POST', '/flow-imports/check', { definition, inputSchema });
      assert.equal(check.body['imports'], true, JSON.stringify(check.body));
      const body = { definition: withTime(definition), inputSchema, project: 'demo' };
      const saved = await hub.send('PUT', `/flows/${name}`, body);
      assert.equal(saved.status, 200, JSON.stringify(saved.body));
      const sent = await hub.send('POST', '/flow-runs', { flow: name, input: inputs[name] });
      assert.equal(sent.status, 201, JSON.stringify(sent.body));
      const flowRun = String(sent.body['id']);
      assert.deepEqual(await serve({ hub, beamline, centre }, flowRun), expected[name]);
      const { flowRun: end, steps } = await look({ hub, beamline, centre }, flowRun);
      assert.equal(end.status, 'SUCCEEDED', end.reason ?? '');
      const job = steps.find((step) => step.jobId !== null);
      if (job !== undefined) {
        const { details } = job.result as { details: JsonObject };
        assert.deepEqual(details['result'], [{ files: ['/in/all.tar'] }]);
        const output = { task_id: job.jobId, output: { files: ['/in/all.tar'] } };
        assert.deepEqual(details['results'], [output]);
      }
      for (const step of steps.filter(({ provider }) => provider === share)) {
        const { details } = step.result as { details: JsonObject };
        assert.deepEqual([details['grantee'], details['location']], shared[name]);
      }
    });
  }
});

/** The examples wait a minute: a machine that is busy with other tests may need longer. */
function withTime(value: Json): Json {
  if (Array.isArray(value)) return value.map(withTime);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === 'WaitTime' ? 3600 : withTime(inner)]),
  );
}
