import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { findProcesses } from '@interpulse/testing/facility/find-processes.ts';
import { startFacility, type Facility } from '@interpulse/testing/facility/start-facility.ts';
import { until } from '@interpulse/testing/facility/until.ts';

const jobs = 4;

/** Seconds from a kill -9 until all that was running runs again. */
export interface PilotKill {
  /** The pilot alone: its agent lives and notices. */
  pilot_kill_recovery_s: number;
  /** The pilot and its agent together: the site falls silent, and another takes the work. */
  site_kill_recovery_s: number;
}

/** Kills what runs jobs, and waits until each of them runs in another attempt. */
export async function measurePilotKill(): Promise<PilotKill> {
  const folder = await mkdtemp(join(tmpdir(), 'ip-bench-kill-'));
  const sites = ['alpha', 'beta'];
  for (const site of sites) await mkdir(join(folder, `${site}-scratch`));
  const facility = await startFacility({
    folder: join(folder, 'facility'),
    agents: sites.map((site) => ({
      site,
      config: {
        compute: {
          scratchCollection: `${site}-scratch`,
          allowsCommands: true,
          cores: jobs,
          pools: [{ settings: { minWarm: 1, maxPilots: 2 } }],
        },
        collections: [{ name: `${site}-scratch`, root: join(folder, `${site}-scratch`) }],
        endPilots: true,
      },
    })),
  });
  try {
    await warmPilots(facility, sites.length);
    const pilot = await recover(facility, 'alpha', async () => killPilots(facility, 'alpha'));
    await warmPilots(facility, sites.length);
    const site = await recover(facility, 'alpha', async () => {
      await facility.kill('alpha');
      killPilots(facility, 'alpha');
    });
    return { pilot_kill_recovery_s: pilot, site_kill_recovery_s: site };
  } finally {
    await facility.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function warmPilots(facility: Facility, wanted: number): Promise<unknown> {
  return until('warm pilots', 60, async () => {
    const query = { alive: 'true' };
    const { items } = await unwrap(facility.client.GET('/api/v1/pilots', { params: { query } }));
    return items.filter(({ state }) => state === 'running').length >= wanted;
  });
}

function killPilots(facility: Facility, site: string): void {
  const folder = join(facility.folder, site, 'pilots');
  for (const { pid, command } of findProcesses(folder)) {
    if (!command.includes('pilot')) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

async function recover(facility: Facility, site: string, kill: () => Promise<void>) {
  const { client } = facility;
  // Wherever it may go after the kill; at first there is only one place.
  const away = site === 'alpha' ? 'beta' : 'alpha';
  await close(facility, away, true);
  const common = { command: ['sleep', '60'], resources: { cores: 1, walltimeSeconds: 120 } };
  const list = Array.from({ length: jobs }, () => ({}));
  const { jobIds } = await unwrap(client.POST('/api/v1/jobs', { body: { common, jobs: list } }));
  const runsAs = async (attempt: number): Promise<boolean> => {
    const query = { state: 'active' };
    const { items } = await unwrap(client.GET('/api/v1/jobs', { params: { query } }));
    const running = items.filter((job) => jobIds.includes(job.id) && job.attempt >= attempt);
    return running.length === jobs;
  };
  await until('the jobs to run', 60, () => runsAs(1));
  await close(facility, away, false);
  const killedAt = performance.now();
  await kill();
  await until('the jobs to run again', 120, () => runsAs(2));
  const seconds = (performance.now() - killedAt) / 1000;
  await unwrap(client.POST('/api/v1/jobs/cancel', { body: { jobIds } }));
  return seconds;
}

async function close(facility: Facility, site: string, closed: boolean): Promise<void> {
  const params = { path: { site } };
  const body = { closed, reason: 'the bench wants the other' };
  await unwrap(facility.client.PATCH('/api/v1/sites/{site}', { params, body }));
}
