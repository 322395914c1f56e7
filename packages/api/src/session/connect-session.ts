import { randomUUID } from 'node:crypto';
import { DomainError } from '@interpulse/domain/error.ts';
import { type Clock, systemClock } from './clock.ts';
import { isNewerClaim } from './identity-claim.ts';
import type { Link, Transport } from './link.ts';
import { reconnectDelay } from './reconnect-delay.ts';
import { SessionCore } from './session-core.ts';
import { type LinkLoss, SessionEndpoint } from './session-endpoint.ts';
import type { Claim } from './session-frame.ts';
import { type SessionLimits, sessionLimits } from './session-limits.ts';
import type { Session, SessionHandlers } from './session.ts';

/** What a client of a session needs. */
export interface ConnectOptions<In, Out> extends SessionHandlers<In, Out> {
  transport: Transport;
  /** The agent or pilot id. */
  identity: string;
  /** Shown to the server in the handshake, where the transport carries no headers; or null. */
  credential: string | null;
  /** Source of jitter, in [0, 1). */
  random: () => number;
  /** Handlers that may run at the same time; default 1, so that they end in order too. */
  handlerConcurrency?: number;
  clock?: Clock;
  /** Milliseconds since 1970; default: the machine's. */
  wallClock?: () => number;
  limits?: Partial<SessionLimits>;
  /** When this process started; of two with one identity the later wins. Default: now. */
  startedAt?: string;
}

/**
 * Opens a session and keeps it: connects, resumes after cuts, and only stops when it is closed or
 * when a newer process has taken the identity (state `ended`, code `replaced`).
 */
export function connectSession<In, Out>(options: ConnectOptions<In, Out>): Session<In, Out> {
  return new SessionClient(options).endpoint;
}

class SessionClient<In, Out> {
  readonly endpoint: SessionEndpoint<In, Out>;
  readonly #options: ConnectOptions<In, Out>;
  readonly #limits: SessionLimits;
  readonly #clock: Clock;
  readonly #claim: Claim;
  #attempt = 0;
  #upAt: number | null = null;
  #stop: () => void = () => undefined;

  constructor(options: ConnectOptions<In, Out>) {
    this.#options = options;
    this.#limits = { ...sessionLimits, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    this.#claim = {
      nonce: randomUUID(),
      startedAt: options.startedAt ?? new Date().toISOString(),
    };
    this.endpoint = this.#makeEndpoint();
    this.#connectSoon();
  }

  #makeEndpoint(): SessionEndpoint<In, Out> {
    const { parse, onMessage, onReset, onState, onError } = this.#options;
    return new SessionEndpoint<In, Out>({
      core: new SessionCore({
        role: 'client',
        identity: this.#options.identity,
        claim: this.#claim,
        credential: this.#options.credential,
        limits: this.#limits,
      }),
      handlers: {
        parse,
        onMessage,
        onReset,
        onError,
        onState: (state, session) => {
          if (state.status === 'connected') this.#upAt = this.#clock.now();
          if (state.status === 'ended') this.#stop();
          onState(state, session);
        },
      },
      handlerConcurrency: this.#options.handlerConcurrency ?? 1,
      clock: this.#clock,
      wallClock: this.#options.wallClock ?? Date.now,
      onLinkLost: (loss) => this.#onLinkLost(loss),
    });
  }

  #connectSoon(): void {
    const delayMs = reconnectDelay(this.#attempt, this.#options.random(), this.#limits);
    this.#attempt += 1;
    this.#stop = this.#clock.after(delayMs, () => void this.#connect());
  }

  async #connect(): Promise<void> {
    const { transport } = this.#options;
    const abort = new AbortController();
    const cancelTimer = this.#clock.after(this.#limits.greetingMs, () => {
      abort.abort(new Error(`no connection within ${this.#limits.greetingMs} ms`));
    });
    this.#stop = () => {
      cancelTimer();
      abort.abort(new Error('the session was closed'));
    };
    this.endpoint.setState('connecting', null, `Connecting to ${transport.description}.`);
    try {
      this.#begin(await transport.connect(abort.signal));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const reason = `Connecting to ${transport.description} failed: ${why}`;
      if (!this.endpoint.ended) this.#retry({ code: null, reason });
    } finally {
      cancelTimer();
    }
  }

  #begin(link: Link): void {
    link.start(this.endpoint.handlersFor(link));
    if (this.endpoint.ended) {
      link.close('closed', 'The session was closed.');
      return;
    }
    this.endpoint.attach(link);
    this.endpoint.core.open(this.#clock.now());
    this.endpoint.pump();
  }

  #onLinkLost(loss: LinkLoss): void {
    const wasUpMs = this.#upAt === null ? 0 : this.#clock.now() - this.#upAt;
    this.#upAt = null;
    if (wasUpMs >= this.#limits.stableMs) this.#attempt = 0;
    if (loss.byPeer && loss.code === 'closed') {
      this.endpoint.end('closed', new DomainError('unavailable', loss.reason), null);
    } else if (loss.byPeer && loss.code === 'replaced' && this.#yieldsTo(loss.rival)) {
      this.endpoint.end('replaced', new DomainError('conflict', loss.reason), loss.rival);
    } else {
      this.#retry(loss);
    }
  }

  #yieldsTo(rival: Claim | null): boolean {
    return rival === null || !isNewerClaim(this.#claim, rival);
  }

  #retry(loss: Pick<LinkLoss, 'code' | 'reason'>): void {
    this.endpoint.setState('disconnected', loss.code, loss.reason);
    if (!this.endpoint.ended) this.#connectSoon();
  }
}
