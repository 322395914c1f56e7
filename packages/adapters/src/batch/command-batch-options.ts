/** Where a batch system that is driven by commands keeps its notes, and how its commands run. */
export interface CommandBatchOptions {
  /** Folder for what must outlive the agent: which pilot is which batch job, and how it ended. */
  folder: string;
  /**
   * The whole environment of the commands: `PATH`, and what they need besides, such as `HOME`,
   * `SLURM_CONF` or `PBS_CONF_FILE`. Batch jobs get nothing of it.
   */
  environment: Readonly<Record<string, string | undefined>>;
  /** A command that takes longer is ended; `limits.batchCommandSeconds` when absent. */
  limitSeconds?: number;
}
