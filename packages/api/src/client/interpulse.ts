import {
  unwrap,
  type ClientOptions,
  type InterpulseClient,
  type Schemas,
} from './create-client.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { connectClient, type ConnectedClient } from './connect-client.ts';
import { EnsembleHandle } from './ensemble-handle.ts';
import { FlowBatchHandle } from './flow-batch-handle.ts';
import { FlowRunHandle } from './flow-run-handle.ts';
import { JobEnds } from './job-ends.ts';
import { JobHandle, type HandleContext } from './job-handle.ts';
import { listFlowRuns, type FlowRunQuery } from './list-flow-runs.ts';
import { readEvents, type EventOptions } from './read-events.ts';
import { requestOf, submit, type JobOptions, type Work } from './submission.ts';
import { UploadFiles } from './upload-files.ts';

/** Where the hub is, who asks, and where local files go (`collection:/folder`). */
export type InterpulseOptions = Partial<ClientOptions> & { uploads?: string };

/** What many jobs have in common, and what their ensemble is called. */
export type MapOptions = JobOptions & {
  ensemble?: { label?: string; tags?: Record<string, string> };
};

/** How a flow run is started, beside its input. */
export type FlowOptions = Omit<Schemas['StartFlowRunBody'], 'flow' | 'input'>;

/** Over what a flow is started, and how. */
export type FlowBatchOptions = Omit<Schemas['StartFlowRunsBody'], 'flow' | 'dryRun'>;

/**
 * A hub, and who asks. Without arguments: the hub of the environment (INTERPULSE_URL and
 * INTERPULSE_TOKEN), or, within a job that may use the hub, the hub that runs it.
 */
export class Interpulse implements Disposable {
  /** The typed client of every route, for what is not here. */
  readonly client: InterpulseClient;
  readonly #connected: ConnectedClient;
  readonly #context: HandleContext;
  readonly #uploads: UploadFiles;

  constructor({ uploads, ...options }: InterpulseOptions = {}) {
    this.#connected = connectClient(options);
    this.client = this.#connected.client;
    this.#context = { client: this.client, ends: new JobEnds(this.client) };
    this.#uploads = new UploadFiles(this.client, uploads);
  }

  /**
   * Submits one job.
   * @throws DomainError invalid, with the fault of every field.
   */
  async submit(work: Work, options: JobOptions = {}): Promise<JobHandle> {
    const [job] = await this.#requestsOf(work, [options]);
    const { jobIds } = await submit(this.client, { jobs: job === undefined ? [] : [job] });
    return this.job(jobIds[0] ?? '');
  }

  /**
   * Submits one job for each item, as one request and one ensemble; what an item says replaces what
   * all have in common.
   * @throws DomainError invalid, with the fault of every field of every job.
   */
  async map(
    work: Work,
    items: readonly JobOptions[],
    { ensemble = {}, ...common }: MapOptions = {},
  ): Promise<EnsembleHandle> {
    if (items.length === 0 || items.length > limits.jobsPerSubmit) {
      const message = `an ensemble has 1 to ${limits.jobsPerSubmit} jobs, not ${items.length}`;
      throw new DomainError('invalid', message);
    }
    const jobs = await this.#requestsOf(
      work,
      items.map((item) => ({ ...common, ...item })),
    );
    const { label = typeof work === 'string' ? work : 'map', tags = {} } = ensemble;
    const { jobIds, ensembleId } = await submit(this.client, { ensemble: { label, tags }, jobs });
    const handles = jobIds.map((id) => this.job(id));
    return new EnsembleHandle(this.#context, ensembleId ?? '', handles);
  }

  /** A handle of a job that was submitted elsewhere or earlier. */
  job(jobId: string): JobHandle {
    return new JobHandle(this.#context, jobId);
  }

  /** A handle of an ensemble that was submitted elsewhere or earlier. */
  async ensemble(ensembleId: string): Promise<EnsembleHandle> {
    const params = { path: { ensembleId } };
    const path = '/api/v1/ensembles/{ensembleId}/grid';
    const { jobIds } = await unwrap(this.client.GET(path, { params }));
    const handles = jobIds.map((id) => this.job(id));
    return new EnsembleHandle(this.#context, ensembleId, handles);
  }

  /**
   * Starts a flow.
   * @throws DomainError invalid, with every fault of the input.
   */
  async startFlow(
    flow: string,
    input: Record<string, unknown> = {},
    options: FlowOptions = {},
  ): Promise<FlowRunHandle> {
    const params = { header: { 'Idempotency-Key': crypto.randomUUID() } };
    const body = { ...options, flow, input };
    const { id } = await unwrap(this.client.POST('/api/v1/flow-runs', { params, body }));
    return this.flowRun(id);
  }

  /** A handle of a flow run that was started elsewhere or earlier. */
  flowRun(flowRunId: string): FlowRunHandle {
    return new FlowRunHandle(this.client, flowRunId);
  }

  /** Flow runs, newest first: `{ flow: 'xpcs', status: 'FAILED' }`. */
  flowRuns(query: FlowRunQuery = {}): AsyncGenerator<Schemas['FlowRun']> {
    return listFlowRuns(this.client, query);
  }

  /**
   * Starts a flow over many inputs (`inputs`), or over datasets that are there (`datasets`, with a
   * `mapping`): at most 10,000; null when no dataset was found.
   * @throws DomainError invalid, with the fault of every input; none is started then.
   */
  async startFlowBatch(flow: string, options: FlowBatchOptions): Promise<FlowBatchHandle | null> {
    const params = { header: { 'Idempotency-Key': crypto.randomUUID() } };
    const body = { ...options, flow };
    const answer = this.client.POST('/api/v1/flow-runs/bulk', { params, body });
    const { batch } = await unwrap(answer);
    return batch && this.flowBatch(batch.id);
  }

  /** A handle of a bulk start that was made elsewhere or earlier. */
  flowBatch(batchId: string): FlowBatchHandle {
    return new FlowBatchHandle(this.client, batchId);
  }

  /** Everything that happens, from now on or after a cursor; goes on after a cut. */
  events(options: EventOptions = {}): AsyncGenerator<Schemas['Event']> {
    return readEvents(this.#connected, options);
  }

  /** Ends the waiting; jobs go on. */
  close(): void {
    this.#context.ends.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #requestsOf(work: Work, all: JobOptions[]): Promise<Schemas['JobRequest'][]> {
    return Promise.all(
      all.map(async (options) => {
        const sent = await this.#uploads.send(options);
        const request = requestOf(work, options);
        if (Object.keys(sent).length === 0) return request;
        return { ...request, inputs: { ...request.inputs, ...sent } };
      }),
    );
  }
}
