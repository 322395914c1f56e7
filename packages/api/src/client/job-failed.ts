import type { Schemas } from './create-client.ts';

type Job = Schemas['Job'];

/** A job failed or was canceled; carries why, and the end of its stderr. */
export class JobFailed extends Error {
  readonly job: Job;
  readonly reason: string | null;
  readonly exitCode: number | null;
  readonly stderrTail: string | null;

  constructor(job: Job, stderrTail: string | null) {
    const name = job.label || job.app || 'job';
    const code = job.exitCode === null ? '' : ` (exit code ${job.exitCode})`;
    const text = `${name} ${job.id} ${job.state}${code}: ${job.reason ?? 'no reason given'}`;
    super(stderrTail ? `${text}\n${stderrTail.trimEnd()}` : text);
    this.name = 'JobFailed';
    this.job = job;
    this.reason = job.reason;
    this.exitCode = job.exitCode;
    this.stderrTail = stderrTail;
  }

  /** Whether it was canceled, by its owner or somebody else. */
  get isCanceled(): boolean {
    return this.job.state === 'canceled';
  }
}
