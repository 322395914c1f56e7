import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HistoryEvent } from '@interpulse/domain/event/event.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import type { World } from './world.ts';

const tickMilliseconds = 100;

/** Tells open streams what happens in a world, as server-sent events that can be resumed. */
export class EventStreams {
  readonly #world: World;
  readonly #open = new Set<ServerResponse>();
  readonly #timer: NodeJS.Timeout;
  #told: string;
  #isCut = false;

  constructor(world: World) {
    this.#world = world;
    this.#told = world.now();
    this.#timer = setInterval(() => this.#tell(), tickMilliseconds);
  }

  /** Opens a stream, after the event in Last-Event-ID or `after` when one is named. */
  open(request: IncomingMessage, response: ServerResponse, after: string | null): void {
    if (this.#isCut) {
      request.socket.destroy();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 500\n\n');
    const last = request.headers['last-event-id'] ?? after;
    if (typeof last === 'string') {
      const from = fromMilliseconds(Number(last.split('.')[0]));
      for (const event of this.#world.eventsBetween(from, this.#world.now()))
        write(response, event);
    }
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
  }

  /** Cuts all streams and refuses new ones, until called with false. */
  cut(isCut: boolean): void {
    this.#isCut = isCut;
    if (isCut) for (const stream of this.#open) stream.destroy();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    const now = this.#world.now();
    const events = this.#world.eventsBetween(this.#told, now);
    this.#told = now;
    for (const event of events) for (const stream of this.#open) write(stream, event);
  }
}

function write(stream: ServerResponse, event: HistoryEvent): void {
  stream.write(`id: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`);
}
