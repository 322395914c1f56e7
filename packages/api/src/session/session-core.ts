import { parseJson } from './decode-frame.ts';
import { Inbox } from './inbox.ts';
import { Outbox, type Parcel, type Settled } from './outbox.ts';
import { SessionFault, type SessionCloseCode } from './session-fault.ts';
import type {
  ByeFrame,
  Claim,
  DataFrame,
  Frame,
  HelloFrame,
  Refusal,
  SessionWindow,
  WelcomeFrame,
} from './session-frame.ts';
import { sessionVersions } from './session-frame.ts';
import type { SessionLimits } from './session-limits.ts';

/** How long after the first look at a silent peer the second one comes. */
const secondLookMs = 500;

/** A message for the handler; `complete` takes its `incarnation` and `seq` back. */
export interface Delivery {
  incarnation: string;
  seq: number;
  body: unknown;
  attachment: Uint8Array | null;
  requestId: string | null;
}

/** What the core wants its surroundings to do. */
export type SessionEffect =
  | { kind: 'deliver'; delivery: Delivery }
  | { kind: 'answer'; requestId: string; body: unknown; attachment: Uint8Array | null }
  | ({ kind: 'settled' } & Settled)
  /** A report of an incarnation that is over: nobody will acknowledge it. */
  | { kind: 'dropped'; parcel: Parcel }
  /** A new incarnation began; call `release` once the whole state has been sent as reports. */
  | { kind: 'reset' }
  | { kind: 'up' }
  /** Close the link, telling the peer why. */
  | { kind: 'fail'; code: SessionCloseCode; reason: string }
  /** The peer ended the connection. */
  | { kind: 'bye'; bye: ByeFrame };

/** What a core is born with. */
export interface SessionCoreOptions {
  role: 'client' | 'server';
  identity: string;
  claim: Claim;
  credential: string | null;
  limits: SessionLimits;
}

/**
 * The protocol of one side of a session, without IO and without a clock (`now` is any
 * monotonic count of milliseconds).
 *
 *            client: open()            welcome | reset
 *     down ─────────────────▶ greeting ────────────────▶ up
 *      ▲  └──────── server: greet(hello) ────────────────▲│
 *      └───────── close() | fault | silence ◀─────────────┘
 *
 * After every call, look at `takeEffects`; write `takeFrames` whenever the link can take them;
 * call `tick` at `nextTickAt`.
 */
export class SessionCore {
  readonly options: SessionCoreOptions;
  readonly outbox: Outbox;
  readonly #inbox: Inbox;
  #phase: 'down' | 'greeting' | 'up' = 'down';
  #sessionId: string | null = null;
  #heartbeatMs: number;
  #heardAt = 0;
  #suspectedAt: number | null = null;
  #beatAt = 0;
  #frames: Frame[] = [];
  #effects: SessionEffect[] = [];

  constructor(options: SessionCoreOptions) {
    this.options = options;
    this.outbox = new Outbox(options.limits);
    const { windowMessages: messages, windowBytes: bytes } = options.limits;
    this.#inbox = new Inbox({ messages, bytes });
    this.#heartbeatMs = options.limits.heartbeatMs;
  }

  get phase(): 'down' | 'greeting' | 'up' {
    return this.#phase;
  }

  /** The incarnation: one space of sequence numbers, named by the server. */
  get sessionId(): string | null {
    return this.#sessionId;
  }

  /** Messages received whose handlers have not all finished; never above the window. */
  get openArrivals(): number {
    return this.#inbox.open;
  }

