import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';

/** Two compute sites and an instrument whose shots the test writes itself. */
export interface SmallFacility {
  facility: Facility;
  /** The instrument's collection on disk. */
  dataFolder: string;
  /** Writes a shot as an instrument does: whole, by a rename. */
  takeShot(number: number): Promise<void>;
}

/** Reads its input, works a little, and leaves a result that names the input's content. */
const workScript = 'read text < "$1"; sleep 0.4; echo "answer to $text" > result.txt';

const workFlow = {
  title: 'Work, publish, return',
  definition: {
    StartAt: 'Work',
    States: {
      Work: {
        Type: 'Action',
        ActionUrl: 'interpulse:compute',
        Parameters: { app: 'work', inputs: { 'file.$': '$.input.file' } },
        ResultPath: '$.Work',
        Next: 'Publish',
      },
      Publish: {
        Type: 'Action',
        ActionUrl: 'interpulse:ingest',
        Parameters: {
          'title.=': "'answer to shot ' + str(input.shot)",
          kind: 'result',
          'files.=': '[Work.details.outputs[0].location]',
        },
        ResultPath: '$.Publish',
        Next: 'Return',
      },
      Return: {
        Type: 'Action',
        ActionUrl: 'interpulse:transfer',
        Parameters: {
          'items.=':
            "[{'source': Work.details.outputs[0].location," +
            " 'destination': input.returnTo + 'result.txt'}]",
        },
        ResultPath: '$.Return',
        End: true,
      },
    },
  },
};

/** What a test may want otherwise. */
export interface SmallFacilityOptions {
  /** A PostgreSQL server's address; the hub's own database unless stated. */
  database?: string;
  /** Runs in each job; it reads `$1` and leaves `result.txt`. */
  script?: string;
  /** Further settings of the hub, and whether there are two; see `FacilityOptions`. */
  hub?: Record<string, unknown>;
  secondHub?: boolean;
  /** Of hub and agents, over that of this process. */
  environment?: NodeJS.ProcessEnv;
  /** Where `alpha` works, when not in the facility's folder. */
  alphaScratch?: string;
}

/** Starts the facility in a new temporary folder and waits until both sites have a warm pilot. */
export async function startSmallFacility(
  options: SmallFacilityOptions = {},
): Promise<SmallFacility> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-fault-'));
  const dataFolder = join(folder, 'data');
  await mkdir(join(dataFolder, 'raw'), { recursive: true });
  const { database, script = workScript, alphaScratch = join(folder, 'alpha-scratch') } = options;
  const { hub = {}, secondHub = false, environment = {} } = options;
  const betaScratch = join(folder, 'beta-scratch');
  const facility = await startFacility({
    folder,
    ...(database === undefined ? {} : { database }),
    hub,
    secondHub,
    environment,
    agents: [
      { site: 'alpha', config: await computeSite('alpha', alphaScratch) },
      { site: 'beta', config: await computeSite('beta', betaScratch) },
      { site: 'beamline', config: instrumentSite(dataFolder) },
    ],
  });
  try {
    await prepare(facility, script);
  } catch (error) {
    await facility.stop();
    throw error;
  }
  return { facility, dataFolder, takeShot: (number) => writeShot(dataFolder, number) };
}

async function computeSite(name: string, root: string): Promise<Record<string, unknown>> {
  await mkdir(root, { recursive: true });
  return {
    compute: { cores: 2, scratchCollection: `${name}-scratch` },
    collections: [{ name: `${name}-scratch`, root }],
    channel: { host: '127.0.0.1', advertise: '127.0.0.1' },
    endPilots: true,
  };
}

function instrumentSite(dataFolder: string): Record<string, unknown> {
  return {
    collections: [{ name: 'raw-data', root: dataFolder }],
    instruments: [
      {
        name: 'machine',
        collection: 'raw-data',
        returnTo: 'raw-data:/answers',
        watch: { folder: '/raw', pattern: '*.txt', settle: 'rename' },
      },
    ],
    channel: { host: '127.0.0.1', advertise: '127.0.0.1' },
  };
}

async function prepare({ client }: Facility, script: string): Promise<void> {
  await unwrap(
    client.PUT('/api/v1/apps/{app}', {
      params: { path: { app: 'work' } },
      body: {
        command: ['sh', '-c', script, 'work', '{file}'],
        inputs: [{ name: 'file' }],
        outputs: [{ name: 'result', path: 'result.txt' }],
      },
    }),
  );
  const path = { flow: 'work' };
  await unwrap(client.PUT('/api/v1/flows/{flow}', { params: { path }, body: workFlow }));
  await until('the instrument', 30, async () => {
    const { items } = await unwrap(client.GET('/api/v1/instruments', {}));
    return items.length === 1;
  });
  await unwrap(
    client.PUT('/api/v1/triggers/{trigger}', {
      params: { path: { trigger: 'shots' } },
      body: {
        source: { kind: 'file', instrument: 'machine', pattern: '/raw/*.txt' },
        flowName: 'work',
        deadline: 20,
      },
    }),
  );
  await until('two warm pilots', 60, async () => {
    const query = { alive: 'true' };
    const { items } = await unwrap(client.GET('/api/v1/pilots', { params: { query } }));
    return items.filter((pilot) => pilot.state === 'running').length === 2;
  });
}

async function writeShot(dataFolder: string, number: number): Promise<void> {
  const half = join(dataFolder, 'raw', `.shot_${number}.part`);
  await writeFile(half, `shot ${number}\n`);
  await rename(half, join(dataFolder, 'raw', `shot_${number}.txt`));
}
