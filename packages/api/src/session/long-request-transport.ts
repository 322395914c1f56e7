import { randomUUID } from 'node:crypto';
import type { Link, LinkHandlers, Transport } from './link.ts';
import {
  decodeLongRequest,
  encodeLongRequest,
  type LongRequestHeader,
} from './long-request-body.ts';
import { sessionLimits } from './session-limits.ts';

/** How a client reaches a hub over plain requests. */
export interface LongRequestTransportOptions {
  /** `http://` or `https://`: the route of `LongRequestServer`. */
  url: string;
  /** For every connection anew: `{ authorization: 'Bearer …' }`. */
  headers: () => Record<string, string> | Promise<Record<string, string>>;
}

/** The transport for places where a WebSocket cannot pass. */
export function longRequestTransport(options: LongRequestTransportOptions): Transport {
  return {
    description: options.url,
    connect: async (signal) => {
      const connection = new LongRequestConnection(options.url, await options.headers());
      await connection.post('up', [], signal);
      return connection;
    },
  };
}

/** A request that is not answered this long after its time is lost. */
const lateMs = 10_000;

class LongRequestConnection implements Link {
  readonly peer: string;
  readonly #headers: Record<string, string>;
  readonly #id = randomUUID();
  readonly #numbers = { up: 0, down: 0, end: 0 };
  readonly #abort = new AbortController();
  #handlers: LinkHandlers | null = null;
  #waiting: Uint8Array[] = [];
  #posting = false;
  #closing = false;

  constructor(url: string, headers: Record<string, string>) {
    this.peer = url;
    this.#headers = { ...headers, 'content-type': 'application/octet-stream' };
  }

  start(handlers: LinkHandlers): void {
    this.#handlers = handlers;
    void this.#fetchFrames();
  }

  send(frame: Uint8Array): void {
    if (this.#closing) return;
    this.#waiting.push(frame);
    void this.#postFrames();
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    void this.#postFrames();
  }

  /** One request; rejects unless the server knows this connection and answers in time. */
  async post(
    kind: 'up' | 'down' | 'end',
    frames: Uint8Array[],
    signal: AbortSignal,
  ): Promise<Uint8Array[]> {
    this.#numbers[kind] += 1;
    const header: LongRequestHeader = {
      kind,
      connection: this.#id,
      number: this.#numbers[kind],
    };
    const patienceMs = lateMs + (kind === 'down' ? sessionLimits.heldRequestMs : 0);
    const response = await fetch(this.peer, {
      method: 'POST',
      headers: this.#headers,
      body: Buffer.from(encodeLongRequest(header, frames)),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
    const bytes = await response.bytes();
    if (!response.ok) throw new Error(`the server answered HTTP ${response.status}`);
    const answer = decodeLongRequest(bytes);
    if (answer.header.kind !== 'ok') throw new Error('the server closed the connection');
    return answer.frames;
  }

  async #fetchFrames(): Promise<void> {
    try {
      while (!this.#abort.signal.aborted) {
        const frames = await this.post('down', [], this.#abort.signal);
        for (const frame of frames) this.#handlers?.onFrame(frame);
      }
    } catch (error) {
      this.#cut(error);
    }
  }

  /** One request at a time, so that frames stay in order; what waits meanwhile goes together. */
  async #postFrames(): Promise<void> {
    if (this.#posting) return;
    this.#posting = true;
    try {
      while (this.#waiting.length > 0) {
        await this.post('up', this.#takeFrames(), this.#abort.signal);
      }
      if (this.#closing) {
        await this.post('end', [], this.#abort.signal).catch(() => undefined);
        this.#cut(new Error('closed'));
      }
    } catch (error) {
      this.#cut(error);
    } finally {
      this.#posting = false;
    }
  }

  /** As many frames as one request may hold: at least one, at most `frameBytes` or little more. */
  #takeFrames(): Uint8Array[] {
    let bytes = 0;
    let count = 0;
    for (const frame of this.#waiting) {
      bytes += frame.length;
      if (count > 0 && bytes > sessionLimits.frameBytes) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  #cut(error: unknown): void {
    if (this.#abort.signal.aborted) return;
    this.#closing = true;
    this.#waiting = [];
    this.#abort.abort();
    const why = error instanceof Error ? error.message : String(error);
    this.#handlers?.onClose(`The long requests to ${this.peer} broke off: ${why}`);
  }
}
