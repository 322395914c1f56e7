import { mkdtemp, rename, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { followEvents } from './house/follow-events.ts';
import { measureIdle } from './house/measure-idle.ts';
import { measureFirstAnswer } from './house/measure-first-answer.ts';
import { percentile, printTable } from './house/figures.ts';

/**
 * The house at work: how soon an analysis starts once a file is closed, how soon a step follows the
 * one before, what an idle house costs, and how soon a newcomer sees an answer.
 *
 * `-- --quick` ends within 45 s, with null for percentiles that need more shots.
 */
const quick = process.argv.includes('--quick');
const shots = quick ? 150 : 2000;
const idleSeconds = quick ? 10 : 60;

const noopFlow = {
  title: 'Two programs that do nothing',
  definition: {
    StartAt: 'First',
    States: {
      First: {
        Type: 'Action',
        ActionUrl: 'interpulse:compute',
        Parameters: { app: 'noop', inputs: { 'file.$': '$.input.file' } },
        ResultPath: '$.First',
        Next: 'Second',
      },
      Second: {
        Type: 'Action',
        ActionUrl: 'interpulse:compute',
        Parameters: { app: 'noop-alone' },
        ResultPath: '$.Second',
        End: true,
      },
    },
  },
};

async function prepare(facility: Facility): Promise<void> {
  const { client } = facility;
  const apps = [
    { app: 'noop', inputs: [{ name: 'file', required: true, description: '' }] },
    { app: 'noop-alone', inputs: [] },
  ];
  for (const { app, inputs } of apps) {
    const body = { command: ['true'], inputs };
    await unwrap(client.PUT('/api/v1/apps/{app}', { params: { path: { app } }, body }));
  }
  const path = { flow: 'noop' };
  await unwrap(client.PUT('/api/v1/flows/{flow}', { params: { path }, body: noopFlow }));
  await until('the instrument', async () => {
    const { items } = await unwrap(client.GET('/api/v1/instruments', {}));
    return items.length > 0;
  });
  await unwrap(
    client.PUT('/api/v1/triggers/{trigger}', {
      params: { path: { trigger: 'noop' } },
      body: {
        source: { kind: 'file', instrument: 'bench', pattern: '/raw/*.dat' },
        flowName: 'noop',
        deadline: 10,
      },
    }),
  );
  await until('a warm pilot', async () => {
    const { items } = await unwrap(
      client.GET('/api/v1/pilots', { params: { query: { alive: 'true' } } }),
    );
    return items.some((pilot) => pilot.state === 'running');
  });
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endAt = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > endAt) throw new Error(`waited a minute for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function takeShots(facility: Facility, raw: string) {
  const events = await followEvents(facility.url, facility.token);
  const closedToStarted: number[] = [];
  const stepGaps: number[] = [];
  for (let shot = 0; shot < shots; shot += 1) {
    const half = join(raw, `.shot_${shot}.part`);
    await writeFile(half, Buffer.alloc(4096, shot & 255));
    const closedAt = Date.now();
    await rename(half, join(raw, `shot_${shot}.dat`));
    // First started, first completed, second placed, then the end of the flow run.
    const first = await events.next((event) => event.kind === 'job.started');
    const ended = await events.next((event) => event.kind === 'job.completed');
    const second = await events.next((event) => event.kind === 'job.placed');
    await events.next((event) => event.kind === 'flowRun.succeeded');
    closedToStarted.push(Date.parse(first.at) - closedAt);
    stepGaps.push(Date.parse(second.at) - Date.parse(ended.at));
  }
  events.close();
  return { closedToStarted, stepGaps };
}

/** A compute site and an instrument's, whose files the bench writes itself. */
function startBenchFacility(folder: string, scratch: string): Promise<Facility> {
  const channel = { host: '127.0.0.1', advertise: '127.0.0.1' };
  return startFacility({
    folder: join(folder, 'facility'),
    agents: [
      {
        site: 'near',
        config: {
          compute: { scratchCollection: 'near-scratch' },
          collections: [{ name: 'near-scratch', root: scratch }],
          channel,
          endPilots: true,
        },
      },
      {
        site: 'beamline',
        config: {
          collections: [{ name: 'bench-raw', root: join(folder, 'data') }],
          instruments: [
            {
              name: 'bench',
              collection: 'bench-raw',
              returnTo: 'bench-raw:/answers',
              watch: { folder: '/raw', pattern: '*.dat', settle: 'rename' },
            },
          ],
          channel,
        },
      },
    ],
  });
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-bench-'));
  const raw = join(folder, 'data', 'raw');
  const scratch = join(folder, 'scratch');
  await mkdir(raw, { recursive: true });
  await mkdir(scratch, { recursive: true });
  const facility = await startBenchFacility(folder, scratch);
  try {
    await prepare(facility);
    const { closedToStarted, stepGaps } = await takeShots(facility, raw);
    const idle = await measureIdle(facility, idleSeconds);
    await facility.stop();
    const firstAnswerSeconds = quick ? null : await measureFirstAnswer(join(folder, 'first'));
    const figures = {
      closed_to_started_ms_p50: percentile(closedToStarted, 0.5),
      closed_to_started_ms_p99: percentile(closedToStarted, 0.99),
      step_gap_ms_p50: percentile(stepGaps, 0.5),
      step_gap_ms_p99: percentile(stepGaps, 0.99),
      idle_requests_per_minute: idle.requestsPerMinute,
      idle_cpu_percent: idle.cpuPercent,
      first_answer_s: firstAnswerSeconds,
    };
    printTable([
      ['file closed → program started, ms, p50', figures.closed_to_started_ms_p50, '≤ 20'],
      ['file closed → program started, ms, p99', figures.closed_to_started_ms_p99, '≤ 100'],
      ['step completed → next step placed, ms, p50', figures.step_gap_ms_p50, ''],
      ['step completed → next step placed, ms, p99', figures.step_gap_ms_p99, '≤ 10'],
      ['idle: HTTP requests a minute', figures.idle_requests_per_minute, '≤ 2'],
      ['idle: CPU of hub, database, agents, pilot, %', figures.idle_cpu_percent, '≤ 1'],
      ['`up` → first answer in the catalog, s', figures.first_answer_s, '≤ 60'],
    ]);
    console.log(`${shots} shots; input of 4 KiB moved between two agents over TLS`);
    console.log(JSON.stringify(figures));
  } finally {
    await facility.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
