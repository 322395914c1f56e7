import { timingSafeEqual } from 'node:crypto';
import { connect } from 'node:net';
import type { OnReadOpts } from 'node:net';
import { connect as connectTls, createSecureContext } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import { DomainError } from '@interpulse/domain/error.ts';
import type { MoveSummary, MoveWatch } from '../mover.ts';
import { moverLimits } from '../mover-limits.ts';
import { introduceConnector } from './channel-handshake.ts';
import { ChannelLink } from './channel-link.ts';
import { runChannelTask } from './channel-task.ts';
import type { ChannelTask } from './channel-task.ts';
import type { ChannelTicket } from './ticket.ts';

/** Where a listener, or a relay, can be reached. */
export interface ChannelAddress {
  host: string;
  port: number;
}

/**
 * Connects to the other end (or a relay) and carries the task out. A ticket with a fingerprint
 * makes the channel TLS, and nothing is said to a listener whose certificate is another.
 * Rejects with `unavailable` (worth another attempt), `unauthenticated` (ticket refused), or
 * `conflict` (canceled).
 */
export async function connectChannel(
  address: ChannelAddress,
  ticket: ChannelTicket,
  task: ChannelTask,
  watch: MoveWatch = {},
): Promise<MoveSummary> {
  const link = new ChannelLink();
  const stop = (): void => {
    const said = `moving ${ticket.transferId}: the transfer was canceled`;
    link.fail(new DomainError('conflict', said, { cause: watch.signal?.reason }));
  };
  watch.signal?.addEventListener('abort', stop);
  try {
    if (watch.signal?.aborted === true) stop();
    if (ticket.fingerprint === null) await openInClear(link, address);
    else await openTls(link, address, ticket.fingerprint);
    if (link.over !== null) throw link.over;
    await introduceConnector(link, ticket, task.role);
    return await runChannelTask(link, task, watch);
  } catch (error) {
    link.destroy(error instanceof DomainError ? error : unreachable(address, error));
    throw link.over ?? error;
  } finally {
    watch.signal?.removeEventListener('abort', stop);
  }
}

function openInClear(link: ChannelLink, address: ChannelAddress): Promise<void> {
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      noDelay: true,
      ...readInto(link),
    });
    link.attach(socket, true);
    giveUpLate(
      link,
      address,
      socket.once('connect', () => resolve()),
    );
    link.onClosed((error) => reject(unreachable(address, error.cause ?? error)));
  });
}

/** Lets the socket read straight into the link's buffers, with no allocation per packet. */
function readInto(link: ChannelLink): { onread: OnReadOpts } {
  return {
    onread: {
      buffer: () => link.reader.target(),
      callback: (count) => link.take(() => link.reader.filled(count)),
    },
  };
}

/** Made once: each would load the authorities of the system, which nobody asks here. */
let contextOfPins: SecureContext | undefined;

function pinnedContext(): SecureContext {
  contextOfPins ??= createSecureContext({ minVersion: 'TLSv1.3', ca: [] });
  return contextOfPins;
}

function openTls(link: ChannelLink, address: ChannelAddress, fingerprint: string): Promise<void> {
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    // The certificate is pinned below instead of being vouched for by an authority.
    const options = { host, port, rejectUnauthorized: false, secureContext: pinnedContext() };
    const socket = connectTls({ ...options, ...readInto(link) });
    giveUpLate(link, address, socket);
    socket.once('error', (error) => reject(unreachable(address, error)));
    link.onClosed((error) => reject(unreachable(address, error)));
    socket.once('secureConnect', () => {
      if (isPinned(socket, fingerprint)) {
        link.attach(socket, true);
        resolve();
        return;
      }
      socket.destroy();
      const said = `connecting to ${host}:${port}: its certificate is not the one in the ticket`;
      reject(new DomainError('unauthenticated', said));
    });
  });
}

function isPinned(socket: TLSSocket, fingerprint: string): boolean {
  const shown = Buffer.from(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
  const wanted = Buffer.from(fingerprint);
  return shown.length === wanted.length && timingSafeEqual(shown, wanted);
}

function giveUpLate(
  link: ChannelLink,
  address: ChannelAddress,
  socket: { destroy(error?: Error): unknown; once(event: string, listener: () => void): unknown },
): void {
  const seconds = moverLimits.handshakeSeconds;
  const late = setTimeout(() => {
    socket.destroy(unreachable(address, new Error(`no answer in ${seconds} s`)));
  }, seconds * 1000);
  for (const event of ['connect', 'secureConnect', 'close']) {
    socket.once(event, () => clearTimeout(late));
  }
  link.onClosed(() => socket.destroy());
}

function unreachable(address: ChannelAddress, cause: unknown): DomainError {
  if (cause instanceof DomainError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  const said = `connecting to ${address.host}:${address.port}: ${why}; is the agent there running?`;
  return new DomainError('unavailable', said, { cause });
}
