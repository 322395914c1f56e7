import { openInBatch } from '@interpulse/domain/flow-run/open-in-batch.ts';
import { askHeld } from './ask-held.ts';
import { unwrap, type InterpulseClient, type Schemas } from './create-client.ts';
import { listFlowRuns, type FlowRunQuery } from './list-flow-runs.ts';

type FlowBatch = Schemas['FlowBatch'];

/** How the flow runs of a bulk start are done again; those that failed or were canceled. */
export type BatchRerunOptions = Omit<
  Schemas['RerunFlowRunsBody'],
  'flowRunIds' | 'filter' | 'dryRun'
>;

/** A bulk start: many flow runs that were started by one request. */
export class FlowBatchHandle implements AsyncIterable<FlowBatch> {
  readonly id: string;
  readonly #client: InterpulseClient;

  constructor(client: InterpulseClient, id: string) {
    this.#client = client;
    this.id = id;
  }

  /** Its counts, now and whenever more have ended: `for await (const { byStatus } of batch)`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<FlowBatch> {
    let { batch } = await this.report();
    for (;;) {
      yield batch;
      const open = openInBatch(batch);
      if (open === 0) return;
      const before = batch.total - open;
      do batch = await this.#held({ endedMoreThan: before });
      while (batch.total - openInBatch(batch) === before);
    }
  }

  /** Waits until all have ended, however they did, and tells how they went. */
  async ended() {
    while (openInBatch(await this.#held({})) > 0);
    return this.report();
  }

  /** How it stands: counts, expected end, durations, failures by reason. */
  report() {
    const answer = this.#client.GET('/api/v1/flow-batches/{batchId}', this.#place);
    return unwrap(answer);
  }

  /** Its flow runs, newest first. */
  flowRuns(query: FlowRunQuery = {}): AsyncGenerator<Schemas['FlowRun']> {
    return listFlowRuns(this.#client, { ...query, batch: this.id });
  }

  /** Starts no more of it, and cancels those under way. */
  async cancel(): Promise<FlowBatch> {
    return unwrap(this.#client.POST('/api/v1/flow-batches/{batchId}/cancel', this.#place));
  }

  /** Does those again that failed or were canceled; null when there are none. */
  async rerun(options: BatchRerunOptions = {}): Promise<FlowBatchHandle | null> {
    const params = { header: { 'Idempotency-Key': crypto.randomUUID() } };
    const filter = { batch: this.id, status: 'FAILED,ENDED' };
    const body = { ...options, filter };
    const { batch } = await unwrap(this.#client.POST('/api/v1/flow-runs/rerun', { params, body }));
    return batch && new FlowBatchHandle(this.#client, batch.id);
  }

  async #held(body: Schemas['WaitForFlowBatchBody']): Promise<FlowBatch> {
    const path = '/api/v1/flow-batches/{batchId}/wait';
    return askHeld(() => unwrap(this.#client.POST(path, { ...this.#place, body })));
  }

  get #place() {
    return { params: { path: { batchId: this.id } } };
  }
}
