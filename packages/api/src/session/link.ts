import type { SessionCloseCode, SessionFault } from './session-fault.ts';

/** What a link tells; nothing more comes after `onClose`. */
export interface LinkHandlers {
  onFrame(frame: Uint8Array): void;
  /** The bytes cannot be a frame (too long, of the wrong kind): close with the fault's code. */
  onFault(fault: SessionFault): void;
  /** The connection is gone; `reason` is for people. */
  onClose(reason: string): void;
}

/** One connection that carries whole frames, in order, until it is cut. */
export interface Link {
  /** Where it leads, for messages. */
  readonly peer: string;
  /** Must be called in the same tick in which the link was made. */
  start(handlers: LinkHandlers): void;
  /** Never throws; does nothing once the link is closed. */
  send(frame: Uint8Array): void;
  /** Writes what was sent, then closes. `onClose` follows. */
  close(code: SessionCloseCode, reason: string): void;
}

/** How a client gets a link. */
export interface Transport {
  readonly description: string;
  /** Rejects with an `Error` that says what could not be reached and why. */
  connect(signal: AbortSignal): Promise<Link>;
}
