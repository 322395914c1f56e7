import { Fifo } from './fifo.ts';
import { sizeOfItem } from './outbox.ts';
import { SessionFault } from './session-fault.ts';
import type { Acknowledgement, Refusal, SessionWindow, WireItem } from './session-frame.ts';

/** A message that arrived for the first time in this incarnation. */
export interface Arrival {
  seq: number;
  item: WireItem;
}

/**
 * The receiving half of a session: drops duplicates, finds gaps, checks credit, and turns
 * handlers that finish in any order into one cumulative acknowledgement.
 */
export class Inbox {
  readonly window: SessionWindow;
  #received = 0;
  #through = 0;
  /** Sizes of the messages after `#through`, in order. */
  #sizes = new Fifo<number>();
  #openBytes = 0;
  readonly #done = new Set<number>();
  /**
   * Kept until the sender must have seen them: it may send message n only after it has seen the
   * acknowledgement of n - window.messages.
   */
  #refusals: Refusal[] = [];
  /** The last `through` that this link has been told. */
  #told = 0;

  constructor(window: SessionWindow) {
    this.window = window;
  }

  /** Highest sequence number received. */
  get received(): number {
    return this.#received;
  }

  /** Messages received and not yet covered by the acknowledgement. */
  get open(): number {
    return this.#received - this.#through;
  }

  /**
   * Takes a frame's messages and gives the new ones.
   *
   * @throws SessionFault `sequence` on a gap, `credit` when the sender overdrew its window.
   */
  accept(first: number, items: WireItem[]): Arrival[] {
    if (items.length > 0 && (first < 1 || first > this.#received + 1)) {
      throw new SessionFault(
        'sequence',
        `Message ${first} arrived, but ${this.#received + 1} is the next one.`,
      );
    }
    const arrivals: Arrival[] = [];
    for (const [index, item] of items.entries()) {
      const seq = first + index;
      if (seq <= this.#received) continue;
      this.#admit(sizeOfItem(item));
      arrivals.push({ seq, item });
    }
    return arrivals;
  }

  /** The handler of `seq` has finished, well or (`refusal`) by refusing the message. */
  complete(seq: number, refusal: Refusal | null): void {
    if (seq <= this.#through || seq > this.#received || this.#done.has(seq)) return;
    this.#done.add(seq);
    if (refusal !== null) this.#refusals.push(refusal);
    while (this.#done.delete(this.#through + 1)) {
      this.#through += 1;
      this.#openBytes -= this.#sizes.shift() ?? 0;
    }
  }

  /** What this link has not been told yet, or null. */
  takeNews(): Acknowledgement | null {
    if (this.#through === this.#told) return null;
    const since = this.#told;
    this.#told = this.#through;
    return { through: this.#through, refusals: this.#refusalsAfter(since) };
  }

  /** For the handshake of a new link: everything that the peer may have missed. */
  takeAll(): Acknowledgement {
    this.#told = this.#through;
    return { through: this.#through, refusals: this.#refusalsAfter(0) };
  }

  /** Begins a new incarnation. */
  reset(): void {
    this.#received = 0;
    this.#through = 0;
    this.#told = 0;
    this.#sizes = new Fifo();
    this.#openBytes = 0;
    this.#done.clear();
    this.#refusals = [];
  }

  #admit(sizeBytes: number): void {
    const { messages, bytes } = this.window;
    if (this.open + 1 > messages || this.#openBytes + sizeBytes > bytes) {
      throw new SessionFault(
        'credit',
        `The peer sent more than the ${messages} messages or ${bytes} bytes it had credit for.`,
      );
    }
    this.#received += 1;
    this.#sizes.push(sizeBytes);
    this.#openBytes += sizeBytes;
    if (this.#refusals.length === 0) return;
    const seen = this.#received - messages;
    this.#refusals = this.#refusals.filter((refusal) => refusal.seq > seen);
  }

  #refusalsAfter(seq: number): Refusal[] {
    return this.#refusals.filter((entry) => entry.seq > seq && entry.seq <= this.#through);
  }
}
