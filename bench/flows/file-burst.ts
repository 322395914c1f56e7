import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { percentile } from '../house/figures.ts';
import { followEvents } from '../house/follow-events.ts';

/** How soon a finished file starts its flow run, and what becomes of a burst of files. */
export interface FileFigures {
  file_to_run_ms_p50: number | null;
  file_to_run_ms_p99: number | null;
  burst_missed: number;
  burst_doubled: number;
  burstFiles: number;
  /** From the first file of the burst to the last flow run of it. */
  burstSeconds: number;
}

/** Real files in a folder that a real agent watches; each starts a flow run of one Pass. */
export async function measureFiles({ quick }: { quick: boolean }): Promise<FileFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-bench-'));
  const raw = join(folder, 'data', 'raw');
  await mkdir(raw, { recursive: true });
  const facility = await startInstrument(folder);
  try {
    await prepare(facility);
    const single = await timeSingleFiles(facility, raw, quick ? 100 : 1500);
    const burst = await countBurst(facility, raw, quick ? 1000 : 10_000, quick ? 6 : 60);
    return {
      file_to_run_ms_p50: percentile(single, 0.5),
      file_to_run_ms_p99: percentile(single, 0.99),
      ...burst,
    };
  } finally {
    await facility.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function startInstrument(folder: string): Promise<Facility> {
  const watch = { folder: '/raw', pattern: '*.dat', settle: 'rename' };
  return startFacility({
    folder: join(folder, 'facility'),
    agents: [
      {
        site: 'beamline',
        config: {
          collections: [{ name: 'raw', root: join(folder, 'data') }],
          instruments: [{ name: 'bench', collection: 'raw', returnTo: 'raw:/answers', watch }],
        },
      },
    ],
  });
}

async function prepare({ client }: Facility): Promise<void> {
  const definition = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };
  const flow = { params: { path: { flow: 'seen' } }, body: { definition } };
  await unwrap(client.PUT('/api/v1/flows/{flow}', flow));
  await until('the instrument', 60, async () => {
    const { items } = await unwrap(client.GET('/api/v1/instruments', {}));
    return items.length > 0;
  });
  const source = { kind: 'file' as const, instrument: 'bench', pattern: '/raw/*.dat' };
  const trigger = {
    params: { path: { trigger: 'seen' } },
    body: { source, flowName: 'seen', label: 'file' },
  };
  await unwrap(client.PUT('/api/v1/triggers/{trigger}', trigger));
}

/** Milliseconds from the rename that finishes a file to the start of its flow run. */
async function timeSingleFiles(facility: Facility, raw: string, files: number): Promise<number[]> {
  const events = await followEvents(facility.url, facility.token);
  const times: number[] = [];
  for (let file = 0; file < files; file += 1) {
    const finishedAt = await finishFile(raw, `single_${file}`);
    const { at } = await events.next(({ kind }) => kind === 'flowRun.succeeded');
    times.push(Date.parse(at) - finishedAt);
  }
  events.close();
  return times;
}

async function finishFile(raw: string, name: string): Promise<number> {
  const half = join(raw, `.${name}.part`);
  await writeFile(half, name);
  const finishedAt = Date.now();
  await rename(half, join(raw, `${name}.dat`));
  return finishedAt;
}

/** Files that come evenly within some seconds: which have no flow run, which have more than one. */
async function countBurst(facility: Facility, raw: string, files: number, seconds: number) {
  const beganMs = performance.now();
  for (let file = 0; file < files; file += 1) {
    const dueMs = (1000 * seconds * file) / files;
    const earlyMs = beganMs + dueMs - performance.now();
    if (earlyMs > 5) await sleep(earlyMs);
    await finishFile(raw, `burst_${file}`);
  }
  const seen = await waitForRuns(facility, files);
  const burstSeconds = (performance.now() - beganMs) / 1000;
  const unique = new Set(seen);
  return {
    burst_missed: files - unique.size,
    burst_doubled: seen.length - unique.size,
    burstFiles: files,
    burstSeconds,
  };
}

/** Names of the burst's files that have flow runs, once no more come. */
async function waitForRuns(facility: Facility, files: number): Promise<string[]> {
  let before = -1;
  let seen: string[] = [];
  while (seen.length < files && seen.length > before) {
    before = seen.length;
    await sleep(2000);
    seen = await labelsOfBurst(facility);
  }
  // One more look: a doubled one would come late.
  await sleep(1000);
  return labelsOfBurst(facility);
}

async function labelsOfBurst({ client }: Facility): Promise<string[]> {
  const labels: string[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 200, label: 'burst_', ...(cursor === undefined ? {} : { cursor }) };
    const page = await unwrap(client.GET('/api/v1/flow-runs', { params: { query } }));
    labels.push(...page.items.map(({ label }) => label));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return labels;
}

if (import.meta.main) console.log(await measureFiles({ quick: process.argv.includes('--quick') }));