  /** Client: a link is there; says hello. */
  open(now: number): void {
    const { identity, claim, credential, limits } = this.options;
    this.#phase = 'greeting';
    this.#hear(now);
    this.#frames = [
      {
        type: 'hello',
        versions: [...sessionVersions],
        identity,
        credential,
        claim,
        sessionId: this.#sessionId,
        received: this.#inbox.received,
        ack: this.#inbox.takeAll(),
        window: this.#inbox.window,
        heartbeatMs: limits.heartbeatMs,
      },
    ];
  }

  /** Server: a client said hello. Resumes if it names this incarnation, else begins `freshId`. */
  greet(hello: HelloFrame, freshId: string, now: number): void {
    this.#guard(() => {
      const version = sessionVersions.find((entry) => hello.versions.includes(entry));
      if (version === undefined) throw versionFault(hello.versions);
      const { heartbeatMinMs, heartbeatMaxMs } = this.options.limits;
      const heartbeatMs = Math.max(heartbeatMinMs, Math.min(heartbeatMaxMs, hello.heartbeatMs));
      const resumed = this.#sessionId !== null && hello.sessionId === this.#sessionId;
      if (resumed) this.#resume(hello);
      else this.#begin(freshId, hello.window);
      this.#frames = [
        {
          type: resumed ? 'welcome' : 'reset',
          version,
          sessionId: this.#sessionId ?? freshId,
          received: this.#inbox.received,
          ack: this.#inbox.takeAll(),
          window: this.#inbox.window,
          heartbeatMs,
        },
      ];
      this.#goUp(heartbeatMs, now);
    });
  }

  /** The link is gone. Everything unacknowledged stays for the next one. */
  close(): void {
    this.#phase = 'down';
    this.#frames = [];
  }

  /** Makes the next connection begin a new incarnation. */
  forget(): void {
    this.#sessionId = null;
  }

  /** Takes a frame that the link received. */
  receive(frame: Frame, now: number): void {
    if (this.#phase === 'down') return;
    this.#hear(now);
    this.#guard(() => {
      if (frame.type === 'bye') this.#effects.push({ kind: 'bye', bye: frame });
      else if (this.#phase === 'greeting') this.#welcome(frame, now);
      else if (frame.type === 'data') this.#data(frame);
      else if (frame.type === 'beat') this.#beat();
      else throw unexpected(frame, 'in the middle of a session');
    });
  }

  /**
   * The handler of a delivery has finished. False when that incarnation is over: the message
   * comes again, and an answer to it must not be sent.
   */
  complete(incarnation: string, seq: number, refusal: Refusal | null): boolean {
    if (incarnation !== this.#sessionId) return false;
    this.#inbox.complete(seq, refusal);
    return true;
  }

  /** Heartbeats and silence. May be called at any time. */
  tick(now: number): void {
    if (this.#phase === 'down') return;
    if (now >= this.#silentAt()) this.#suspect(now);
    if (this.#phase === 'up' && this.options.role === 'client' && now >= this.#beatAt) {
      this.#beatAt = now + this.#heartbeatMs;
      this.#frames.push({ type: 'beat' });
    }
  }

  /** When `tick` has something to do next, or null while there is no link. */
  nextTickAt(): number | null {
    if (this.#phase === 'down') return null;
    const beats = this.#phase === 'up' && this.options.role === 'client';
    return beats ? Math.min(this.#beatAt, this.#silentAt()) : this.#silentAt();
  }

  /** Frames to write now: all that credit allows, everything queued so far in as few as fit. */
  takeFrames(): Frame[] {
    const frames = this.#frames;
    this.#frames = [];
    if (this.#phase !== 'up') return frames;
    for (;;) {
      const batch = this.outbox.takeBatch();
      const ack = this.#inbox.takeNews();
      if (batch === null && ack === null) return frames;
      // A thousand refusals and a large message would not fit into one frame.
      const apart = batch !== null && ack !== null && ack.refusals.length > 0;
      if (apart) frames.push({ type: 'data', first: 0, ack, items: [] });
      const items = batch?.parcels ?? [];
      frames.push({ type: 'data', first: batch?.first ?? 0, ack: apart ? null : ack, items });
    }
  }

  /** What happened since the last look, in order. */
  takeEffects(): SessionEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #welcome(frame: Frame, now: number): void {
    if (frame.type !== 'welcome' && frame.type !== 'reset') {
      throw unexpected(frame, 'before the welcome');
    }
    if (!sessionVersions.includes(frame.version)) throw versionFault([frame.version]);
    if (frame.type === 'reset') this.#begin(frame.sessionId, frame.window);
    else if (frame.sessionId === this.#sessionId) this.#resume(frame);
    else throw unexpected(frame, 'for a session that this client does not hold');
    this.#goUp(frame.heartbeatMs, now);
  }

  #goUp(heartbeatMs: number, now: number): void {
    this.#phase = 'up';
    this.#heartbeatMs = Math.max(1, heartbeatMs);
    this.#hear(now);
    this.#beatAt = now + this.#heartbeatMs;
    this.#effects.push({ kind: 'up' });
  }

  #resume(greeting: HelloFrame | WelcomeFrame): void {
    this.#settle(this.outbox.acknowledge(greeting.ack));
    this.outbox.resume(greeting.received, this.#checked(greeting.window));
  }

  #begin(sessionId: string, window: SessionWindow): void {
    const dropped = this.outbox.reset(this.#checked(window));
    for (const parcel of dropped) this.#effects.push({ kind: 'dropped', parcel });
    this.#inbox.reset();
    this.#sessionId = sessionId;
    this.#effects.push({ kind: 'reset' });
  }

  /** A window into which the largest message does not fit would stop the session for ever. */
  #checked(window: SessionWindow): SessionWindow {
    const needBytes = this.options.limits.messageBytes * 2;
    if (window.messages >= 4 && window.bytes >= needBytes) return window;
    throw new SessionFault(
      'credit',
      `The peer grants ${window.messages} messages and ${window.bytes} bytes; at least 4 and ` +
        `${needBytes} are needed.`,
    );
  }

  #data(frame: DataFrame): void {
    if (frame.ack !== null) this.#settle(this.outbox.acknowledge(frame.ack));
    const incarnation = this.#sessionId ?? '';
    for (const { seq, item } of this.#inbox.accept(frame.first, frame.items)) {
      const body = parseJson(item.json, `message ${seq}`);
      const { attachment, requestId, answerTo } = item;
      if (answerTo === null) {
        const delivery = { incarnation, seq, body, attachment, requestId };
        this.#effects.push({ kind: 'deliver', delivery });
      } else {
        // An answer waits for nothing, so that a handler may ask and wait without deadlock.
        this.#effects.push({ kind: 'answer', requestId: answerTo, body, attachment });
        this.#inbox.complete(seq, null);
      }
    }
  }

  #settle(settled: Settled[]): void {
    for (const entry of settled) this.#effects.push({ kind: 'settled', ...entry });
  }

  #hear(now: number): void {
    this.#heardAt = now;
    this.#suspectedAt = null;
  }

  #beat(): void {
    if (this.options.role === 'server') this.#frames.push({ type: 'beat' });
  }

  /**
   * Silence is believed at the second look only: after a blocked event loop or a stopped machine
   * the first one comes before the words that wait in the socket have been read.
   */
  #suspect(now: number): void {
    if (this.#suspectedAt === null) {
      this.#suspectedAt = now;
      return;
    }
    const seconds = ((now - this.#heardAt) / 1000).toFixed(1);
    this.#fail('silent', `Nothing was heard from the peer for ${seconds} s.`);
  }

  #silentAt(): number {
    if (this.#suspectedAt !== null) {
      return this.#suspectedAt + Math.min(secondLookMs, this.#heartbeatMs);
    }
    const { greetingMs, missedHeartbeats } = this.options.limits;
    const patience = this.#phase === 'up' ? this.#heartbeatMs * missedHeartbeats : greetingMs;
    return this.#heardAt + patience;
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof SessionFault)) throw error;
      // What the two sides believe no longer fits together: begin anew, deliver again.
      this.forget();
      this.#fail(error.code, error.message);
    }
  }

  #fail(code: SessionCloseCode, reason: string): void {
    this.close();
    this.#effects.push({ kind: 'fail', code, reason });
  }
}

function versionFault(theirs: number[]): SessionFault {
  return new SessionFault(
    'version',
    `The peer speaks session version ${theirs.join(', ')}, this side ` +
      `${sessionVersions.join(', ')}. Update the older program.`,
  );
}

function unexpected(frame: Frame, when: string): SessionFault {
  return new SessionFault('unexpected', `A ${frame.type} frame came ${when}.`);
}
