import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const launcher = join(import.meta.dirname, '../../apps/cli/bin/interpulse.js');

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command line that runs. */
export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** The match in a line of either output; fails when the command ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

const alive = new Set<ChildProcess>();

/** Kills every command line that still runs; what `up` started ends with it. */
export function killAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}

/** Starts `interpulse` with these arguments in a folder, without the user's own profile. */
export function startInterpulse(folder: string, args: readonly string[]): Started {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CONFIG_HOME: folder, INTERPULSE_URL: '', INTERPULSE_TOKEN: '' },
  });
  return watch(child);
}

/** Runs `interpulse` to its end. */
export async function interpulse(folder: string, ...args: string[]): Promise<Ended> {
  return startInterpulse(folder, args).ended;
}

function watch(child: ChildProcess): Started {
  alive.add(child);
  const texts = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (piece: string) => {
      texts[name] += piece;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      alive.delete(child);
      resolve({ code, ...texts });
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    async line(pattern) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(`${texts.stdout}\n${texts.stderr}`);
          if (match === null) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        look();
        void ended.then(({ code, stdout, stderr }) => {
          reject(new Error(`ended with ${code} before ${String(pattern)}:\n${stdout}${stderr}`));
        });
      });
    },
  };
}

/** Processes that name a folder in their command line or environment, besides this one. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    const all = `${command} ${read(`/proc/${pid}/environ`)}`;
    return all.includes(folder) ? [`${pid} ${command}`] : [];
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended, or belongs to somebody else.
    return '';
  }
}
