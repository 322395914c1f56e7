import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';

/** A facility for tests of clients: two sites, a collection `data`, a `camera`, a few apps. */
export interface ClientWorld {
  facility: Facility;
  /** The root of the collection `data` on disk. */
  dataFolder: string;
  stop(): Promise<void>;
}

type AppBody = Schemas['SaveAppBody'];

const number = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };

/** The app of docs/how-to/add-an-app.md, without the smoothing. */
const lineProfile: AppBody = {
  command: [
    'sh',
    '-c',
    'awk "$1" "$2" > profile.txt',
    'x',
    '{{for(i=1;i<=NF;i++)s[i]+=$i}} END{{for(i=1;i<=NF;i++)print i-1,s[i]/NR}}',
    '{file}',
    ['{smooth}'],
  ],
  inputs: [{ name: 'file' }],
  parameters: {
    type: 'object',
    properties: { smooth: { type: 'integer', minimum: 1 } },
    additionalProperties: false,
  },
  outputs: [{ name: 'profile', path: 'profile.txt' }],
};

/** An instrument of which programs tell; no file of it is looked for. */
const camera = {
  name: 'camera',
  collection: 'data',
  returnTo: 'data:/answers',
  watch: { folder: '/camera', pattern: '*.h5', settle: 'rename' },
};

/** What the tests run. `pause` ends when the file that it is given is no longer there. */
const apps: Record<string, AppBody> = {
  'line-profile': lineProfile,
  square: {
    command: ['sh', '-c', 'echo "square of $1"; echo "$(($1 * $1))" > square.json', 'x', '{n}'],
    parameters: number,
    outputs: [{ name: 'square', path: 'square.json' }],
  },
  join: {
    command: ['sh', '-c', 'cat "$1" "$2" > joined.txt', 'x', '{first}', '{second}'],
    inputs: [{ name: 'first' }, { name: 'second' }],
    outputs: [{ name: 'joined', path: 'joined.txt' }],
  },
  split: {
    command: ['sh', '-c', 'for n in 1 2 3; do echo "$n" > "part-$n.txt"; done'],
    outputs: [{ name: 'parts', path: 'part-*.txt' }],
  },
  fail: { command: ['sh', '-c', 'echo "the detector is on fire" >&2; exit 3'] },
  pause: {
    command: [
      'sh',
      '-c',
      'echo begun; while [ -e "$1" ]; do sleep 0.05; done; echo done',
      'x',
      '{gate}',
    ],
    parameters: { type: 'object', properties: { gate: { type: 'string' } }, required: ['gate'] },
  },
};

/** Starts it in a new temporary folder; `environment` is that of jobs at both sites. */
export async function startClientWorld(environment: Record<string, string>): Promise<ClientWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-clients-'));
  const dataFolder = join(folder, 'data');
  await mkdir(dataFolder, { recursive: true });
  await writeFile(join(dataFolder, 'hello.txt'), 'hello\n');
  await writeFile(join(dataFolder, 'plate.txt'), '1 2 3\n3 4 5\n');
  const site = async (name: string, more: object[]): Promise<Record<string, unknown>> => {
    const root = join(folder, `${name}-scratch`);
    await mkdir(root, { recursive: true });
    const scratchCollection = `${name}-scratch`;
    return {
      compute: { cores: 4, scratchCollection, allowsCommands: true, environment },
      collections: [{ name: scratchCollection, root }, ...more],
      channel: { host: '127.0.0.1', advertise: '127.0.0.1' },
      endPilots: true,
    };
  };
  const data = { name: 'data', root: dataFolder };
  const facility = await startFacility({
    folder,
    agents: [
      { site: 'alpha', config: { ...(await site('alpha', [data])), instruments: [camera] } },
      { site: 'beta', config: await site('beta', []) },
    ],
  });
  const stop = async (): Promise<void> => {
    await facility.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await prepare(facility);
  } catch (error) {
    await stop();
    throw error;
  }
  return { facility, dataFolder, stop };
}

async function prepare({ client }: Facility): Promise<void> {
  for (const [app, body] of Object.entries(apps)) {
    await unwrap(client.PUT('/api/v1/apps/{app}', { params: { path: { app } }, body }));
  }
  await until('two warm pilots', 60, async () => {
    const query = { alive: 'true' };
    const { items } = await unwrap(client.GET('/api/v1/pilots', { params: { query } }));
    return items.filter((pilot) => pilot.state === 'running').length === 2;
  });
}
