import { DomainError } from '@interpulse/domain/error.ts';
import type { Clock } from './clock.ts';
import type { Received } from './session.ts';

interface OpenRequest<In> {
  resolve(answer: Received<In>): void;
  reject(error: unknown): void;
  cancelTimer(): void;
  acknowledged: boolean;
}

/** The requests of one side that wait for an answer. */
export class RequestBook<In> {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #prefix: string;
  readonly #open = new Map<string, OpenRequest<In>>();
  #count = 0;

  /** `prefix` keeps an answer to an earlier process from answering a request of this one. */
  constructor(clock: Clock, limit: number, prefix: string) {
    this.#clock = clock;
    this.#limit = limit;
    this.#prefix = prefix;
  }

  /**
   * Opens a request; its place is taken until the peer answers or the session begins anew, also
   * when the caller gave up waiting: the answer is still on its way.
   *
   * @throws DomainError `exhausted` when too many are open.
   */
  open(timeoutMs: number, peer: string): { id: string; answer: Promise<Received<In>> } {
    if (this.#open.size >= this.#limit) {
      throw new DomainError(
        'exhausted',
        `Asking ${peer}: ${this.#limit} requests wait for answers already. Ask again later.`,
      );
    }
    this.#count += 1;
    const id = `${this.#prefix}.${this.#count}`;
    const { promise, resolve, reject } = Promise.withResolvers<Received<In>>();
    const cancelTimer = this.#clock.after(timeoutMs, () => {
      const message = `Asking ${peer}: no answer within ${timeoutMs} ms. Ask again later.`;
      reject(new DomainError('unavailable', message));
    });
    this.#open.set(id, { resolve, reject, cancelTimer, acknowledged: false });
    return { id, answer: promise };
  }

  /** The peer handled the request; the answer is on its way. */
  acknowledge(id: string): void {
    const request = this.#open.get(id);
    if (request !== undefined) request.acknowledged = true;
  }

  /** Closes a request with its answer, or with the error that `read` throws. */
  answer(id: string, read: () => Received<In>): void {
    const request = this.#take(id);
    if (request === undefined) return;
    try {
      request.resolve(read());
    } catch (error) {
      request.reject(error);
    }
  }

  /** Closes a request with an error. */
  fail(id: string, error: unknown): void {
    this.#take(id)?.reject(error);
  }

  /** The peer begins anew: what it had handled but not answered, it will not answer. */
  failAcknowledged(error: unknown): void {
    for (const [id, request] of this.#open) if (request.acknowledged) this.fail(id, error);
  }

  /** Closes all requests with an error. */
  failAll(error: unknown): void {
    for (const id of this.#open.keys()) this.fail(id, error);
  }

  #take(id: string): OpenRequest<In> | undefined {
    const request = this.#open.get(id);
    this.#open.delete(id);
    request?.cancelTimer();
    return request;
  }
}
