import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { writeHdf5 } from '@interpulse/formats/hdf5/write-hdf5.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';

const root = resolve(import.meta.dirname, '../..');

/** A facility with the shipped apps and flows, two compute sites and an instrument. */
export interface ShippedWorld {
  facility: Facility;
  /** The collection `raw-data` on disk. */
  dataFolder: string;
  /** While this file is there, apps named `held` work on at that site. */
  gate(site: string): string;
  /** Starts a flow. @returns The id of the flow run. */
  start(flow: string, input: JsonObject, deadlineAt?: string): Promise<string>;
  /** Waits until a flow run is over. */
  end(flowRunId: string): Promise<Schemas['FlowRun']>;
  stop(): Promise<void>;
}

/** Starts it in a new temporary folder, with warm pilots at both sites. */
export async function startShippedWorld(): Promise<ShippedWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-shipped-'));
  const dataFolder = join(folder, 'data');
  await mkdir(join(dataFolder, 'raw'), { recursive: true });
  const gate = (site: string) => join(folder, `gate-${site}`);
  const facility = await startFacility({
    folder,
    agents: [
      { site: 'alpha', config: await computeSite(folder, 'alpha', gate('alpha')) },
      { site: 'beta', config: await computeSite(folder, 'beta', gate('beta')) },
      { site: 'beamline', config: instrumentSite(dataFolder) },
    ],
  });
  const { client } = facility;
  const world: ShippedWorld = {
    facility,
    dataFolder,
    gate,
    async start(flow, input, deadlineAt) {
      const body = { flow, input: { input }, ...(deadlineAt === undefined ? {} : { deadlineAt }) };
      const { id } = await unwrap(client.POST('/api/v1/flow-runs', { body }));
      return id;
    },
    async end(flowRunId) {
      let found: Schemas['FlowRun'] | undefined;
      await until(`the end of ${flowRunId}`, 90, async () => {
        const params = { path: { flowRunId } };
        found = (await unwrap(client.GET('/api/v1/flow-runs/{flowRunId}', { params }))).flowRun;
        return found.endedAt !== null;
      });
      if (found === undefined) throw new Error(`there is no ${flowRunId}`);
      return found;
    },
    async stop() {
      await facility.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await prepare(facility, dataFolder);
  } catch (error) {
    await world.stop();
    throw error;
  }
  return world;
}

async function computeSite(folder: string, name: string, held: string): Promise<JsonObject> {
  const scratch = join(folder, `${name}-scratch`);
  await mkdir(scratch, { recursive: true });
  return {
    compute: {
      cores: 4,
      scratchCollection: `${name}-scratch`,
      appsPath: [join(root, 'packages/analysis/bin')],
      environment: { HELD: held },
    },
    collections: [{ name: `${name}-scratch`, root: scratch, writable: true }],
    channel: { host: '127.0.0.1', advertise: '127.0.0.1' },
    endPilots: true,
  };
}

function instrumentSite(dataFolder: string): JsonObject {
  return {
    collections: [{ name: 'raw-data', root: dataFolder, writable: true }],
    instruments: [
      {
        name: 'machine',
        collection: 'raw-data',
        returnTo: 'raw-data:/answers',
        watch: { folder: '/raw', pattern: '*.none' },
      },
    ],
    channel: { host: '127.0.0.1', advertise: '127.0.0.1' },
  };
}

/** Stands in for a long analysis: it works as long as its site's gate is there. */
const held: Schemas['SaveAppBody'] = {
  command: [
    'sh',
    '-c',
    'while [ -e "$HELD" ]; do sleep 0.05; done; cat "$1" > answer.txt',
    'x',
    '{file}',
  ],
  inputs: [{ name: 'file' }],
  outputs: [{ name: 'answer', path: 'answer.txt' }],
};

async function prepare({ client }: Facility, dataFolder: string): Promise<void> {
  for (const { name, ...body } of await jsonFiles('examples/apps')) {
    const params = { path: { app: name } };
    const app = body as unknown as Schemas['SaveAppBody'];
    await unwrap(client.PUT('/api/v1/apps/{app}', { params, body: app }));
  }
  await unwrap(client.PUT('/api/v1/apps/{app}', { params: { path: { app: 'held' } }, body: held }));
  for (const { name, ...body } of await jsonFiles('flows')) {
    const params = { path: { flow: name } };
    const flow = body as unknown as Schemas['SaveFlowBody'];
    await unwrap(client.PUT('/api/v1/flows/{flow}', { params, body: flow }));
  }
  await writeData(dataFolder);
  await until('two warm pilots and the instrument', 90, async () => {
    const query = { alive: 'true' };
    const { items } = await unwrap(client.GET('/api/v1/pilots', { params: { query } }));
    const known = await unwrap(client.GET('/api/v1/instruments', {}));
    return items.filter(({ state }) => state === 'running').length === 2 && known.items.length > 0;
  });
}

interface Named extends JsonObject {
  name: string;
}

async function jsonFiles(folder: string): Promise<Named[]> {
  const names = await readdir(join(root, folder));
  const texts = names
    .filter((name) => name.endsWith('.json'))
    .map(async (name) => {
      return JSON.parse(await readFile(join(root, folder, name), 'utf8')) as Named;
    });
  return Promise.all(texts);
}

/** Small and plain: what is asked here is what the flows do, not what the analyses find. */
async function writeData(folder: string): Promise<void> {
  const [frames, rows, columns] = [64, 24, 24];
  const noise = Uint16Array.from({ length: frames * rows * columns }, (_, at) => (at * 7919) % 23);
  await writeHdf5(join(folder, 'raw', 'shot_1.h5'), (writer) => {
    writer.dataset('/entry/data/data', noise, { shape: [frames, rows, columns] });
  });
  const [angles, slices, width] = [16, 4, 32];
  const shadow = Uint16Array.from({ length: angles * slices * width }, (_, at) =>
    at % width > 10 && at % width < 20 ? 500 : 1000,
  );
  const flat = new Uint16Array(slices * width).fill(1000);
  await writeHdf5(join(folder, 'raw', 'scan_1.h5'), (writer) => {
    writer.dataset('/exchange/data', shadow, { shape: [angles, slices, width] });
    writer.dataset('/exchange/data_white', flat, { shape: [1, slices, width] });
    writer.dataset('/exchange/data_dark', new Uint16Array(slices * width), {
      shape: [1, slices, width],
    });
  });
  await writeFile(join(folder, 'raw', 'plain.txt'), 'the data\n');
}
