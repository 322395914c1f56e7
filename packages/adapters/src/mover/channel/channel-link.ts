import type { Socket } from 'node:net';
import { DomainError } from '@interpulse/domain/error.ts';
import { digestOf } from '../file-digest.ts';
import { moverLimits } from '../mover-limits.ts';
import { encodeHeader } from './frame.ts';
import type { Frame, FrameType } from './frame.ts';
import { FrameReader } from './frame-reader.ts';

/** What a frame says besides its type. */
export interface FrameWords {
  file?: number;
  chunk?: number;
  digest?: bigint;
}

const nothing = Buffer.alloc(0);

/** A socket that speaks frames, says that it is alive, and notices when the other end is not. */
export class ChannelLink {
  /** Feeds the socket from the kernel; see `FrameReader`. */
  readonly reader: FrameReader;
  readonly #held: Frame[] = [];
  readonly #closed: ((error: DomainError) => void)[] = [];
  #socket: Socket | null = null;
  #handler: ((frame: Frame) => void) | null = null;
  #end: DomainError | null = null;
  #heardMilliseconds = performance.now();
  #pings: NodeJS.Timeout | undefined;

  constructor() {
    this.reader = new FrameReader(
      (frame) => this.#onFrame(frame),
      () => this.#socket?.resume(),
    );
  }

  /** Takes over a socket. `direct` when its `onread` already feeds the reader. */
  attach(socket: Socket, direct: boolean): void {
    if (this.#end !== null) {
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, moverLimits.pingSeconds * 1000);
    if (!direct) {
      socket.on('data', (bytes: Buffer) => {
        if (!this.take(() => this.reader.feed(bytes))) socket.pause();
      });
    }
    socket.on('error', (error) => this.#lose(error));
    socket.on('close', () => this.#lose(null));
    this.#pings = setInterval(() => this.#ping(), moverLimits.pingSeconds * 1000).unref();
  }

  /** Runs one step of reading; false when the socket shall pause. */
  take(step: () => void): boolean {
    this.#heardMilliseconds = performance.now();
    this.#guard(step);
    return !this.reader.stuck && this.#end === null;
  }

  /** Gives the payload of a `data` frame back, which may let the reading go on. */
  release(frame: Frame): void {
    this.#guard(() => this.reader.release(frame.payload));
  }

  /** What cannot be read ends the link, with a word to the other side. */
  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.fail(error instanceof DomainError ? error : lost(error));
    }
  }

  /** From now on `handler` gets the frames, first those that came before it. */
  onFrame(handler: (frame: Frame) => void): void {
    this.#handler = handler;
    for (const frame of this.#held.splice(0)) this.#onFrame(frame);
  }

  /** Frames are kept for the next `onFrame`. */
  hold(): void {
    this.#handler = null;
  }

  /** Called once when the link is over, at once if it already is. */
  onClosed(listener: (error: DomainError) => void): void {
    if (this.#end === null) this.#closed.push(listener);
    else listener(this.#end);
  }

  /** Whether it ended, and why. */
  get over(): DomainError | null {
    return this.#end;
  }

  /** Sends a frame; `sent` is called when the kernel has it or the link is over. */
  send(type: FrameType, words: FrameWords, payload: Uint8Array = nothing, sent?: () => void): void {
    const socket = this.#socket;
    if (socket === null || this.#end !== null) {
      sent?.();
      return;
    }
    const digest = words.digest ?? (payload.length === 0 ? 0n : digestOf(payload));
    const { file = 0, chunk = 0 } = words;
    const header = encodeHeader({ type, file, chunk, digest, payloadBytes: payload.length });
    if (payload.length === 0) {
      socket.write(header, () => sent?.());
      return;
    }
    socket.cork();
    socket.write(header);
    socket.write(payload, () => sent?.());
    socket.uncork();
  }

  /** Sends a frame whose payload is JSON. */
  sendJson(type: FrameType, value: unknown, words: FrameWords = {}): void {
    this.send(type, words, Buffer.from(JSON.stringify(value)));
  }

  /** Ends the link in peace after what was sent is out. */
  end(): void {
    this.#socket?.end();
    const patience = moverLimits.farewellSeconds * 1000;
    setTimeout(() => this.destroy(lost(null)), patience).unref();
  }

  /** Tells the other end why, then ends the link. */
  fail(error: DomainError): void {
    if (this.#end !== null) return;
    this.sendJson('failure', { kind: error.kind, message: error.message });
    const socket = this.#socket;
    this.#close(error);
    socket?.end();
    setTimeout(() => socket?.destroy(), 1000).unref();
  }

  /** Ends the link now. */
  destroy(error: DomainError): void {
    this.#close(error);
    this.#socket?.destroy();
  }

  /** Hands the bare socket over, for splicing; the link forgets it. */
  detach(): Socket {
    const socket = this.#socket;
    if (socket === null || this.#end !== null) throw lost(null);
    clearInterval(this.#pings);
    socket.removeAllListeners('data');
    this.#socket = null;
    return socket;
  }

  /** The socket is gone; one that was handed over is no longer ours to speak of. */
  #lose(cause: Error | null): void {
    if (this.#socket !== null) this.destroy(lost(cause));
  }

  #close(error: DomainError): void {
    if (this.#end !== null) return;
    this.#end = error;
    clearInterval(this.#pings);
    for (const listener of this.#closed.splice(0)) listener(error);
  }

  #onFrame(frame: Frame): void {
    if (this.#end !== null || frame.type === 'ping') return;
    if (
      frame.type !== 'data' &&
      frame.payloadBytes > 0 &&
      digestOf(frame.payload) !== frame.digest
    ) {
      this.fail(new DomainError('unavailable', 'reading the channel: a frame arrived damaged'));
    } else if (frame.type === 'failure') {
      this.destroy(failureOf(frame));
    } else if (this.#handler === null) {
      this.#held.push(frame);
    } else {
      this.#handler(frame);
    }
  }

  #ping(): void {
    this.send('ping', {});
    const silentSeconds = (performance.now() - this.#heardMilliseconds) / 1000;
    if (silentSeconds < moverLimits.silenceSeconds || this.reader.stuck) return;
    const said = `the other end has been silent for ${silentSeconds.toFixed(0)} s; try again`;
    this.destroy(new DomainError('unavailable', `using the channel: ${said}`));
  }
}

function lost(cause: unknown): DomainError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new DomainError('unavailable', `the channel closed before the transfer ended${why}`, {
    cause,
  });
}

function failureOf(frame: Frame): DomainError {
  const { kind, message } = readJson(frame) as { kind?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : 'no reason given';
  return new DomainError(kind === 'conflict' ? 'conflict' : 'unavailable', `other end: ${text}`);
}

/** The JSON of a frame; throws `unavailable` when it is none. */
export function readJson(frame: Frame): unknown {
  try {
    return JSON.parse(frame.payload.toString('utf8'));
  } catch (error) {
    throw new DomainError('unavailable', `reading the channel: bad ${frame.type}`, {
      cause: error,
    });
  }
}
