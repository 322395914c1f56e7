import { unwrap, type Schemas } from './create-client.ts';
import type { HandleContext, JobHandle } from './job-handle.ts';
import type { JobResult } from './job-result.ts';

type Job = Schemas['Job'];

/** Jobs that were submitted as one request, in the order of their inputs, and the whole of them. */
export class EnsembleHandle implements Iterable<JobHandle>, AsyncIterable<JobHandle> {
  readonly id: string;
  readonly handles: readonly JobHandle[];
  readonly #context: HandleContext;

  constructor(context: HandleContext, id: string, handles: readonly JobHandle[]) {
    this.#context = context;
    this.id = id;
    this.handles = handles;
  }

  get length(): number {
    return this.handles.length;
  }

  [Symbol.iterator](): Iterator<JobHandle> {
    return this.handles[Symbol.iterator]();
  }

  /** The handles as their jobs end, completed or not. */
  async *[Symbol.asyncIterator](): AsyncGenerator<JobHandle> {
    const ended: JobHandle[] = [];
    let wake: () => void = () => undefined;
    const failures: unknown[] = [];
    for (const handle of this.handles) {
      void handle
        .ended()
        .then(() => ended.push(handle))
        .catch((error: unknown) => failures.push(error))
        .finally(() => wake());
    }
    for (let given = 0; given < this.handles.length; given += 1) {
      while (ended.length === 0) {
        if (failures.length > 0) throw failures[0];
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const next = ended.shift();
      if (next !== undefined) yield next;
    }
  }

  /** All results in the order of the inputs. @throws JobFailed of the first that failed. */
  async results(): Promise<JobResult[]> {
    return Promise.all(this.handles.map((handle) => handle.result()));
  }

  /** Waits until all have ended, however that is. */
  async ended(): Promise<Job[]> {
    return Promise.all(this.handles.map((handle) => handle.ended()));
  }

  /** Counts, durations, failures by reason, sites. */
  report() {
    const { client } = this.#context;
    return unwrap(client.GET('/api/v1/ensembles/{ensembleId}', { params: this.#params }));
  }

  /** How many jobs are in which state now. */
  async counts(): Promise<Schemas['Ensemble']['counts']> {
    return (await this.report()).ensemble.counts;
  }

  /** Cancels every open job of it; how many those were. */
  async cancel(): Promise<number> {
    const path = '/api/v1/ensembles/{ensembleId}/cancel';
    return (await unwrap(this.#context.client.POST(path, { params: this.#params }))).canceled;
  }

  get #params() {
    return { path: { ensembleId: this.id } };
  }
}
