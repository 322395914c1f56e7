import { BufferPool } from '../buffer-pool.ts';
import { moverLimits } from '../mover-limits.ts';
import { decodeHeader, headerBytes } from './frame.ts';
import type { Frame, FrameHeader } from './frame.ts';

const empty = Buffer.alloc(0);

/**
 * Cuts a byte stream into frames. Large payloads are read by the kernel straight into a pooled
 * chunk (`target`/`filled`) or copied there (`feed`). When all chunks are in use it gets stuck,
 * which the owner answers by pausing the socket until `onFree`.
 */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  readonly #onFree: () => void;
  readonly #pool = new BufferPool();
  readonly #scratch = Buffer.allocUnsafeSlow(moverLimits.smallPayloadBytes);
  readonly #headerBytes = Buffer.allocUnsafe(headerBytes);
  #headerGot = 0;
  #header: FrameHeader | null = null;
  #payload: Buffer<ArrayBuffer> | null = null;
  #payloadGot = 0;
  #smallBytes = 0;
  /** What `target()` last answered: the kernel may still hold it when the state has moved on. */
  #handed: Buffer = this.#scratch;
  /** Largest payload taken; small until the other end has shown who it is. */
  payloadLimitBytes = 4096;
  /** Bytes that came while no chunk was free. */
  #rest: Buffer = empty;

  constructor(onFrame: (frame: Frame) => void, onFree: () => void) {
    this.#onFrame = onFrame;
    this.#onFree = onFree;
  }

  /** Whether the socket has to wait. */
  get stuck(): boolean {
    return this.#rest.length > 0;
  }

  /** Where the next bytes shall be put. */
  target(): Buffer<ArrayBuffer> {
    const target = this.#direct() ?? this.#scratch;
    this.#handed = target;
    return target;
  }

  /** `count` bytes were put at the start of `target()`. */
  filled(count: number): void {
    if (this.#handed === this.#scratch) {
      this.feed(this.#scratch.subarray(0, count));
      return;
    }
    this.#payloadGot += count;
    this.#emitIfWhole();
  }

  /** Takes bytes from anywhere; keeps a copy of those it cannot use yet. */
  feed(bytes: Buffer): void {
    // TLS goes on delivering what it has decrypted after the socket was paused.
    if (this.stuck) this.#rest = Buffer.concat([this.#rest, bytes]);
    else this.#parse(bytes);
  }

  #parse(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#header === null) {
        const taken = bytes.copy(this.#headerBytes, this.#headerGot, at);
        this.#headerGot += taken;
        at += taken;
        if (this.#headerGot < headerBytes) break;
        this.#headerGot = 0;
        this.#header = decodeHeader(this.#headerBytes, this.payloadLimitBytes);
        if (this.#header.payloadBytes === 0) this.#payload = empty;
      }
      this.#payload ??= this.#allocate(this.#header);
      if (this.#payload === null) break;
      const taken = bytes.copy(this.#payload, this.#payloadGot, at);
      this.#payloadGot += taken;
      at += taken;
      this.#emitIfWhole();
    }
    this.#rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : empty;
    // A header that ended exactly with the bytes still wants its chunk before the next read.
    if (this.#header !== null) this.#payload ??= this.#allocate(this.#header);
  }

  /** Gives the payload of a `data` frame back. */
  release(payload: Buffer<ArrayBuffer>): void {
    if (payload.buffer.byteLength === moverLimits.chunkBytes) this.#pool.give(payload);
    else this.#smallBytes -= payload.length;
    if (!this.stuck) return;
    const rest = this.#rest;
    this.#rest = empty;
    this.#parse(rest);
    if (!this.stuck) this.#onFree();
  }

  #direct(): Buffer<ArrayBuffer> | null {
    const left = this.#payload === null ? 0 : this.#payload.length - this.#payloadGot;
    return left >= moverLimits.smallPayloadBytes
      ? (this.#payload?.subarray(this.#payloadGot) ?? null)
      : null;
  }

  #allocate(header: FrameHeader): Buffer<ArrayBuffer> | null {
    const length = header.payloadBytes;
    if (header.type !== 'data') return Buffer.allocUnsafeSlow(length);
    if (length > moverLimits.smallPayloadBytes) {
      return this.#pool.tryTake()?.subarray(0, length) ?? null;
    }
    if (this.#smallBytes > moverLimits.smallBytesInFlight) return null;
    this.#smallBytes += length;
    return Buffer.allocUnsafeSlow(length);
  }

  #emitIfWhole(): void {
    const [header, payload] = [this.#header, this.#payload];
    if (header === null || payload === null || this.#payloadGot < payload.length) return;
    this.#header = null;
    this.#payload = null;
    this.#payloadGot = 0;
    this.#onFrame({ ...header, payload });
  }
}
