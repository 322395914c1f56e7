import type { BatchRequest } from './batch-system.ts';
import type { SeenJob } from './seen-job.ts';

/** How a batch job ended, as something else than the queue remembers it. */
export interface RememberedEnd {
  exitCode: number | null;
  signal: string | null;
  reason: string | null;
}

/** A batch job to be looked for; its id is null when only its name is known. */
export interface WantedJob {
  name: string;
  batchJobId: string | null;
}

/** What one batch system's commands can do; all rejections are DomainErrors. */
export interface BatchCommands {
  readonly driver: string;
  /** Writes the script of a batch job; pure. */
  renderScript(request: BatchRequest, nowMilliseconds: number): string;
  /** Submits a script and answers the batch job's id. */
  submit(request: BatchRequest, scriptPath: string): Promise<string>;
  /** What the queue knows of these batch jobs, those that have just ended included. */
  look(wanted: readonly WantedJob[]): Promise<SeenJob[]>;
  /** How batch jobs ended that the queue does not know any more, by id, as far as told. */
  remember(batchJobIds: readonly string[]): Promise<Map<string, RememberedEnd>>;
  /** Ends batch jobs, politely first; those that have ended are passed over. */
  cancel(batchJobIds: readonly string[]): Promise<void>;
}
