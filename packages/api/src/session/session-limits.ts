const KIB = 1024;
const MIB = 1024 * KIB;

/** Every bound of the agent session; see `docs/agent-session.md` for why each has its value. */
export interface SessionLimits {
  /** Messages a receiver takes without having acknowledged them. */
  windowMessages: number;
  /** Bytes a receiver takes without having acknowledged them. */
  windowBytes: number;
  /** One message, JSON and attachment together. */
  messageBytes: number;
  /** One frame; anything longer closes the connection. */
  frameBytes: number;
  /** Where a sender ends one frame and begins the next. */
  batchBytes: number;
  /** Most messages in one frame. */
  batchMessages: number;
  /** Messages waiting or unacknowledged before `send` is refused. */
  queuedMessages: number;
  /** Bytes waiting or unacknowledged before `send` is refused. */
  queuedBytes: number;
  /** Requests of one side that have no answer yet. */
  openRequests: number;
  /** Heartbeat interval that a client proposes. */
  heartbeatMs: number;
  /** Shortest heartbeat interval that a server grants. */
  heartbeatMinMs: number;
  /** Longest heartbeat interval that a server grants. */
  heartbeatMaxMs: number;
  /** Intervals without a word after which a connection counts as dead. */
  missedHeartbeats: number;
  /** From the connection attempt, or from its acceptance, to the end of the handshake. */
  greetingMs: number;
  /** First delay after the immediate retry; doubles from there. */
  reconnectFirstMs: number;
  /** Longest delay between two connection attempts. */
  reconnectCapMs: number;
  /** A connection that lasted this long makes the next retry immediate again. */
  stableMs: number;
  /** How long a server keeps a session without a connection for its client to resume. */
  resumeMs: number;
  /** How long a held request waits for frames before it is answered empty. */
  heldRequestMs: number;
}

/** The bounds in force wherever nothing else is said. */
export const sessionLimits: Readonly<SessionLimits> = {
  windowMessages: 1024,
  windowBytes: 8 * MIB,
  messageBytes: 2 * MIB,
  frameBytes: 4 * MIB,
  batchBytes: 256 * KIB,
  batchMessages: 1000,
  queuedMessages: 20_000,
  queuedBytes: 64 * MIB,
  openRequests: 256,
  heartbeatMs: 5_000,
  heartbeatMinMs: 50,
  heartbeatMaxMs: 60_000,
  missedHeartbeats: 3,
  greetingMs: 10_000,
  reconnectFirstMs: 100,
  reconnectCapMs: 5_000,
  stableMs: 2_000,
  resumeMs: 600_000,
  heldRequestMs: 20_000,
};

/** Bytes counted for every message on top of its content, so that empty ones are not free. */
export const messageOverheadBytes = 64;

/** Longest identity, session id, nonce, credential or request id, in characters. */
export const wordCharacters = 4096;

/** Longest reason or refusal that travels, in characters; the rest is cut off. */
export const reasonCharacters = 500;
