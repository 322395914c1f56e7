import { DomainError } from '@interpulse/domain/error.ts';
import type { Clock } from './clock.ts';
import { decodeFrame } from './decode-frame.ts';
import { encodeFrame } from './encode-frame.ts';
import { HandlerRunner } from './handler-runner.ts';
import type { Link, LinkHandlers } from './link.ts';
import { makeParcel } from './make-parcel.ts';
import type { Parcel } from './outbox.ts';
import { PeerClock } from './peer-clock.ts';
import { RequestBook } from './request-book.ts';
import { SessionFault, type SessionCloseCode } from './session-fault.ts';
import type { Claim, Frame, Refusal } from './session-frame.ts';
import { SessionCore, type Delivery, type SessionEffect } from './session-core.ts';
import { reasonCharacters, type SessionLimits } from './session-limits.ts';
import type * as S from './session.ts';

/** Why a link was lost; `byPeer` when the peer ended it with a `bye`. */
export interface LinkLoss {
  code: SessionCloseCode | null;
  reason: string;
  byPeer: boolean;
  rival: Claim | null;
}

/** What an endpoint is made of. */
export interface EndpointOptions<In, Out> {
  core: SessionCore;
  handlers: S.SessionHandlers<In, Out>;
  handlerConcurrency: number;
  clock: Clock;
  /** Milliseconds since 1970, as this side's clock shows. */
  wallClock: () => number;
  /** Called once for each link that was attached, except after `end`. */
  onLinkLost(loss: LinkLoss): void;
}

/**
 * Joins a {@link SessionCore} to a link, the clock and the handlers: what both sides of a session
 * have in common. Getting links is the business of `connectSession` and `SessionServer`.
 */
export class SessionEndpoint<In, Out> implements S.Session<In, Out> {
  readonly identity: string;
  readonly core: SessionCore;
  readonly peerClock: PeerClock;
  readonly #options: EndpointOptions<In, Out>;
  readonly #limits: SessionLimits;
  readonly #runner: HandlerRunner<Delivery>;
  readonly #requests: RequestBook<In>;
  readonly #fates = new Map<Parcel, PromiseWithResolvers<void>>();
  #roomWaiters: (() => void)[] = [];
  #link: Link | null = null;
  #state: S.SessionState = { status: 'disconnected', code: null, reason: 'Not connected yet.' };
  #ended: DomainError | null = null;
  #flushPlanned = false;
  #timer: { at: number; cancel: () => void } | null = null;

  constructor(options: EndpointOptions<In, Out>) {
    const { identity, limits, claim } = options.core.options;
    this.identity = identity;
    this.core = options.core;
    this.peerClock = new PeerClock(options.wallClock);
    this.#options = options;
    this.#limits = limits;
    this.#runner = new HandlerRunner(options.handlerConcurrency, (item) => this.#handle(item));
    const prefix = claim.nonce.slice(0, 8);
    this.#requests = new RequestBook(options.clock, limits.openRequests, prefix);
  }

