import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Writable } from 'node:stream';
import { pilotLimits } from '../pilot-limits.ts';
import { lineWriter, readLines } from './line-stream.ts';
import { openLogs } from './open-logs.ts';
import { plainStarter } from './plain-starter.ts';
import { posixStarter } from './posix-starter.ts';
import type { ProcessEnd, ProcessOrder, ProcessStarter } from './process-starter.ts';
import { startReaper } from './reaper.ts';
import type { SpawnerHello, SpawnerOrder, SpawnerWord } from './spawner-messages.ts';
import { findMarked } from './find-marked.ts';
import { MarkedAccounts } from './marked-accounts.ts';
import { UsageWatch } from './usage-watch.ts';

interface RunningProcess {
  id: number;
  startedMs: number;
}

type SpawnOrder = Extract<SpawnerOrder, { do: 'spawn' }>;

/**
 * The program of a spawner: a small process that starts tasks and watches them, so that the pilot
 * does not stop for each. It ends when its pilot is gone, and its reaper kills what it started.
 */
export function serveSpawner(): void {
  // Batch systems signal every process of a job; what becomes of tasks is the pilot's matter.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) {
    process.on(signal, () => undefined);
  }
  let isFirst = true;
  let take: ((line: string) => void) | null = null;
  readLines(process.stdin, (line) => {
    if (isFirst) {
      isFirst = false;
      const hello = JSON.parse(line) as SpawnerHello;
      if (hello.callBack === null) take = serve(hello, process.stdout);
      else void callBack(hello, hello.callBack);
    } else take?.(line);
  });
  process.stdin.on('end', () => {
    // Launchers that start it on another node may have no input for it after the first line.
    if (take !== null || isFirst) process.exit(0);
  });
}

async function callBack(
  hello: SpawnerHello,
  { hosts, port, token }: NonNullable<SpawnerHello['callBack']>,
): Promise<void> {
  const socket = await firstConnected(hosts, port);
  if (socket === null) {
    process.stderr.write(`a spawner cannot reach its pilot at port ${port} of ${hosts.join()}\n`);
    process.exit(1);
  }
  socket.setNoDelay(true);
  // A pilot whose node lost its power says nothing more.
  socket.setKeepAlive(true, 10_000);
  socket.on('error', () => undefined);
  socket.on('close', () => process.exit(0));
  socket.write(`${token}\n`);
  readLines(socket, serve(hello, socket));
}

async function firstConnected(hosts: readonly string[], port: number): Promise<Socket | null> {
  for (const host of hosts) {
    const socket = connect({ host, port, timeout: 5_000 });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('timeout', () => resolve(false));
    });
    if (isOpen) {
      socket.setTimeout(0);
      return socket;
    }
    socket.destroy();
  }
  return null;
}

/** Serves orders; what it returns takes them, line by line. */
function serve(hello: SpawnerHello, output: Writable): (line: string) => void {
  const { write: say, writeLater: sayLater } = lineWriter<SpawnerWord>(output);
  output.on('error', () => process.exit(0));
  const running = new Map<number, RunningProcess>();
  const pids = new Map<number, number>();
  const watch = new UsageWatch();
  const accounts = new MarkedAccounts();
  const reaper = startReaper(hello.mark);
  const onEnd = (pid: number, end: ProcessEnd): void => {
    const process_ = running.get(pid);
    if (process_ === undefined) return;
    // What is left of the group goes with its first process.
    signalGroup(pid, 'SIGKILL');
    running.delete(pid);
    pids.delete(process_.id);
    reaper.remove(pid);
    const wallSeconds = (performance.now() - process_.startedMs) / 1000;
    say({ is: 'ended', id: process_.id, ...end, wallSeconds, ...joined(watch.take(pid), end) });
  };
  const starter = posixStarter(onEnd) ?? plainStarter(onEnd);
  const refuse = (id: number, error: unknown): void => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const message = error instanceof Error ? error.message : String(error);
    say({ is: 'refused', id, code, message });
  };
  const spawn = ({ id, argv, cwd, environment }: SpawnOrder): void => {
    const startedMs = performance.now();
    const startedAt = new Date().toISOString();
    const all = { ...hello.environment, ...environment, INTERPULSE_SPAWNER: hello.mark };
    const pid = startInto(starter, { argv, cwd, environment: all });
    if (typeof pid !== 'number') {
      pid.catch((error: unknown) => refuse(id, error));
      return;
    }
    running.set(pid, { id, startedMs });
    pids.set(id, pid);
    reaper.add(pid);
    watch.add(pid);
    sayLater({ is: 'began', id, pid, startedAt }, pilotLimits.beganHeldMs);
  };
  say({ is: 'ready', host: hostname(), isExact: starter.isExact });
  return (line) => {
    const order = JSON.parse(line) as SpawnerOrder;
    if (order.do === 'spawn') {
      try {
        spawn(order);
      } catch (error) {
        refuse(order.id, error);
      }
    } else if (order.do === 'account') accounts.open(order.id, order.words);
    else if (order.do === 'sweep') {
      say({ is: 'used', id: order.id, ...accounts.close(order.id) });
      for (const pid of findMarked(order.words)) killProcess(pid);
    } else signalGroup(pids.get(order.id), order.signal);
  };
}

function startInto(
  starter: ProcessStarter,
  order: Omit<ProcessOrder, 'stdout' | 'stderr'>,
): number | Promise<never> {
  const { close, ...files } = openLogs(order.cwd);
  try {
    return starter.start({ ...order, ...files });
  } finally {
    close();
  }
}

/** The system's own account where there is one; the peak of all processes where that is greater. */
function joined(seen: ReturnType<UsageWatch['take']>, end: ProcessEnd): typeof seen {
  const peaks = [seen.peakMemoryBytes, end.peakMemoryBytes].filter((peak) => peak !== null);
  return {
    cpuSeconds: end.cpuSeconds ?? seen.cpuSeconds,
    peakMemoryBytes: peaks.length === 0 ? null : Math.max(...peaks),
  };
}

/** One that has ended, or that is not ours, is no trouble. */
function killProcess(pid: string): void {
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It is gone.
  }
}

/** One that has ended is no trouble. */
function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group is gone.
  }
}
