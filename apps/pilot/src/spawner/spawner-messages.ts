/** What a spawner must know before anything else; the first line on its standard input. */
export interface SpawnerHello {
  /** In the environment of everything that it starts, so that all of it is found again. */
  mark: string;
  /** What every task inherits. */
  environment: Record<string, string>;
  /** Where it connects to for its orders, on another node; null for its standard input. */
  callBack: { hosts: string[]; port: number; token: string } | null;
}

/** What a pilot tells a spawner. */
export type SpawnerOrder =
  | {
      do: 'spawn';
      id: number;
      argv: readonly string[];
      cwd: string;
      /** Besides what the hello gave. */
      environment: Record<string, string>;
    }
  /** To the task's whole process group. */
  | { do: 'signal'; id: number; signal: 'SIGTERM' | 'SIGKILL' }
  /** Samples from now on what processes use that have these `NAME=value` in their environment. */
  | { do: 'account'; id: number; words: string[] }
  /** Kills all of these, and answers with what they used. */
  | { do: 'sweep'; id: number; words: string[] };

/** What a process used, where it is known. */
export interface ProcessUsage {
  cpuSeconds: number | null;
  peakMemoryBytes: number | null;
}

/** What a spawner tells its pilot. */
export type SpawnerWord =
  /** `isExact`: usage comes from the system's own account, and not from samples. */
  | { is: 'ready'; host: string; isExact: boolean }
  | { is: 'began'; id: number; pid: number; startedAt: string }
  /** It never ran; `code` as in `ENOENT`, empty when the system gave none. */
  | { is: 'refused'; id: number; code: string; message: string }
  | ({ is: 'used'; id: number } & ProcessUsage)
  | ({
      is: 'ended';
      id: number;
      exitCode: number | null;
      signal: string | null;
      wallSeconds: number;
    } & ProcessUsage);
