import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { limits } from '@interpulse/domain/limits.ts';
import { PilotBench, until } from '@interpulse/pilot/pilot-test-kit.ts';

const bareJobs = 2_000;
const pilotJobs = 5_000;
/** Given to the pilot beyond what has ended, as a hub with prefetch would. */
const ahead = 200;

/**
 * How many times a second a bare Node process can make a folder and two log files and run
 * `/bin/true` in it, as many at once as there are cores: the limit of this machine. In a process of
 * its own, since a large one starts others more slowly.
 */
export async function measureBareSpawnRate(): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'bare'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  for await (const chunk of child.stdout) printed += String(chunk);
  return Number(printed);
}

/** The same through a pilot of two cores that an agent without a hub keeps busy. */
export async function measurePilotSpawnRate(jobs = pilotJobs): Promise<number> {
  const cleanups: (() => unknown)[] = [];
  const context = { after: (cleanup?: unknown) => void cleanups.push(cleanup as () => unknown) };
  const bench = await PilotBench.start(context, { INTERPULSE_CORES: '2' });
  try {
    let given = 0;
    let ended = 0;
    const give = (): void => {
      const count = Math.min(jobs - given, ended + ahead - given, limits.jobsPerLease);
      if (count <= 0) return;
      const tasks = Array.from({ length: count }, (_, place) => {
        const cwd = join(bench.folder, `work-${given + place}`);
        return bench.task(['/bin/true'], { cwd });
      });
      given += count;
      void bench.give(...tasks);
    };
    bench.onMessage = (message) => {
      if (message.type === 'jobReports') {
        ended += message.reports.filter(({ event }) => event === 'completed').length;
        give();
      }
      return Promise.resolve();
    };
    const startedMs = performance.now();
    give();
    await until('all of them have ended', () => ended >= jobs, 300);
    return (jobs / (performance.now() - startedMs)) * 1000;
  } finally {
    for (const cleanup of cleanups) await cleanup();
  }
}

async function runBare(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'interpulse-bare-'));
  let begun = 0;
  const runOne = async (): Promise<void> => {
    while (begun < bareJobs) {
      const cwd = join(folder, String((begun += 1)));
      mkdirSync(cwd);
      const files = ['stdout', 'stderr'].map((name) => openSync(join(cwd, name), 'w'));
      const child = spawn('/bin/true', [], { cwd, detached: true, stdio: ['ignore', ...files] });
      for (const file of files) closeSync(file);
      await new Promise((resolve) => child.once('exit', resolve));
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: availableParallelism() }, runOne));
  const rate = (bareJobs / (performance.now() - startedMs)) * 1000;
  rmSync(folder, { recursive: true, force: true });
  return rate;
}

if (import.meta.main) {
  if (process.argv[2] === 'bare') process.stdout.write(String(await runBare()));
  else {
    const bare = await measureBareSpawnRate();
    const pilot = await measurePilotSpawnRate();
    console.log(`bare Node loop          ${bare.toFixed(0)} processes/s`);
    console.log(`pilot, two cores, no hub ${pilot.toFixed(0)} jobs/s`);
    console.log(`ratio                   ${(pilot / bare).toFixed(2)}`);
  }
}
