import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A child process of a pretend facility, whose words are kept. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Its latest lines of stderr, for messages of failing tests. */
  readonly tail: string[];
  /** Resolves with its first line of stdout that `accept` takes; rejects when it ends before. */
  line(accept: (line: string) => boolean): Promise<string>;
  /** Sends a signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Sends a signal that does not end it: SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void;
}

const tailLines = 60;

/** Where and how a child is started. */
export interface ChildSetting {
  environment?: NodeJS.ProcessEnv;
  /** Its stderr is kept there too. */
  logFile?: string | null;
  /** Words in front of its command, such as `ip netns exec NAME`; they must not stay its parent. */
  wrapper?: readonly string[];
}

/** Starts one of the apps from its source. */
export function startChild(
  name: string,
  main: string,
  args: string[],
  { environment = {}, logFile = null, wrapper = [] }: ChildSetting = {},
): Child {
  const [program = process.execPath, ...rest] = [...wrapper, process.execPath, main, ...args];
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const tail: string[] = [];
  const lines: string[] = [];
  const waiting = new Set<(line: string | null) => void>();
  const { stdout, stderr } = child;
  createInterface({ input: stdout }).on('line', (line) => {
    lines.push(line);
    for (const take of [...waiting]) take(line);
  });
  createInterface({ input: stderr }).on('line', (line) => {
    if (logFile !== null) appendFileSync(logFile, `${line}\n`);
    tail.push(line);
    if (tail.length > tailLines) tail.shift();
  });
  child.once('exit', () => {
    for (const take of [...waiting]) take(null);
  });
  return {
    name,
    pid: child.pid ?? 0,
    tail,
    line: (accept) =>
      new Promise((resolve, reject) => {
        const early = lines.find(accept);
        if (early !== undefined) return resolve(early);
        const take = (line: string | null): void => {
          if (line !== null && !accept(line)) return;
          waiting.delete(take);
          if (line !== null) resolve(line);
          else
            reject(
              new Error(`${name} ended: ${[...lines.slice(-3), ...tail.slice(-8)].join('\n')}`),
            );
        };
        waiting.add(take);
        if (hasEnded(child)) take(null);
      }),
    signal(signal) {
      child.kill(signal);
    },
    async kill(signal) {
      if (hasEnded(child)) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
