import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A program of ours to start. */
export interface ChildSpec {
  /** For people and for the log file. */
  name: string;
  /** Its main module. */
  path: string;
  args: readonly string[];
  environment?: Record<string, string>;
  /** Standard error goes there, and standard output unless {@link speaks}. */
  logFile: string;
  /** Whether its first line on standard output is for us. */
  speaks: boolean;
}

/** How a child ended. */
export interface ChildEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A program of ours that was started. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly ended: Promise<ChildEnd>;
  /** The first line on standard output; null when it ended without one. */
  readonly firstLine: Promise<string | null>;
  /** Asks it to end, and kills it after `graceMilliseconds`; settles when it has ended. */
  stop(graceMilliseconds?: number): Promise<void>;
  /** Ends it at once with everything in its process group. */
  kill(): void;
}

/** TERM to KILL; a hub closes its database within this. */
const usualGraceMilliseconds = 15_000;
/** A log that is longer is put aside when its program starts. */
const longLogBytes = 16 * 1024 ** 2;

/**
 * Starts a program that ends with us, however we end: by its channel to us, by the death signal
 * where `setpriv` is there, and not by the Ctrl-C that is meant for us.
 */
export function startChild(spec: ChildSpec): Child {
  putAside(spec.logFile);
  const log = openSync(spec.logFile, 'a', 0o600);
  const command = [process.execPath, spec.path, ...spec.args];
  const [program = '', ...args] = hasSetpriv() ? [...setpriv, ...command] : command;
  const child = spawn(program, args, {
    stdio: ['ignore', spec.speaks ? 'pipe' : log, log, 'ipc'],
    env: { ...process.env, ...spec.environment },
    // A session of its own, so that a terminal's Ctrl-C reaches us alone.
    detached: true,
  });
  closeSync(log);
  return watch(spec.name, child);
}

function watch(name: string, child: ChildProcess): Child {
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('error', () => resolve({ code: 1, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const firstLine = new Promise<string | null>((resolve) => {
    if (child.stdout === null) return resolve(null);
    const lines = createInterface({ input: child.stdout });
    lines.once('line', resolve);
    lines.once('close', () => resolve(null));
  });
  const pid = child.pid ?? 0;
  const kill = () => {
    try {
      if (pid > 0) process.kill(-pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  };
  return {
    name,
    pid,
    ended,
    firstLine,
    kill,
    async stop(graceMilliseconds = usualGraceMilliseconds) {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, graceMilliseconds);
      await ended;
      clearTimeout(timer);
    },
  };
}

const setpriv = ['setpriv', '--pdeathsig', 'TERM'] as const;
let setprivWorks: boolean | undefined;

function hasSetpriv(): boolean {
  const [program, ...args] = setpriv;
  setprivWorks ??=
    process.platform === 'linux' && spawnSync(program, [...args, 'true']).status === 0;
  return setprivWorks;
}

function putAside(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > longLogBytes) renameSync(logFile, `${logFile}.1`);
}
