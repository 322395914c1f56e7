import type { ErrorKind } from '@interpulse/domain/error.ts';
import type { SessionCloseCode } from './session-fault.ts';

/** The protocol versions that this code speaks, best first. */
export const sessionVersions: readonly number[] = [1];

/** Credit that a receiver grants: what may be under way without acknowledgement. */
export interface SessionWindow {
  messages: number;
  bytes: number;
}

/** A message that the receiver's handler did not take, and why; its sender is told. */
export interface Refusal {
  seq: number;
  kind: ErrorKind;
  message: string;
}

/** All messages up to `through` are handled, those in `refusals` by refusing them. */
export interface Acknowledgement {
  through: number;
  refusals: Refusal[];
}

/** One process that claims an identity; the later start wins, the nonce decides a tie. */
export interface Claim {
  nonce: string;
  startedAt: string;
}

/** One message as it travels: JSON text in UTF-8, perhaps bytes, perhaps a correlation id. */
export interface WireItem {
  json: Uint8Array;
  attachment: Uint8Array | null;
  /** Set when the sender waits for an answer. */
  requestId: string | null;
  /** Set when this is the answer to the receiver's request of that id. */
  answerTo: string | null;
}

/** Client to server, first frame of every connection. */
export interface HelloFrame {
  type: 'hello';
  versions: number[];
  identity: string;
  credential: string | null;
  claim: Claim;
  /** The session to resume, or null for a new one. */
  sessionId: string | null;
  /** Highest sequence number received in that session. */
  received: number;
  ack: Acknowledgement;
  window: SessionWindow;
  heartbeatMs: number;
  /** What the sender's clock shows, set as it leaves. */
  sentAt?: string;
}

/** Server to client: `welcome` resumes the session asked for, `reset` begins a new one. */
export interface WelcomeFrame {
  type: 'welcome' | 'reset';
  version: number;
  sessionId: string;
  received: number;
  ack: Acknowledgement;
  window: SessionWindow;
  heartbeatMs: number;
}

/** Messages `first`, `first + 1`, … and what the sender of the frame has handled. */
export interface DataFrame {
  type: 'data';
  first: number;
  ack: Acknowledgement | null;
  items: WireItem[];
}

/** "I am here"; a client's is answered by a server's. */
export interface BeatFrame {
  type: 'beat';
  /** What the sender's clock shows, set as it leaves. */
  sentAt?: string;
}

/** The last frame of a connection. */
export interface ByeFrame {
  type: 'bye';
  code: SessionCloseCode;
  reason: string;
  /** With `replaced`: the process that holds the identity now. */
  rival: Claim | null;
}

/** Everything that can travel over a link; `docs/agent-session.md` has the bytes. */
export type Frame = HelloFrame | WelcomeFrame | DataFrame | BeatFrame | ByeFrame;
