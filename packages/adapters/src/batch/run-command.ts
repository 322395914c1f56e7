import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';

/** A command of a batch system to be run. */
export interface Command {
  /** What it is run for, as an error's first words: `submitting pilot_…`. */
  purpose: string;
  /** Program and arguments; run without a shell. */
  words: readonly [string, ...string[]];
  /** The whole environment; the program is looked for in its `PATH`. */
  environment: Readonly<Record<string, string | undefined>>;
  /** It is ended after so long. */
  limitSeconds: number;
}

/** What a command said that ended by itself. */
export interface CommandAnswer {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command to its end and answers what it said, whatever its exit code.
 *
 * @throws DomainError `unavailable` when it is not there, takes too long, says too much or is
 * killed.
 */
export async function runCommand(command: Command): Promise<CommandAnswer> {
  const { purpose, words, environment, limitSeconds } = command;
  const [program, ...args] = words;
  const child = spawn(program, args, {
    cwd: '/',
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  const output = collect(child);
  const timer = new AbortController();
  const end = await Promise.race([
    ended(child),
    output.overflow.then(() => 'overflow' as const),
    delay(limitSeconds * 1000, 'late' as const, { signal: timer.signal, ref: false }),
  ]);
  timer.abort();
  const fail = (what: string, cause?: unknown): DomainError =>
    new DomainError('unavailable', `${purpose}: ${what}`, { cause });
  if (end === 'overflow' || end === 'late') {
    await endGroup(child, Math.min(limits.killGraceSeconds, limitSeconds));
    const why =
      end === 'late' ? `did not answer within ${limitSeconds} s` : 'printed more than is read';
    // sbatch, for one, says what it waits for and tries again by itself.
    const words = output.text('stderr').trim().split('\n')[0]?.slice(0, 200) ?? '';
    const said = words === '' ? '' : `, having said ${JSON.stringify(words)}`;
    throw fail(`${program} ${why}${said}, and was ended; try it by hand`);
  }
  if ('error' in end) throw fail(explainError(program, environment['PATH'], end.error), end.error);
  // What it has left behind must not hold its output open.
  killGroup(child, 'SIGKILL');
  if (end.code === null) throw fail(`${program} was killed by ${end.signal}`);
  return { exitCode: end.code, stdout: output.text('stdout'), stderr: output.text('stderr') };
}

type End = { code: number | null; signal: string | null } | { error: Error };

async function ended(child: ChildProcess): Promise<End> {
  try {
    const exit = once(child, 'exit');
    const [code, signal] = await exit;
    // A grandchild may hold the pipes; what the command itself has said is read by then.
    await Promise.race([closed(child), delay(200, undefined, { ref: false })]);
    return { code, signal };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function closed(child: ChildProcess): Promise<void> {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null && !stream.closed) await once(stream, 'close');
  }
}

function collect(child: ChildProcess) {
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  let bytes = 0;
  const overflow = new Promise<void>((resolve) => {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > limits.batchOutputBytes) resolve();
        else chunks[name].push(chunk);
      });
    }
  });
  const text = (name: 'stdout' | 'stderr'): string => Buffer.concat(chunks[name]).toString('utf8');
  return { overflow, text };
}

async function endGroup(child: ChildProcess, graceSeconds: number): Promise<void> {
  const exit = child.exitCode !== null || child.signalCode !== null ? null : once(child, 'exit');
  killGroup(child, 'SIGTERM');
  await Promise.race([exit, delay(graceSeconds * 1000, undefined, { ref: false })]);
  killGroup(child, 'SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended.
  }
}

function explainError(program: string, path: string | undefined, error: Error): string {
  const code = 'code' in error ? error.code : null;
  if (code === 'ENOENT') {
    return `there is no ${program} in PATH=${path ?? ''}; give the agent the right PATH`;
  }
  return `${program} cannot be run: ${error.message}`;
}
