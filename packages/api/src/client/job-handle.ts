import { unwrap, type InterpulseClient, type Schemas } from './create-client.ts';
import { followLog, type LogOptions } from './follow-log.ts';
import type { JobEnds } from './job-ends.ts';
import { JobFailed } from './job-failed.ts';
import { JobResult } from './job-result.ts';

type Job = Schemas['Job'];

/** What handles of one client share. */
export interface HandleContext {
  client: InterpulseClient;
  ends: JobEnds;
}

/** A submitted job: `await handle.result()`. */
export class JobHandle {
  readonly id: string;
  readonly #context: HandleContext;
  #result: Promise<JobResult> | null = null;

  constructor(context: HandleContext, id: string) {
    this.#context = context;
    this.id = id;
  }

  /**
   * Waits for the end and gives what the job left behind.
   * @throws JobFailed with the reason, the exit code and the end of stderr.
   */
  result(): Promise<JobResult> {
    this.#result ??= this.#wait();
    return this.#result;
  }

  /** Waits for the end, however it is. */
  ended(): Promise<Job> {
    return this.#context.ends.watch(this.id);
  }

  /** The job as it is now. */
  async job(): Promise<Job> {
    return (await this.#read()).job;
  }

  /** Every attempt: who ran it where, and how it ended. */
  async attempts(): Promise<Schemas['JobAttempt'][]> {
    return (await this.#read()).attempts;
  }

  /** Why it waits, runs where it runs, or failed, and what would help. */
  explain(): Promise<Schemas['JobExplanation']> {
    const { client } = this.#context;
    return unwrap(client.GET('/api/v1/jobs/{jobId}/explain', { params: this.#params }));
  }

  /** Cancels it; a running one gets TERM, then KILL. False when it had ended otherwise. */
  async cancel(): Promise<boolean> {
    const { client } = this.#context;
    const job = await unwrap(client.POST('/api/v1/jobs/{jobId}/cancel', { params: this.#params }));
    return job.state === 'canceled';
  }

  /** The tail of `stdout` or `stderr`. */
  async log(stream: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    const params = { ...this.#params, query: { stream } };
    const { client } = this.#context;
    return (await unwrap(client.GET('/api/v1/jobs/{jobId}/log', { params }))).text;
  }

  /** Pieces of `stdout` or `stderr` as they are written, until the end. */
  followLog(options: LogOptions = {}): AsyncGenerator<string> {
    return followLog(this.#context.client, this.id, options);
  }

  get #params() {
    return { path: { jobId: this.id } };
  }

  #read() {
    return unwrap(this.#context.client.GET('/api/v1/jobs/{jobId}', { params: this.#params }));
  }

  async #wait(): Promise<JobResult> {
    const job = await this.ended();
    if (job.state === 'completed') return new JobResult(this.#context.client, job);
    const attempts = job.state === 'failed' ? await this.attempts() : [];
    const last = attempts.findLast(({ stderrTail }) => stderrTail !== null);
    throw new JobFailed(job, last?.stderrTail ?? null);
  }
}
