import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { DomainError } from '@interpulse/domain/error.ts';
import type { StoreLog } from '../store-log.ts';
import { explainFailure } from './explain-failure.ts';
import { serverEnvironment } from './server-environment.ts';

/** How the server ended; `wanted` is true after a call of `stop`. */
export interface ServerEnding {
  code: number | null;
  signal: NodeJS.Signals | null;
  wanted: boolean;
}

/** The whole command line of the server, and where its data are. */
export interface ServerCommand {
  words: readonly string[];
  folder: string;
  dataFolder: string;
  log: StoreLog;
}

/** A server process that is ready for connections. */
export interface ServerProcess {
  pid: number;
  ended: Promise<ServerEnding>;
  stop(): Promise<void>;
  unref(): void;
}

/** A predecessor that is told to stop may take this long for its last checkpoint. */
const predecessorStopSeconds = 60;
/** A predecessor whose parent died this instant needs a moment to notice. */
const predecessorNoticeSeconds = 2;
/** After this long a fast shutdown becomes an immediate one (recovery at the next start). */
const stopSeconds = 60;

/**
 * Starts the server and waits until it is ready. A predecessor on the same folder that is already
 * stopping is waited for: after a kill -9 of its parent it needs a moment to write its checkpoint.
 */
export async function runServer(command: ServerCommand): Promise<ServerProcess> {
  const startedAt = performance.now();
  for (;;) {
    const outcome = await tryServer(command);
    if ('pid' in outcome) return outcome;
    const waitedSeconds = (performance.now() - startedAt) / 1000;
    const isStopping = /stopping/.test(await predecessorStatus(command.dataFolder));
    const patience = isStopping ? predecessorStopSeconds : predecessorNoticeSeconds;
    if (outcome.kind !== 'conflict' || waitedSeconds > patience) throw outcome;
    await delay(100);
  }
}

/** Line 8 of postmaster.pid: `starting`, `ready` or `stopping`. */
async function predecessorStatus(dataFolder: string): Promise<string> {
  try {
    return (await readFile(join(dataFolder, 'postmaster.pid'), 'utf8')).split('\n')[7] ?? '';
  } catch {
    return ''; // it has just ended
  }
}

async function tryServer(command: ServerCommand): Promise<ServerProcess | DomainError> {
  const { words, folder, log } = command;
  const child = spawn(words[0] ?? '', words.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: serverEnvironment(),
    cwd: '/',
    detached: true, // Ctrl-C in the terminal must reach us, not the server under our feet
  });
  const state = { wanted: false };
  const ended = new Promise<ServerEnding>((resolve) => {
    child.on('error', () => resolve({ code: null, signal: null, wanted: false }));
    child.on('close', (code, signal) => resolve({ code, signal, ...state }));
  });
  const early: string[] = [];
  const failure = await new Promise<DomainError | undefined>((resolve) => {
    const fail = (ending: string): void =>
      resolve(explainFailure({ program: 'postgres', folder, stderr: early.join('\n'), ending }));
    child.on('error', (error) => fail(error.message));
    child.on('close', (code, signal) => fail(signal ?? `code ${code}`));
    // Reading goes on for the life of the server: a full pipe would stop it.
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (early.length < 200) early.push(line);
      logLine(log, line);
      if (line.includes('ready to accept connections')) resolve(undefined);
    });
  });
  if (failure !== undefined) return failure;
  const unref = (): void => {
    child.unref();
    (child.stderr as unknown as { unref(): void }).unref(); // a socket, whatever its type says
  };
  return { pid: child.pid ?? 0, ended, stop: () => stopServer(child, state, ended), unref };
}

async function stopServer(
  child: ChildProcess,
  state: { wanted: boolean },
  ended: Promise<ServerEnding>,
): Promise<void> {
  if (!state.wanted) child.kill('SIGINT');
  state.wanted = true;
  child.ref();
  const impatience = setTimeout(() => child.kill('SIGQUIT'), stopSeconds * 1000);
  await ended;
  clearTimeout(impatience);
}

function logLine(log: StoreLog, line: string): void {
  if (/\b(ERROR|FATAL|PANIC|WARNING): /.test(line)) log.warn({ source: 'postgres' }, line);
  else log.debug({ source: 'postgres' }, line);
}
