/**
 * Why a connection ends. The numbers travel in the `bye` frame and as WebSocket close code;
 * `docs/agent-session.md` says for each what the other side does next.
 */
export const sessionCloseCodes = {
  closed: 4000,
  goingAway: 4001,
  replaced: 4002,
  forbidden: 4003,
  forgotten: 4004,
  silent: 4005,
  superseded: 4006,
  version: 4010,
  badFrame: 4011,
  sequence: 4012,
  acknowledgement: 4013,
  oversized: 4014,
  credit: 4015,
  unexpected: 4016,
  internal: 4020,
} as const;

/** The name of one of {@link sessionCloseCodes}. */
export type SessionCloseCode = keyof typeof sessionCloseCodes;

const names = new Map<number, SessionCloseCode>(
  Object.entries(sessionCloseCodes).map(([name, code]) => [code, name as SessionCloseCode]),
);

/** The name of a close code, or null for a number that this version does not know. */
export function sessionCloseCodeName(code: number): SessionCloseCode | null {
  return names.get(code) ?? null;
}

/** The peer broke the protocol, or fell silent: the connection ends with this code. */
export class SessionFault extends Error {
  readonly code: SessionCloseCode;

  constructor(code: SessionCloseCode, message: string) {
    super(message);
    this.name = 'SessionFault';
    this.code = code;
  }
}
