import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { unwrap, type InterpulseClient, type Schemas } from './create-client.ts';
import { pause, retryPauses } from './retrying-fetch.ts';

type Job = Schemas['Job'];

/** Less than the hub's limit, which proxies also hold a request. */
const holdSeconds = 25;
/** Ends of large batches come in bursts: who asks a little later hears of many at once. */
const gather = { millisecondsPerJob: 0.2, mostMilliseconds: 250 };

interface Batch {
  ids: Set<string>;
  stop: AbortController;
}

interface Watch {
  promise: Promise<Job>;
  resolve: (job: Job) => void;
  reject: (error: unknown) => void;
}

/**
 * Learns of the ends of many jobs with a few held requests. A new job is asked for at once with a
 * request of its own; batches that are not larger than what comes new are joined with it, so N jobs
 * that come one by one are held by at most log2(N) requests.
 */
export class JobEnds {
  readonly #client: InterpulseClient;
  readonly #batches = new Set<Batch>();
  readonly #watches = new Map<string, Watch>();

  constructor(client: InterpulseClient) {
    this.#client = client;
  }

  /** The job when it has ended; rejects with DomainError when it may not be seen. */
  watch(jobId: string): Promise<Job> {
    const known = this.#watches.get(jobId);
    if (known !== undefined) return known.promise;
    const watch = openWatch();
    // Who asks sees the rejection; nobody has to.
    watch.promise.catch(() => undefined);
    this.#watches.set(jobId, watch);
    this.#begin(new Set([jobId]));
    return watch.promise;
  }

  /** Ends the requests; who still waits is told so. */
  close(): void {
    for (const { stop } of this.#batches) stop.abort();
    this.#batches.clear();
    const closed = new DomainError('unavailable', 'waiting for jobs: the client was closed');
    for (const id of this.#watches.keys()) this.#take(id)?.reject(closed);
  }

  #begin(ids: Set<string>): void {
    const bySize = [...this.#batches].toSorted((a, b) => a.ids.size - b.ids.size);
    for (const batch of bySize) {
      if (batch.ids.size > ids.size || batch.ids.size + ids.size > limits.jobsPerWait) break;
      // What it may just be hearing of, the joined batch hears again.
      batch.stop.abort();
      this.#batches.delete(batch);
      for (const id of batch.ids) ids.add(id);
    }
    this.#start(ids);
  }

  #start(ids: Set<string>): void {
    const batch = { ids, stop: new AbortController() };
    this.#batches.add(batch);
    void this.#run(batch).finally(() => this.#batches.delete(batch));
  }

  async #run(batch: Batch): Promise<void> {
    const { ids, stop } = batch;
    let pauses = retryPauses();
    // Those that are watched in the same breath go into one request.
    await Promise.resolve();
    while (ids.size > 0 && !stop.signal.aborted) {
      try {
        const ended = await this.#ask([...ids], stop.signal);
        pauses = retryPauses();
        for (const job of ended) {
          ids.delete(job.id);
          this.#take(job.id)?.resolve(job);
        }
        if (ended.length === 0 || ids.size === 0) continue;
        const pauseMs = Math.min(ids.size * gather.millisecondsPerJob, gather.mostMilliseconds);
        await pause(pauseMs, stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!isAway(error)) return this.#split(ids, error);
        // Jobs go on without the hub, and it will be back.
        await pause(pauses.next().value, stop.signal);
      }
    }
  }

  async #ask(jobIds: string[], signal: AbortSignal): Promise<Job[]> {
    const body = { jobIds, waitSeconds: holdSeconds };
    const { ended } = await unwrap(this.#client.POST('/api/v1/jobs/wait', { body, signal }));
    return ended;
  }

  /** One job that may not be seen any more must not take others with it. */
  #split(ids: Set<string>, error: unknown): void {
    const isMine = error instanceof DomainError && error.kind === 'unauthenticated';
    if (ids.size === 1 || isMine) {
      for (const id of ids) this.#take(id)?.reject(error);
      return;
    }
    const all = [...ids];
    const half = Math.ceil(all.length / 2);
    this.#start(new Set(all.slice(0, half)));
    this.#start(new Set(all.slice(half)));
  }

  #take(jobId: string): Watch | undefined {
    const watch = this.#watches.get(jobId);
    this.#watches.delete(jobId);
    return watch;
  }
}

function openWatch(): Watch {
  let settle: Omit<Watch, 'promise'> | undefined;
  const promise = new Promise<Job>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...(settle as Omit<Watch, 'promise'>) };
}

function isAway(error: unknown): boolean {
  return !(error instanceof DomainError) || error.kind === 'unavailable';
}
