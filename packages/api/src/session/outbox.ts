import { Fifo } from './fifo.ts';
import { SessionFault } from './session-fault.ts';
import type { Acknowledgement, Refusal, SessionWindow, WireItem } from './session-frame.ts';
import type { SessionLimits } from './session-limits.ts';
import { messageOverheadBytes } from './session-limits.ts';

/**
 * Which queue a message waits in. `report` goes first and belongs to one incarnation: it tells
 * the whole state after a reset. `control` overtakes `bulk` (log tails, previews).
 */
export type Lane = 'report' | 'control' | 'bulk';

/** A message on its way; the object itself is the handle by which its fate is told. */
export interface Parcel extends WireItem {
  lane: Lane;
}

/** A parcel that the peer has handled; `refusal` is set when it did so by refusing it. */
export interface Settled {
  parcel: Parcel;
  refusal: Refusal | null;
}

/** What a message counts for against windows and queues, in bytes. */
export function sizeOfItem(item: WireItem): number {
  return item.json.length + (item.attachment?.length ?? 0) + messageOverheadBytes;
}

/** Share of the window that bulk messages may fill, so that control never waits behind them. */
const bulkShare = 0.75;

/**
 * The sending half of a session: what waits, what is under way, what may be sent next.
 * A sequence number is given at first transmission, so lanes can overtake without gaps.
 */
