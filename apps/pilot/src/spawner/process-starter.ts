import type { ProcessUsage } from './spawner-messages.ts';

/** What runs, with its files open already. */
export interface ProcessOrder {
  argv: readonly string[];
  cwd: string;
  /** The whole of it. */
  environment: Readonly<Record<string, string>>;
  stdout: number;
  stderr: number;
}

/** How a process ended. */
export interface ProcessEnd extends ProcessUsage {
  exitCode: number | null;
  signal: string | null;
}

/** A way to start processes, each in a session and process group of its own. */
export interface ProcessStarter {
  /** Whether ends come with what the process used. */
  readonly isExact: boolean;
  /**
   * Gives the pid, or a promise that rejects where the fault is known only later.
   *
   * @throws Error with a `code` such as `ENOENT` when it cannot be started.
   */
  start(order: ProcessOrder): number | Promise<never>;
}

/** Called once for each process that was started. */
export type OnProcessEnd = (pid: number, end: ProcessEnd) => void;
