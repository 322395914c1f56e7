import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the hub gives both ends of a transfer so that they know each other. */
export interface ChannelTicket {
  transferId: string;
  /** A later attempt replaces an earlier one at the listener. */
  attempt: number;
  /** Random, 16 bytes or more in hex or base64; never travels, only proofs of it do. */
  secret: string;
  /** SHA-256 fingerprint of the listener's certificate; null asks for a channel in clear. */
  fingerprint: string | null;
}

/** Which way the content goes at one end. */
export type ChannelRole = 'send' | 'receive';

/** Fresh random values of both ends: a proof seen once is worth nothing the second time. */
export interface ChannelNonces {
  listener: string;
  connector: string;
}

/** HMAC-SHA256 that shows knowledge of the secret, for one connection and one end of it. */
export function ticketProof(
  ticket: ChannelTicket,
  side: keyof ChannelNonces,
  nonces: ChannelNonces,
  role: ChannelRole,
): string {
  const { transferId, attempt, secret } = ticket;
  const said = [side, nonces.listener, nonces.connector, transferId, attempt, role];
  return createHmac('sha256', secret).update(JSON.stringify(said)).digest('hex');
}

/** Compares in a time that does not depend on where the difference is. */
export function sameProof(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
