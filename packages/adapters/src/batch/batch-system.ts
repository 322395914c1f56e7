import type { PilotId } from '@interpulse/domain/id.ts';

/** What a batch job asks for besides nodes and time; null and 0 where nothing is asked. */
export interface BatchOptions {
  /** Queue (PBS) or partition (Slurm). */
  queue: string | null;
  account: string | null;
  qos: string | null;
  reservation: string | null;
  /** Slurm's constraint; other resources of a chunk for PBS (`gputype=a100`). */
  constraint: string | null;
  coresPerNode: number;
  gpusPerNode: number;
  memoryBytesPerNode: number;
  /** Further lines of the script, after `#SBATCH` or `#PBS`. */
  directives: readonly string[];
  /** Not to be running at or after this instant, such as the start of a maintenance. */
  endsBeforeAt: string | null;
  /** The batch system queues it again when its nodes are taken for other work. */
  requeue: boolean;
  /** Seconds before the end of its time at which it gets USR1; 0 for never. */
  warnSeconds: number;
}

/** One batch job to be submitted: a program that runs on so many nodes for so long. */
export interface BatchRequest {
  /** The batch job's name: by it a job is found again whose submission was cut off. */
  pilotId: PilotId;
  /** Program and arguments; run without a shell. */
  command: readonly string[];
  /**
   * The whole environment; nothing else is inherited but what the batch system itself says of the
   * allocation (`SLURM_*`, `PBS_*`, visible GPUs).
   */
  environment: Readonly<Record<string, string>>;
  nodes: number;
  walltimeSeconds: number;
  options: BatchOptions;
  /**
   * A folder of the batch job's own, absolute, named after the pilot, that its nodes see too; made
   * when it is missing. Holds `stdout` and `stderr`, and goes when the pilot is forgotten.
   */
  folder: string;
}

/** One batch job of ours as the batch system sees it. */
export interface BatchJob {
  pilotId: PilotId;
  batchJobId: string;
  /** `unknown`: a state that this driver has never heard of; never taken for an end. */
  state: 'queued' | 'running' | 'ended' | 'unknown';
  /** Where it runs; empty until it does, or when that is not told. */
  hosts: readonly string[];
  /** When it is expected to start, ISO 8601; null when that is not told. */
  expectedAt: string | null;
  /** How often its nodes were taken and it was queued again. */
  restarts: number;
  /** Null while it has not ended, and when nobody knows. */
  exitCode: number | null;
  /** The signal that ended it, such as `SIGKILL`. */
  signal: string | null;
  /** Why it waits or how it ended, in the words of the batch system; null when it says nothing. */
  reason: string | null;
}

/** What hands out nodes at a site. Batch jobs are known by the pilot whose id they carry. */
export interface BatchSystem {
  /** Short name, shown in the site's description. */
  readonly driver: string;
  /** Whether one batch job may span nodes. */
  readonly spansNodes: boolean;
  /** Whether `list` is cheap enough for every second, and changes are told by `onChange`. */
  readonly tellsChanges: boolean;
  /**
   * Submits a batch job and resolves with its id. A pilot that the batch system knows already, also
   * one that has ended, is not submitted again.
   *
   * @throws DomainError `invalid` when the batch system refuses it for good, `exhausted` when a
   * limit is reached, `unavailable` when it does not answer.
   */
  submit(request: BatchRequest): Promise<string>;
  /**
   * All our batch jobs, in one call: those that wait and run, and those that have ended until they
   * are forgotten.
   *
   * @throws DomainError `unavailable`.
   */
  list(): Promise<BatchJob[]>;
  /** Ends batch jobs, politely first; those that are unknown or have ended are passed over. */
  cancel(pilotIds: readonly PilotId[]): Promise<void>;
  /** Takes pilots that have ended out of the list, with what was kept of them. */
  forget(pilotIds: readonly PilotId[]): Promise<void>;
  /** Calls `changed` when it is worth to `list` now; never, where `tellsChanges` is false. */
  onChange(changed: () => void): void;
}
