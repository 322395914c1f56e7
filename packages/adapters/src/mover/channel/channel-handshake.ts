import { randomBytes } from 'node:crypto';
import { DomainError } from '@interpulse/domain/error.ts';
import { moverLimits } from '../mover-limits.ts';
import { readJson } from './channel-link.ts';
import type { ChannelLink } from './channel-link.ts';
import { channelProtocol } from './frame.ts';
import type { Frame, FrameType } from './frame.ts';
import { sameProof, ticketProof } from './ticket.ts';
import type { ChannelNonces, ChannelRole, ChannelTicket } from './ticket.ts';

/** What a connector said of itself; only `proof` shows that it may. */
export interface ConnectorAnswer {
  transferId: string;
  attempt: number;
  role: ChannelRole;
  nonces: ChannelNonces;
  proof: string;
}

/** Resolves with the next frame, which must be one of `types`; rejects when none comes in time. */
function nextFrame(link: ChannelLink, types: FrameType[], seconds: number): Promise<Frame> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new DomainError('unavailable', `opening the channel: no answer in ${seconds} s`));
    }, seconds * 1000);
    link.onClosed((error) => {
      clearTimeout(late);
      reject(error);
    });
    link.onFrame((frame) => {
      clearTimeout(late);
      link.hold();
      if (types.includes(frame.type)) resolve(frame);
      else reject(new DomainError('unavailable', `opening the channel: unexpected ${frame.type}`));
    });
  });
}

/** The listener's first half: asks who is there. */
export async function challengeConnector(link: ChannelLink): Promise<ConnectorAnswer> {
  const listener = randomBytes(24).toString('base64url');
  link.sendJson('challenge', { protocol: channelProtocol, nonce: listener });
  const frame = await nextFrame(link, ['answer'], moverLimits.handshakeSeconds);
  const said = readJson(frame) as Record<string, unknown>;
  const { transferId, attempt, role, nonce, proof } = said;
  if (
    typeof transferId !== 'string' ||
    typeof attempt !== 'number' ||
    (role !== 'send' && role !== 'receive') ||
    typeof nonce !== 'string' ||
    typeof proof !== 'string'
  ) {
    throw new DomainError('unavailable', 'opening the channel: bad answer');
  }
  return { transferId, attempt, role, nonces: { listener, connector: nonce }, proof };
}

/** Whether the connector knows the secret of this ticket. */
export function answerFits(answer: ConnectorAnswer, ticket: ChannelTicket): boolean {
  const proof = ticketProof(ticket, 'connector', answer.nonces, answer.role);
  const sameTransfer = answer.transferId === ticket.transferId;
  return sameProof(answer.proof, proof) && sameTransfer && answer.attempt === ticket.attempt;
}

/** The listener's second half: shows that it knows the secret too. */
export function welcomeConnector(
  link: ChannelLink,
  ticket: ChannelTicket,
  answer: ConnectorAnswer,
): void {
  link.sendJson('welcome', { proof: ticketProof(ticket, 'listener', answer.nonces, answer.role) });
  link.reader.payloadLimitBytes = moverLimits.controlBytes;
}

/** The connector's part. Throws `unauthenticated` when the listener refuses or is not the one. */
export async function introduceConnector(
  link: ChannelLink,
  ticket: ChannelTicket,
  role: ChannelRole,
): Promise<void> {
  const challenge = await nextFrame(link, ['challenge'], moverLimits.handshakeSeconds);
  const { protocol, nonce: listener } = readJson(challenge) as Record<string, unknown>;
  if (protocol !== channelProtocol || typeof listener !== 'string') {
    const said = `the listener speaks protocol ${String(protocol)}, we ${channelProtocol}`;
    throw new DomainError('unavailable', `opening the channel: ${said}; update the older agent`);
  }
  const nonces = { listener, connector: randomBytes(24).toString('base64url') };
  const { transferId, attempt } = ticket;
  const proof = ticketProof(ticket, 'connector', nonces, role);
  link.sendJson('answer', { transferId, attempt, role, nonce: nonces.connector, proof });
  const seconds = moverLimits.arrivalSeconds + moverLimits.handshakeSeconds;
  const frame = await nextFrame(link, ['welcome', 'refused'], seconds);
  const said = readJson(frame) as Record<string, unknown>;
  const shown = typeof said['proof'] === 'string' ? said['proof'] : '';
  if (
    frame.type === 'refused' ||
    !sameProof(shown, ticketProof(ticket, 'listener', nonces, role))
  ) {
    throw new DomainError(
      'unauthenticated',
      `opening the channel for ${transferId}: the ticket was refused; ask for a new attempt`,
    );
  }
  link.reader.payloadLimitBytes = moverLimits.controlBytes;
}
