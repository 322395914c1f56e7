import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProcesses } from '../facility/find-processes.ts';
import { until } from '../facility/until.ts';
import { preemptionPartitions, slurmConf } from './slurm-conf.ts';
import { whyNoSlurm } from './why-no-slurm.ts';

/** What may be wanted of a cluster. */
export interface SlurmWishes {
  /** Nodes `n1`, `n2`, …; odd ones have the feature `odd`, the others `even`. */
  nodes: number;
  /** 8 when absent; the machine need not have them. */
  cpusPerNode?: number;
  /** Lines of slurm.conf; `demand` over `preemptable` (the default one) when absent. */
  partitions?: readonly string[];
  /** How long finished jobs stay in the queue, in seconds; 300 when absent. */
  minJobAgeSeconds?: number;
}

/** A real Slurm on this machine. */
export interface TestSlurm {
  /** Everything of it is below this folder: `log/`, `spool/`, `slurm.conf`. */
  folder: string;
  /** Path of slurm.conf. */
  conf: string;
  /** What commands need to find it: `PATH` and `SLURM_CONF`. */
  environment: Record<string, string>;
  nodes: string[];
  /** Runs one of Slurm's commands and answers what it printed. */
  run(command: string, ...args: string[]): Promise<string>;
  /** Ends the controller: commands fail, what runs goes on. */
  stopController(): Promise<void>;
  /** Starts it again, and waits until it answers. */
  startController(): Promise<void>;
  /** Ends all jobs, all daemons and whatever they left, and removes the folder. */
  stop(): Promise<void>;
}

const startSeconds = 30;
const stopSeconds = 10;
const run = promisify(execFile);

/** Starts a real Slurm of several nodes; throws where {@link whyNoSlurm} says why it cannot. */
export async function startSlurm(wishes: SlurmWishes): Promise<TestSlurm> {
  const reason = whyNoSlurm();
  if (reason !== false) throw new Error(reason);
  const folder = await mkdtemp(join(tmpdir(), 'interpulse-slurm-'));
  const daemons: ChildProcess[] = [];
  const conf = join(folder, 'slurm.conf');
  const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SLURM_CONF: conf };
  const slurm: TestSlurm = {
    folder,
    conf,
    environment,
    nodes: Array.from({ length: wishes.nodes }, (_, index) => `n${index + 1}`),
    run: async (command, ...args) =>
      (await run(command, args, { env: environment, timeout: 20_000 })).stdout,
    stopController: async () => {
      const controller = daemons.findLast(({ spawnfile }) => spawnfile === 'slurmctld');
      if (controller !== undefined) await end(controller);
    },
    startController: async () => {
      daemons.push(launch(slurm, 'slurmctld', ['-D', '-f', conf]));
      await until('the controller to answer', startSeconds, () =>
        slurm.run('squeue', '-h', '-a').then(() => true),
      );
    },
    stop: () => stop(slurm, daemons),
  };
  process.once('exit', () => {
    for (const daemon of daemons) daemon.kill('SIGKILL');
  });
  try {
    await prepare(folder, wishes);
    await start(slurm, daemons);
    return slurm;
  } catch (cause) {
    const log = await readFile(join(folder, 'log', 'slurmctld.log'), 'utf8').catch(() => '');
    await slurm.stop();
    throw new Error(`Slurm did not start: ${log.split('\n').slice(-8).join('\n')}`, { cause });
  }
}

async function prepare(folder: string, wishes: SlurmWishes): Promise<void> {
  // munged and jobs of other users must be able to enter.
  await chmod(folder, 0o755);
  const nodes = Array.from({ length: wishes.nodes }, (_, index) => `n${index + 1}`);
  const folders = ['state', 'log', 'run', 'munge', ...nodes.map((node) => `spool/${node}`)];
  for (const name of folders) await mkdir(join(folder, name), { recursive: true, mode: 0o755 });
  const key = join(folder, 'munge', 'munge.key');
  await writeFile(key, randomBytes(1024), { mode: 0o600 });
  await run('chown', ['-R', 'munge:munge', join(folder, 'munge')]);
  const [controllerPort = 0, ...nodePorts] = await findPorts(wishes.nodes + 1);
  const text = slurmConf({
    folder,
    host: hostname().split('.')[0] ?? 'localhost',
    controllerPort,
    nodePorts,
    cpusPerNode: wishes.cpusPerNode ?? 8,
    partitions: wishes.partitions ?? preemptionPartitions,
    minJobAgeSeconds: wishes.minJobAgeSeconds ?? 300,
  });
  await writeFile(join(folder, 'slurm.conf'), text, { mode: 0o644 });
}

/** Slurm cannot be given port 0; all are held at once so that they differ. */
async function findPorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

async function start(slurm: TestSlurm, daemons: ChildProcess[]): Promise<void> {
  const { folder, conf, environment, nodes } = slurm;
  const munge = (name: string): string => join(folder, 'munge', name);
  const munged = [
    ...['--reuid', 'munge', '--regid', 'munge', '--clear-groups'],
    ...['munged', '--foreground', '--force'],
    `--key-file=${munge('munge.key')}`,
    `--socket=${munge('munge.socket')}`,
    `--pid-file=${munge('munged.pid')}`,
    `--log-file=${munge('munged.log')}`,
    `--seed-file=${munge('munged.seed')}`,
  ];
  daemons.push(launch(slurm, 'setpriv', munged));
  await until('munge to answer', startSeconds, async () => {
    await run('munge', ['-S', munge('munge.socket'), '-n'], { env: environment });
    return true;
  });
  daemons.push(launch(slurm, 'slurmctld', ['-D', '-f', conf]));
  for (const node of nodes) {
    daemons.push(launch(slurm, 'slurmd', ['-D', '-f', conf, '-N', node]));
  }
  await until('all nodes to be idle', startSeconds, async () => {
    const idle = await slurm.run('sinfo', '-h', '-N', '-t', 'idle', '-o', '%N');
    return new Set(idle.trim().split('\n')).size === nodes.length && idle.trim() !== '';
  });
}

/** In the foreground they are our children: they are waited for, and die with this process. */
function launch(slurm: TestSlurm, command: string, args: readonly string[]): ChildProcess {
  const log = openSync(join(slurm.folder, 'log', 'daemons.log'), 'a');
  const stdio = ['ignore', log, log] as const;
  const daemon = spawn(command, args, { env: slurm.environment, stdio: [...stdio], cwd: '/' });
  closeSync(log);
  return daemon;
}

async function stop(slurm: TestSlurm, daemons: ChildProcess[]): Promise<void> {
  await slurm.run('scancel', '--user=root').catch(() => undefined);
  await until('all jobs to end', stopSeconds, async () => {
    const left = await slurm.run('squeue', '-h', '-a', '-o', '%i');
    return left.trim() === '';
  }).catch(() => undefined);
  for (const daemon of daemons.toReversed()) await end(daemon);
  // A job's slurmstepd outlives slurmd.
  for (const { pid } of findProcesses(slurm.folder)) kill(pid);
  await rm(slurm.folder, { recursive: true, force: true, maxRetries: 10 });
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, 'exit');
  daemon.kill('SIGTERM');
  const timer = setTimeout(() => daemon.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
