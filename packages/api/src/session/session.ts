import type { SessionCloseCode } from './session-fault.ts';

/** Where a session stands, and why, in words for people. */
export interface SessionState {
  /** `ended` is final; `disconnected` means that it may resume. */
  status: 'connecting' | 'connected' | 'disconnected' | 'ended';
  /** Why the last connection ended, or null. */
  code: SessionCloseCode | null;
  reason: string;
}

/** A message with the bytes that came along. */
export interface Received<M> {
  message: M;
  attachment: Uint8Array | null;
}

/** What a handler gives back for a request. */
export interface Answer<M> {
  message: M;
  attachment?: Uint8Array | null;
}

/** Choices of one message. */
export interface SendOptions {
  attachment?: Uint8Array | null;
  /** `bulk` lets control messages overtake: log tails, previews. Default `control`. */
  lane?: 'control' | 'bulk';
}

/** Choices of one request. */
export interface RequestOptions extends SendOptions {
  /** After this many milliseconds without an answer the request is `unavailable`. */
  timeoutMs: number;
}

/** One side of an ordered, acknowledged, resumable conversation. */
export interface Session<In, Out> {
  /** Who the client is, on both sides. */
  readonly identity: string;
  readonly state: SessionState;
  /**
   * Sends a message; resolves when the peer's handler has durably handled it. May be left
   * unawaited: a rejection then harms nobody.
   *
   * @throws DomainError of the handler's kind if it refused the message, `exhausted` if the queue
   * is full or the message too large, `unavailable` or `conflict` once the session has ended.
   */
  send(message: Out, options?: SendOptions): Promise<void>;
  /**
   * Sends a message and resolves with the handler's answer.
   *
   * @throws DomainError as `send`; `exhausted` with too many open requests, `unavailable` on
   * timeout, or when the peer restarted between handling and answering.
   */
  request(message: Out, options: RequestOptions): Promise<Received<In>>;
  /** Resolves when the queue is at most half full: await it in loops that send much. */
  room(): Promise<void>;
  /** Ends the session for good, on both sides. What is unacknowledged is rejected. */
  close(): void;
}

/** What comes with a message. */
export interface MessageContext<In, Out> {
  session: Session<In, Out>;
  attachment: Uint8Array | null;
  /** The sender waits for an {@link Answer}. */
  wantsAnswer: boolean;
  /** So far the sender's clock is ahead of ours, in milliseconds; 0 where both are close. */
  peerAheadMs: number;
}

/** What comes with a reset. */
export interface ResetContext<In, Out> {
  session: Session<In, Out>;
  /**
   * Sends part of the whole state, before everything else. Reports belong to this incarnation:
   * a later reset rejects them (`unavailable`), as it asks for new ones.
   */
  report(message: Out, options?: { attachment?: Uint8Array | null }): Promise<void>;
}

/** What both sides of a session must know to run it. */
export interface SessionHandlers<In, Out> {
  /** Checks a message that came from outside; throw to refuse it (`invalid`). */
  parse(body: unknown): In;
  /**
   * Handles a message. It is acknowledged when this resolves; when it rejects with a DomainError
   * the sender is told that error, with any other error `unavailable`. Messages begin in order,
   * up to `handlerConcurrency` at a time.
   */
  onMessage(message: In, context: MessageContext<In, Out>): Promise<Answer<Out> | void>;
  /**
   * A new incarnation began (first connection, or one side restarted): report the whole state.
   * Until this resolves nothing but reports is sent. Do not await ordinary sends in it.
   */
  onReset(context: ResetContext<In, Out>): Promise<void>;
  onState(state: SessionState, session: Session<In, Out>): void;
  /** An error that has nobody to go to (a handler's bug, a broken frame): for the log. */
  onError(error: unknown, session: Session<In, Out>): void;
}