  get state(): S.SessionState {
    return this.#state;
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  get linked(): boolean {
    return this.#link !== null;
  }

  setState(status: S.SessionState['status'], code: SessionCloseCode | null, reason: string): void {
    this.#state = { status, code, reason };
    this.#options.handlers.onState(this.#state, this);
  }

  send(message: Out, options: S.SendOptions = {}): Promise<void> {
    return this.#post(message, {
      attachment: options.attachment,
      lane: options.lane ?? 'control',
      requestId: null,
      answerTo: null,
    });
  }

  async request(message: Out, options: S.RequestOptions): Promise<S.Received<In>> {
    if (this.#ended !== null) throw this.#ended;
    const { id, answer } = this.#requests.open(options.timeoutMs, this.identity);
    this.#post(message, {
      attachment: options.attachment,
      lane: options.lane ?? 'control',
      requestId: id,
      answerTo: null,
    }).then(
      () => this.#requests.acknowledge(id),
      (error: unknown) => this.#requests.fail(id, error),
    );
    return answer;
  }

  room(): Promise<void> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    if (this.core.outbox.roomy) return Promise.resolve();
    return new Promise((resolve) => this.#roomWaiters.push(resolve));
  }

  close(): void {
    const message = `The session of ${this.identity} was closed.`;
    this.end('closed', new DomainError('unavailable', message), null);
  }

  /** Uses this link from now on; the caller starts it with `handlersFor`. */
  attach(link: Link): void {
    this.#link = link;
  }

  /** What the link must call. Words of a link that is no longer in use are ignored. */
  handlersFor(link: Link): LinkHandlers {
    return {
      onFrame: (bytes) => {
        if (this.#link === link) this.#onFrame(bytes);
      },
      onFault: (fault) => {
        if (this.#link === link) this.#onFault(fault);
      },
      onClose: (reason) => {
        if (this.#link === link) {
          this.#lose({ code: null, reason, byPeer: false, rival: null });
        }
      },
    };
  }

  /** Says why to the peer, closes the link, and reports the loss. */
  breakLink(code: SessionCloseCode, reason: string, rival: Claim | null): void {
    if (this.#link === null) return;
    this.#sayBye(code, reason, rival);
    this.#lose({ code, reason, byPeer: false, rival });
  }

  /** Ends the session for good: everything that waits is rejected with `error`. */
  end(code: SessionCloseCode, error: DomainError, rival: Claim | null): void {
    if (this.#ended !== null) return;
    this.#ended = error;
    if (this.#link !== null) {
      this.#flush();
      this.#sayBye(code, error.message, rival);
    }
    this.#link = null;
    this.core.close();
    this.#timer?.cancel();
    this.#timer = null;
    this.#runner.clear();
    for (const parcel of this.core.outbox.clear()) this.#settle(parcel, error);
    this.#requests.failAll(error);
    this.#wakeRoomWaiters();
    this.setState('ended', code, error.message);
  }

  /** Carries out what the core decided; call after every call of the core. */
  pump(): void {
    for (const effect of this.core.takeEffects()) this.#apply(effect);
    if (this.#roomWaiters.length > 0 && this.core.outbox.roomy) this.#wakeRoomWaiters();
    this.#planFlush();
    this.#armTimer();
  }

  #post(message: Out, parts: Parameters<typeof makeParcel>[1]): Promise<void> {
    const fate = Promise.withResolvers<void>();
    // An unawaited send that fails must not end the process.
    fate.promise.catch(() => undefined);
    try {
      if (this.#ended !== null) throw this.#ended;
      const parcel = makeParcel(message, parts, this.#limits.messageBytes);
      if (!this.core.outbox.add(parcel)) throw queueFull(this.identity, this.#limits);
      this.#fates.set(parcel, fate);
      this.#planFlush();
    } catch (error) {
      fate.reject(error);
    }
    return fate.promise;
  }

  #onFrame(bytes: Uint8Array): void {
    let frame: Frame;
    try {
      if (bytes.length > this.#limits.frameBytes) {
        throw new SessionFault('oversized', `A frame of ${bytes.length} bytes came.`);
      }
      frame = decodeFrame(bytes);
    } catch (error) {
      if (!(error instanceof SessionFault)) throw error;
      this.#onFault(error);
      return;
    }
    this.peerClock.hear(frame);
    this.core.receive(frame, this.#options.clock.now());
    this.pump();
  }

  /** The two sides do not understand each other: end this link and begin anew on the next. */
  #onFault(fault: SessionFault): void {
    this.core.forget();
    this.breakLink(fault.code, fault.message, null);
  }

  #apply(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'deliver':
        this.#runner.add(effect.delivery);
        break;
      case 'answer':
        this.#requests.answer(effect.requestId, () => ({
          message: this.#parse(effect.body),
          attachment: effect.attachment,
        }));
        break;
      case 'settled':
        this.#settle(effect.parcel, effect.refusal === null ? null : toError(effect.refusal));
        break;
      case 'dropped':
        this.#settle(effect.parcel, lostInReset(this.identity, 'A newer report replaces it.'));
        break;
      case 'reset':
        this.#runner.clear();
        this.#requests.failAcknowledged(lostInReset(this.identity, 'Ask again.'));
        void this.#report();
        break;
      case 'up':
        this.setState('connected', null, `Connected with ${this.#link?.peer ?? 'the peer'}.`);
        break;
      case 'fail':
        this.breakLink(effect.code, effect.reason, null);
        break;
      case 'bye': {
        const { code, reason, rival } = effect.bye;
        this.#link?.close(code, reason);
        this.#lose({ code, reason, byPeer: true, rival });
      }
    }
  }

  /** Runs `onReset`, then lets the other messages go, unless the incarnation is over again. */
  async #report(): Promise<void> {
    const incarnation = this.core.sessionId;
    const report = (
      message: Out,
      options: { attachment?: Uint8Array | null } = {},
    ): Promise<void> => {
      if (this.core.sessionId !== incarnation) {
        return Promise.reject(lostInReset(this.identity, 'A newer report replaces it.'));
      }
      const { attachment } = options;
      return this.#post(message, { attachment, lane: 'report', requestId: null, answerTo: null });
    };
    try {
      await this.#options.handlers.onReset({ session: this, report });
      if (this.core.sessionId !== incarnation) return;
      this.core.outbox.release();
      this.#planFlush();
    } catch (error) {
      if (this.core.sessionId !== incarnation) return;
      this.#options.handlers.onError(error, this);
      // Without its report the peer would believe an old state: begin anew.
      this.core.forget();
      this.breakLink('internal', `Reporting the state of ${this.identity} failed.`, null);
    }
  }

  async #handle(delivery: Delivery): Promise<void> {
    const { incarnation, seq, requestId } = delivery;
    let refusal: Refusal | null = null;
    let answer: Parcel | null = null;
    try {
      const message = this.#parse(delivery.body);
      const given = await this.#options.handlers.onMessage(message, {
        session: this,
        attachment: delivery.attachment,
        wantsAnswer: requestId !== null,
        peerAheadMs: this.peerClock.aheadMs,
      });
      if (requestId !== null) answer = this.#makeAnswer(given, requestId);
    } catch (error) {
      refusal = { seq, ...this.#explain(error) };
    }
    if (!this.core.complete(incarnation, seq, refusal)) return;
    if (answer !== null && this.#ended === null) this.core.outbox.add(answer);
    this.#planFlush();
  }

  #makeAnswer(given: S.Answer<Out> | void, requestId: string): Parcel {
    if (given === undefined) {
      throw new DomainError('invalid', 'This message is not one that is answered; send it.');
    }
    const { message, attachment } = given;
    const parts = { attachment, lane: 'control' as const, requestId: null, answerTo: requestId };
    return makeParcel(message, parts, this.#limits.messageBytes);
  }

  #explain(error: unknown): { kind: DomainError['kind']; message: string } {
    if (error instanceof DomainError) {
      return { kind: error.kind, message: error.message.slice(0, reasonCharacters) };
    }
    this.#options.handlers.onError(error, this);
    return { kind: 'unavailable', message: 'The handler of the message failed; see its log.' };
  }

  #parse(body: unknown): In {
    try {
      return this.#options.handlers.parse(body);
    } catch (cause) {
      if (cause instanceof DomainError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new DomainError('invalid', `Reading a session message: ${why}`, { cause });
    }
  }

  #settle(parcel: Parcel, error: DomainError | null): void {
    const fate = this.#fates.get(parcel);
    this.#fates.delete(parcel);
    if (error === null) fate?.resolve();
    else fate?.reject(error);
  }

  #lose(loss: LinkLoss): void {
    this.#link = null;
    this.core.close();
    if (this.#ended === null) this.#options.onLinkLost(loss);
  }

  #sayBye(code: SessionCloseCode, reason: string, rival: Claim | null): void {
    const short = reason.slice(0, reasonCharacters);
    this.#link?.send(encodeFrame({ type: 'bye', code, reason: short, rival }));
    this.#link?.close(code, short);
  }

  #wakeRoomWaiters(): void {
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const wake of waiters) wake();
  }

  /**
   * At the end of this turn of the event loop: what all handlers and callers of the turn sent
   * leaves in one frame, together with the acknowledgements, and no timer delays it.
   */
  #planFlush(): void {
    if (this.#flushPlanned || this.#link === null) return;
    this.#flushPlanned = true;
    setImmediate(() => {
      this.#flushPlanned = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#link === null) return;
    for (const frame of this.core.takeFrames())
      this.#link.send(encodeFrame(this.peerClock.stamped(frame)));
  }

  #armTimer(): void {
    const at = this.core.nextTickAt();
    if (at === null || this.#ended !== null) return;
    if (this.#timer !== null && this.#timer.at <= at) return;
    this.#timer?.cancel();
    const { clock } = this.#options;
    const cancel = clock.after(Math.max(0, at - clock.now()), () => {
      this.#timer = null;
      this.core.tick(clock.now());
      this.pump();
    });
    this.#timer = { at, cancel };
  }
}

function toError(refusal: Refusal): DomainError {
  return new DomainError(refusal.kind, refusal.message);
}

function lostInReset(identity: string, advice: string): DomainError {
  return new DomainError('unavailable', `The session of ${identity} began anew. ${advice}`);
}

function queueFull(identity: string, limits: SessionLimits): DomainError {
  return new DomainError(
    'exhausted',
    `Sending in the session of ${identity}: ${limits.queuedMessages} messages or ` +
      `${limits.queuedBytes} bytes wait already. Await room() before sending more.`,
  );
}