export class Outbox {
  readonly #limits: SessionLimits;
  readonly #lanes = {
    report: new Fifo<Parcel>(),
    control: new Fifo<Parcel>(),
    bulk: new Fifo<Parcel>(),
  };
  /** Transmitted and unacknowledged, in sequence: `#acked + 1` and on. */
  readonly #sent = new Fifo<Parcel>();
  #sentBytes = 0;
  #acked = 0;
  #next = 1;
  /** The next number to put on this link; below `#next` while resending. */
  #cursor = 1;
  #window: SessionWindow = { messages: 0, bytes: 0 };
  #held = true;
  /** Ordinary messages and reports are bounded apart; answers by the peer's open requests. */
  readonly #load = {
    ordinary: { messages: 0, bytes: 0 },
    report: { messages: 0, bytes: 0 },
    answer: { messages: 0, bytes: 0 },
  };

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  /** Queues a message; false when the queue is full and it was not taken. */
  add(parcel: Parcel): boolean {
    if (!this.#hasRoomFor(parcel)) return false;
    this.#count(parcel, 1);
    this.#lanes[parcel.lane].push(parcel);
    return true;
  }

  /** Whether the queue of ordinary messages is at most half full. */
  get roomy(): boolean {
    const { messages, bytes } = this.#load.ordinary;
    return messages * 2 <= this.#limits.queuedMessages && bytes * 2 <= this.#limits.queuedBytes;
  }

  /** Messages held in any state; for showing and for tests of the bounds. */
  get heldMessages(): number {
    const { ordinary, report, answer } = this.#load;
    return ordinary.messages + report.messages + answer.messages;
  }

  /** Messages under way without acknowledgement. */
  get unacknowledged(): number {
    return this.#sent.length;
  }

  /** The next messages that credit and batch size allow, or null. They count as sent now. */
  takeBatch(): { first: number; parcels: Parcel[] } | null {
    const first = this.#cursor;
    const parcels: Parcel[] = [];
    let bytes = 0;
    while (parcels.length < this.#limits.batchMessages) {
      const parcel = this.#peek();
      if (parcel === undefined) break;
      bytes += sizeOfItem(parcel);
      if (parcels.length > 0 && bytes > this.#limits.batchBytes) break;
      this.#transmit(parcel);
      parcels.push(parcel);
    }
    return parcels.length === 0 ? null : { first, parcels };
  }

  /**
   * Takes the peer's acknowledgement and gives what it settles. Older ones change nothing.
   *
   * @throws SessionFault `acknowledgement` for a number that was never sent.
   */
  acknowledge(ack: Acknowledgement): Settled[] {
    if (ack.through >= this.#next) {
      throw new SessionFault(
        'acknowledgement',
        `Message ${ack.through} was acknowledged, but the last one sent is ${this.#next - 1}.`,
      );
    }
    const refused = new Map(ack.refusals.map((refusal) => [refusal.seq, refusal]));
    const settled: Settled[] = [];
    while (this.#acked < ack.through) {
      const parcel = this.#sent.shift();
      if (parcel === undefined) break;
      this.#acked += 1;
      this.#sentBytes -= sizeOfItem(parcel);
      this.#count(parcel, -1);
      settled.push({ parcel, refusal: refused.get(this.#acked) ?? null });
    }
    this.#cursor = Math.max(this.#cursor, this.#acked + 1);
    return settled;
  }

  /**
   * Continues on a new link after `received`, the last message that the peer has.
   *
   * @throws SessionFault `sequence` when the peer claims what was never sent, or lacks what it
   * has acknowledged.
   */
  resume(received: number, window: SessionWindow): void {
    if (received < this.#acked || received >= this.#next) {
      throw new SessionFault(
        'sequence',
        `The peer says it has received ${received}; ${this.#acked} are acknowledged and ` +
          `${this.#next - 1} sent.`,
      );
    }
    this.#window = window;
    this.#cursor = received + 1;
  }

  /**
   * Begins a new incarnation: everything unacknowledged waits again, before what waited already;
   * reports of the old one are dropped and returned. Only reports leave until `release`.
   */
  reset(window: SessionWindow): Parcel[] {
    const again = this.#sent.takeAll();
    const dropped = [...again.filter((parcel) => parcel.lane === 'report')];
    dropped.push(...this.#lanes.report.takeAll());
    for (const parcel of dropped) this.#count(parcel, -1);
    for (const lane of ['control', 'bulk'] as const) {
      this.#lanes[lane].prepend(again.filter((parcel) => parcel.lane === lane));
    }
    this.#sentBytes = 0;
    this.#acked = 0;
    this.#next = 1;
    this.#cursor = 1;
    this.#window = window;
    this.#held = true;
    return dropped;
  }

  /** The report after a reset is complete: the other lanes may leave. */
  release(): void {
    this.#held = false;
  }

  /** Empties the outbox for good and gives all it held. */
  clear(): Parcel[] {
    const { report, control, bulk } = this.#lanes;
    const lanes = [this.#sent, report, control, bulk];
    const parcels = lanes.flatMap((lane) => lane.takeAll());
    for (const parcel of parcels) this.#count(parcel, -1);
    this.#sentBytes = 0;
    this.#acked = this.#next - 1;
    this.#cursor = this.#next;
    return parcels;
  }

  #peek(): Parcel | undefined {
    if (this.#cursor < this.#next) return this.#sent.at(this.#cursor - this.#acked - 1);
    const { report, control, bulk } = this.#lanes;
    const urgent = this.#held ? report.at(0) : (report.at(0) ?? control.at(0));
    if (urgent !== undefined) return this.#fits(urgent, 1) ? urgent : undefined;
    const rest = this.#held ? undefined : bulk.at(0);
    return rest !== undefined && this.#fits(rest, bulkShare) ? rest : undefined;
  }

  #fits(parcel: Parcel, share: number): boolean {
    return (
      this.#sent.length + 1 <= this.#window.messages * share &&
      this.#sentBytes + sizeOfItem(parcel) <= this.#window.bytes * share
    );
  }

  #transmit(parcel: Parcel): void {
    if (this.#cursor === this.#next) {
      this.#lanes[parcel.lane].shift();
      this.#sent.push(parcel);
      this.#sentBytes += sizeOfItem(parcel);
      this.#next += 1;
    }
    this.#cursor += 1;
  }

  #loadOf(parcel: Parcel): { messages: number; bytes: number } {
    if (parcel.answerTo !== null) return this.#load.answer;
    return parcel.lane === 'report' ? this.#load.report : this.#load.ordinary;
  }

  #hasRoomFor(parcel: Parcel): boolean {
    if (parcel.answerTo !== null) return true;
    const { messages, bytes } = this.#loadOf(parcel);
    const { queuedMessages, queuedBytes } = this.#limits;
    return messages < queuedMessages && bytes + sizeOfItem(parcel) <= queuedBytes;
  }

  #count(parcel: Parcel, sign: 1 | -1): void {
    const load = this.#loadOf(parcel);
    load.messages += sign;
    load.bytes += sign * sizeOfItem(parcel);
  }
}
