import { type Clock, systemClock } from './clock.ts';
import type { Link, LinkHandlers } from './link.ts';
import { decodeLongRequest, encodeLongRequest } from './long-request-body.ts';
import { sessionLimits } from './session-limits.ts';

/** What serves long requests. */
export interface LongRequestServerOptions {
  /** A client opened a connection: `server.accept(link, …)`. `owner` is who authenticated. */
  onLink: (link: Link, owner: string) => void;
  clock?: Clock;
  /** How long a request without news is held, in milliseconds. */
  heldRequestMs?: number;
}

interface Connection {
  owner: string;
  handlers: LinkHandlers;
  upNumber: number;
  downNumber: number;
  waiting: Uint8Array[];
  /** Answers the held request. */
  wake: (() => void) | null;
  closing: boolean;
}

/**
 * Sessions over plain requests, where no WebSocket passes. Mount `handleLongRequest` on one POST
 * route that takes and gives `application/octet-stream`. One lost request or answer is a cut of
 * the link; the session above resumes.
 */
export class LongRequestServer {
  readonly #options: LongRequestServerOptions;
  readonly #clock: Clock;
  readonly #heldRequestMs: number;
  readonly #connections = new Map<string, Connection>();

  constructor(options: LongRequestServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#heldRequestMs = options.heldRequestMs ?? sessionLimits.heldRequestMs;
  }

  /**
   * Handles one request body and gives the answer's. `owner` is the authenticated caller: a
   * connection belongs to whoever opened it.
   *
   * @throws SessionFault `badFrame` for a body that is no long request (HTTP 400).
   */
  async handleLongRequest(body: Uint8Array, owner: string): Promise<Uint8Array> {
    const { header, frames } = decodeLongRequest(body);
    const key = header.connection;
    if (header.kind === 'up' && header.number === 1 && !this.#connections.has(key)) {
      this.#open(key, owner);
    }
    const connection = this.#connections.get(key);
    const gone = encodeLongRequest({ kind: 'gone', connection: key, number: header.number }, []);
    if (connection === undefined || connection.owner !== owner) return gone;
    if (header.kind === 'end') {
      this.#cut(key, connection, 'The client closed the connection.');
      return gone;
    }
    if (!isNext(connection, header.kind, header.number)) {
      this.#cut(key, connection, 'A request was lost or repeated on its way.');
      return gone;
    }
    if (header.kind === 'up') for (const frame of frames) connection.handlers.onFrame(frame);
    else await this.#news(connection);
    const waiting = header.kind === 'down' ? connection.waiting.splice(0) : [];
    if (connection.closing && header.kind === 'down') {
      this.#cut(key, connection, 'The server closed the connection.');
    }
    return encodeLongRequest({ kind: 'ok', connection: key, number: header.number }, waiting);
  }

  /** Answers all held requests, so that the HTTP server can stop. */
  close(): void {
    for (const [key, connection] of [...this.#connections]) {
      this.#cut(key, connection, 'The server is shutting down.');
    }
  }

  #open(key: string, owner: string): void {
    const nobody: LinkHandlers = { onFrame: ignore, onFault: ignore, onClose: ignore };
    const connection: Connection = {
      owner,
      handlers: nobody,
      upNumber: 0,
      downNumber: 0,
      waiting: [],
      wake: null,
      closing: false,
    };
    this.#connections.set(key, connection);
    this.#options.onLink(this.#makeLink(key, connection), owner);
  }

  #makeLink(key: string, connection: Connection): Link {
    return {
      peer: `${connection.owner} over long requests`,
      start: (handlers) => {
        connection.handlers = handlers;
      },
      send: (frame) => {
        if (connection.closing) return;
        connection.waiting.push(frame);
        connection.wake?.();
      },
      close: () => {
        if (connection.closing) return;
        connection.closing = true;
        connection.wake?.();
        // The client fetches the last frames with its next request, or it is gone itself.
        this.#clock.after(this.#heldRequestMs, () => this.#cut(key, connection, 'Closed.'));
      },
    };
  }

  /** Resolves when there are frames, or the connection closes, or the request was held enough. */
  #news(connection: Connection): Promise<void> {
    connection.wake?.();
    if (connection.waiting.length > 0 || connection.closing) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(this.#heldRequestMs, () => connection.wake?.());
      connection.wake = () => {
        connection.wake = null;
        cancel();
        resolve();
      };
    });
  }

  #cut(key: string, connection: Connection, reason: string): void {
    if (this.#connections.get(key) !== connection) return;
    this.#connections.delete(key);
    connection.closing = true;
    connection.wake?.();
    connection.handlers.onClose(reason);
  }
}

function isNext(connection: Connection, kind: string, number: number): boolean {
  if (kind === 'up') {
    connection.upNumber += 1;
    return number === connection.upNumber;
  }
  connection.downNumber += 1;
  return kind === 'down' && number === connection.downNumber;
}

function ignore(): void {
  // A link speaks to nobody before it is started.
}
