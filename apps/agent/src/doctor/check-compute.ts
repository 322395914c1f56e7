import { randomBytes } from 'node:crypto';
import { statfs, unlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pilotsFolder } from '../compute/pilots-folder.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import { check, findProgram, type Check } from './check.ts';
import { checkScheduler } from './check-scheduler.ts';

/** Programs that our own flows run. */
const launchers = ['interpulse-xpcs', 'interpulse-tomo', 'interpulse-plot'];

/** Less than this is as good as full: jobs write more than that. */
const leastFreeBytes = 1024 ** 3;

/** Looks at everything that the compute role needs. */
export function checkCompute(config: AgentConfig & { compute: ComputeConfig }): Promise<Check>[] {
  const { compute } = config;
  const folders = [...compute.appsPath, ...(process.env['PATH'] ?? '').split(delimiter)];
  const shell = check('shell', 'install a POSIX shell and grep', async () => {
    return `${await findProgram('sh', folders)}, ${await findProgram('grep', folders)}`;
  });
  // A site that runs only programs of its own has none of them.
  const wanted = compute.appsPath.length === 0 ? [] : launchers;
  const apps = wanted.map((name) =>
    check(`app ${name}`, 'name its folder in "appsPath"', () => findProgram(name, folders)),
  );
  const scratch = config.collections.find(({ name }) => name === compute.scratchCollection);
  const places = [
    { name: 'scratch', path: scratch?.root ?? '' },
    { name: 'state folder', path: config.folder },
    ...(compute.pilotFolder === undefined
      ? []
      : [{ name: 'pilot folder', path: pilotsFolder(config) }]),
  ];
  return [shell, ...places.map(checkPlace), ...checkScheduler(compute), ...apps];
}

/** Writes a file: what the permissions promise, a quota or a full disk may refuse. */
function checkPlace({ name, path }: { name: string; path: string }): Promise<Check> {
  return check(name, `free some space at ${path}, or let this user write there`, async () => {
    const probe = join(path, `.interpulse-doctor-${randomBytes(6).toString('hex')}`);
    await writeFile(probe, randomBytes(4096), { flag: 'wx', flush: true });
    await unlink(probe);
    const { bavail, bsize } = await statfs(path);
    const free = `${(bytesOf(bavail, bsize) / 1024 ** 3).toFixed(1)} GiB free`;
    if (bytesOf(bavail, bsize) < leastFreeBytes) throw new Error(`only ${free} at ${path}`);
    return `${path} can be written, ${free}`;
  });
}

function bytesOf(blocks: number, blockBytes: number): number {
  return blocks * blockBytes;
}
