import { randomUUID } from 'node:crypto';
import { DomainError } from '@interpulse/domain/error.ts';
import { type Clock, systemClock } from './clock.ts';
import { judgeClaim } from './identity-claim.ts';
import type { Link } from './link.ts';
import { receiveHello, sayBye } from './receive-hello.ts';
import { SessionCore } from './session-core.ts';
import { type LinkLoss, SessionEndpoint } from './session-endpoint.ts';
import type { Claim, HelloFrame } from './session-frame.ts';
import { type SessionLimits, sessionLimits } from './session-limits.ts';
import type { Session, SessionHandlers } from './session.ts';

/** What a server of sessions needs. */
export interface SessionServerOptions<In, Out> extends SessionHandlers<In, Out> {
  /** Handlers that may run at the same time in one session; default 1. */
  handlerConcurrency?: number;
  clock?: Clock;
  /** Milliseconds since 1970; default: the machine's. */
  wallClock?: () => number;
  limits?: Partial<SessionLimits>;
}

/** Decides whether a client may be who it says; `credential` is null if it sent none. */
export type Admit = (hello: {
  identity: string;
  credential: string | null;
}) => boolean | Promise<boolean>;

interface Entry<In, Out> {
  endpoint: SessionEndpoint<In, Out>;
  claim: Claim;
  cancelExpiry: () => void;
}

/** Accepts sessions, one for each identity, and keeps them over cuts for `resumeMs`. */
export class SessionServer<In, Out> {
  readonly #options: SessionServerOptions<In, Out>;
  readonly #limits: SessionLimits;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry<In, Out>>();
  readonly #greeting = new Set<Link>();
  readonly #nonce = randomUUID();
  #closed = false;

  constructor(options: SessionServerOptions<In, Out>) {
    this.#options = options;
    this.#limits = { ...sessionLimits, ...options.limits };
    this.#clock = options.clock ?? systemClock;
  }

  /** The session of an identity, connected or waiting for its client to come back. */
  get(identity: string): Session<In, Out> | undefined {
    return this.#entries.get(identity)?.endpoint;
  }

  /** All sessions, in no order. */
  sessions(): Session<In, Out>[] {
    return [...this.#entries.values()].map((entry) => entry.endpoint);
  }

  /** Takes over a new connection; call it in the tick in which the link was made. */
  accept(link: Link, admit: Admit): void {
    let take = receiveHello(link, { admit, clock: this.#clock, limits: this.#limits }, (hello) => {
      this.#greeting.delete(link);
      const endpoint = this.#greet(link, hello);
      if (endpoint !== null) take = endpoint.handlersFor(link);
    });
    this.#greeting.add(link);
    link.start({
      onFrame: (frame) => take.onFrame(frame),
      onFault: (fault) => take.onFault(fault),
      onClose: (reason) => {
        this.#greeting.delete(link);
        take.onClose(reason);
      },
    });
    if (this.#closed) link.close('goingAway', 'The server is shutting down.');
  }

  /** Drops a session; its client may connect anew and begins with a reset. */
  forget(identity: string, reason: string): void {
    this.#entries.get(identity)?.endpoint.end('forgotten', unavailable(reason), null);
  }

  /** Ends all sessions; the clients come back to the server's successor. */
  close(): void {
    this.#closed = true;
    for (const link of this.#greeting) link.close('goingAway', 'The server is shutting down.');
    for (const { endpoint } of [...this.#entries.values()]) {
      endpoint.end('goingAway', unavailable('The server is shutting down.'), null);
    }
  }

  #greet(link: Link, hello: HelloFrame): SessionEndpoint<In, Out> | null {
    if (this.#closed) {
      sayBye(link, 'goingAway', 'The server is shutting down.', null);
      return null;
    }
    const known = this.#entries.get(hello.identity);
    if (known !== undefined && !this.#makeWay(known, link, hello)) return null;
    const entry = known ?? this.#makeEntry(hello);
    entry.cancelExpiry();
    entry.claim = hello.claim;
    const { endpoint } = entry;
    endpoint.attach(link);
    endpoint.peerClock.hear(hello);
    endpoint.core.greet(hello, randomUUID(), this.#clock.now());
    if (endpoint.core.phase === 'up') this.#entries.set(hello.identity, entry);
    endpoint.pump();
    // A session whose first handshake failed never was: nobody can resume it.
    if (known === undefined && !endpoint.linked) entry.cancelExpiry();
    return endpoint;
  }

  /** Ends the holder's connection if the newcomer may have the identity; else the newcomer's. */
  #makeWay(holder: Entry<In, Out>, link: Link, hello: HelloFrame): boolean {
    const { endpoint, claim } = holder;
    const verdict = judgeClaim(claim, hello.claim);
    if (verdict === 'refused' && endpoint.linked) {
      sayBye(link, 'replaced', rivalReason(hello.identity, claim), claim);
      return false;
    }
    if (verdict === 'same') {
      endpoint.breakLink('superseded', 'The same process connected again.', null);
    } else {
      const reason = rivalReason(hello.identity, hello.claim);
      endpoint.breakLink('replaced', reason, hello.claim);
      endpoint.core.forget();
    }
    return true;
  }

  #makeEntry(hello: HelloFrame): Entry<In, Out> {
    const { identity } = hello;
    const { parse, onMessage, onReset, onState, onError } = this.#options;
    const endpoint = new SessionEndpoint<In, Out>({
      core: new SessionCore({
        role: 'server',
        identity,
        claim: { nonce: this.#nonce, startedAt: hello.claim.startedAt },
        credential: null,
        limits: this.#limits,
      }),
      handlers: {
        parse,
        onMessage,
        onReset,
        onError,
        onState: (state, session) => {
          if (state.status === 'ended') this.#drop(identity, entry);
          onState(state, session);
        },
      },
      handlerConcurrency: this.#options.handlerConcurrency ?? 1,
      clock: this.#clock,
      wallClock: this.#options.wallClock ?? Date.now,
      onLinkLost: (loss) => this.#onLinkLost(entry, loss),
    });
    const entry = { endpoint, claim: hello.claim, cancelExpiry: () => undefined };
    return entry;
  }

  #drop(identity: string, entry: Entry<In, Out>): void {
    entry.cancelExpiry();
    if (this.#entries.get(identity) === entry) this.#entries.delete(identity);
  }

  #onLinkLost(entry: Entry<In, Out>, loss: LinkLoss): void {
    const { endpoint } = entry;
    if (loss.byPeer && loss.code === 'closed') {
      endpoint.end('closed', unavailable(`${endpoint.identity} closed its session.`), null);
      return;
    }
    entry.cancelExpiry();
    entry.cancelExpiry = this.#clock.after(this.#limits.resumeMs, () => {
      const seconds = this.#limits.resumeMs / 1000;
      const reason = `${endpoint.identity} did not come back within ${seconds} s.`;
      endpoint.end('forgotten', unavailable(reason), null);
    });
    endpoint.setState('disconnected', loss.code, loss.reason);
  }
}

function rivalReason(identity: string, holder: Claim): string {
  return (
    `Another process, started at ${holder.startedAt} (${holder.nonce}), is connected as ` +
    `${identity}. Stop one of the two, or give one its own identity.`
  );
}

function unavailable(message: string): DomainError {
  return new DomainError('unavailable', message);
}
