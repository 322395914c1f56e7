import { spawn } from 'node:child_process';

/** What to run, where the caller's environment is passed on unless replaced. */
export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutSeconds: number;
}

/** How a process ended; a timeout kills its whole process group. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly isTimedOut: boolean;
  readonly durationMilliseconds: number;
  /** The last 200,000 characters of both streams together. */
  readonly output: string;
}

const maxOutputCharacters = 200_000;

/** Process groups that still run, so that an interrupt leaves nothing behind. */
const running = new Set<number>();

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has already ended.
  }
}

/** Kills everything that {@link runProcess} has started and that has not ended. */
export function killAllProcesses(): void {
  for (const pid of running) killGroup(pid);
}

/** Runs a program without input in a process group of its own and collects its output. */
export async function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const startedMilliseconds = performance.now();
  const child = spawn(request.command, request.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: request.env ?? process.env,
  });
  let output = '';
  let isTimedOut = false;
  const collect = (chunk: string) => {
    output = (output + chunk).slice(-maxOutputCharacters);
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const pid = child.pid;
  if (pid !== undefined) running.add(pid);
  const timer = setTimeout(() => {
    isTimedOut = true;
    if (pid !== undefined) killGroup(pid);
  }, request.timeoutSeconds * 1000);
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      collect(`could not start ${request.command}: ${error.message}`);
      resolve(null);
    });
    // A grandchild that was left behind keeps the pipes open: the group ends with its leader.
    child.once('exit', () => pid !== undefined && killGroup(pid));
    child.once('close', (code) => resolve(code));
  });
  clearTimeout(timer);
  if (pid !== undefined) running.delete(pid);
  const durationMilliseconds = performance.now() - startedMilliseconds;
  return { exitCode, isTimedOut, durationMilliseconds, output };
}
