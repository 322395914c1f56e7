import type { Socket } from 'node:net';
import { DomainError } from '@interpulse/domain/error.ts';
import type { ChannelLink } from './channel-link.ts';

/** What a relay passed on, frames and all. */
export interface RelaySummary {
  relayedBytes: number;
}

/**
 * Passes bytes between two welcomed connectors until both have closed. With TLS each leg has its
 * own: inside the relay the bytes are in clear, so a relay is an agent one would trust with them.
 * Whether the transfer was whole only the two ends can tell.
 */
export async function spliceLinks(links: ChannelLink[]): Promise<RelaySummary> {
  const [a, b] = links.map((link) => link.detach());
  if (a === undefined || b === undefined) {
    throw new DomainError('invalid', 'relaying: two connectors are needed');
  }
  // A canceled or replaced transfer closes the links, which no longer hold the sockets.
  let stopped: DomainError | null = null;
  for (const link of links) {
    link.onClosed((error) => {
      stopped = error;
      a.destroy();
      b.destroy();
    });
  }
  const passed = await Promise.all([passOn(a, b), passOn(b, a)]);
  if (stopped !== null) throw stopped;
  return { relayedBytes: passed[0] + passed[1] };
}

/** Resolves with the number of bytes when `from` has closed. */
function passOn(from: Socket, to: Socket): Promise<number> {
  let bytes = 0;
  return new Promise((resolve) => {
    from.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (!to.write(piece)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.once('close', () => {
      to.end();
      resolve(bytes);
    });
    from.resume();
  });
}
