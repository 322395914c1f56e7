import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap, type InterpulseClient } from '@interpulse/api/client/create-client.ts';
import { randomFromSeed } from '@interpulse/testing/facility/random-from-seed.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['INTERPULSE_ROUNDS'] ?? 6);
const files = Number(process.env['INTERPULSE_FILES'] ?? 1600);
const pass = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };

describe(`an instrument's agent killed in a burst of files (INTERPULSE_SEED=${seed})`, () => {
  const random = randomFromSeed(seed);
  let folder = '';
  let raw = '';
  let facility: Facility;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ip-burst-'));
    raw = join(folder, 'data', 'raw');
    await mkdir(raw, { recursive: true });
    const config = {
      collections: [{ name: 'raw-data', root: join(folder, 'data') }],
      instruments: [
        {
          name: 'machine',
          collection: 'raw-data',
          returnTo: 'raw-data:/answers',
          watch: { folder: '/raw', pattern: '**/*.txt', settle: 'rename' },
        },
      ],
    };
    facility = await startFacility({ folder, agents: [{ site: 'beamline', config }] });
    const { client } = facility;
    await until('the instrument', 30, async () => {
      const { items } = await unwrap(client.GET('/api/v1/instruments', {}));
      return items.length === 1;
    });
    const flow = { params: { path: { flow: 'pass' } } };
    const definition = { definition: { ...pass }, project: 'demo' };
    await unwrap(client.PUT('/api/v1/flows/{flow}', { ...flow, body: definition }));
    const body = {
      source: { kind: 'file' as const, instrument: 'machine', pattern: '/raw/**' },
      flowName: 'pass',
      project: 'demo',
    };
    const trigger = { params: { path: { trigger: 'files' } } };
    await unwrap(client.PUT('/api/v1/triggers/{trigger}', { ...trigger, body }));
  });
  after(async () => {
    await facility?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const write = async (number: number): Promise<void> => {
    const below = join(raw, `run_${Math.floor(number / 100)}`);
    await mkdir(below, { recursive: true });
    await writeFile(join(below, `.part_${number}`), String(number));
    await rename(join(below, `.part_${number}`), join(below, `f_${number}.txt`));
  };

  it(`${files} files: none missed, none doubled`, async () => {
    let written = 0;
    /** Writes on, whether or not anybody watches. */
    const burst = async (): Promise<void> => {
      for (; written < files; written += 1) {
        await write(written);
        if (random() < 0.04) await new Promise((resolve) => setTimeout(resolve, random() * 200));
      }
    };
    const kills = async (): Promise<void> => {
      for (let round = 1; round <= rounds; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100 + random() * 1500));
        await facility.kill('beamline');
        console.log(`kill -9 ${round}: ${written} files were written`);
        if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 500));
        await facility.start('beamline');
      }
    };
    await Promise.all([burst(), kills()]);
    await until('all flow runs', 40, async () => {
      const { client } = facility;
      const { total } = await unwrap(client.GET('/api/v1/flow-runs/counts', {}));
      return total >= files;
    });
    // What was told twice would be taken twice by now: one more file, and it is the last word.
    await write(files);
    await until('the last file', 20, async () => {
      const { client } = facility;
      const { total } = await unwrap(client.GET('/api/v1/flow-runs/counts', {}));
      return total > files;
    });
    const wanted = Array.from({ length: files + 1 }, (_, number) => number);
    assert.deepEqual(await startedFor(facility.client), wanted);
    const { items } = await unwrap(facility.client.GET('/api/v1/triggers', {}));
    const counts = items[0]?.counts;
    console.log(JSON.stringify(counts));
    assert.equal(counts?.fired, files + 1);
  });
});

/** The numbers of the files that flow runs were started for. */
async function startedFor(client: InterpulseClient): Promise<number[]> {
  const found: number[] = [];
  for (let cursor: string | undefined, isMore = true; isMore; isMore = cursor !== undefined) {
    const query = { limit: 500, ...(cursor === undefined ? {} : { cursor }) };
    const page = await unwrap(client.GET('/api/v1/flow-runs', { params: { query } }));
    found.push(...page.items.map(({ shotNumber }) => shotNumber ?? -1));
    cursor = page.next ?? undefined;
  }
  return found.toSorted((a, b) => a - b);
}
