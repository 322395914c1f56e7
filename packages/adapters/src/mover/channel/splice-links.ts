import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { DomainError } from '@interpulse/domain/error.ts';
import type { ChannelLink } from './channel-link.ts';

/** What a relay passed on, frames and all. */
export interface RelaySummary {
  relayedBytes: number;
}

/**
 * Passes bytes between two welcomed connectors until both have ended. With TLS each leg has its
 * own: inside the relay the bytes are in clear, so a relay is an agent one would trust with them.
 */
export async function spliceLinks(links: ChannelLink[]): Promise<RelaySummary> {
  const [a, b] = links.map((link) => link.detach());
  if (a === undefined || b === undefined) {
    throw new DomainError('invalid', 'relaying: two connectors are needed');
  }
  // A canceled or replaced transfer closes the links, which no longer hold the sockets.
  for (const link of links) {
    link.onClosed(() => {
      a.destroy();
      b.destroy();
    });
  }
  let relayedBytes = 0;
  const count = (): Transform =>
    new Transform({
      transform(bytes: Buffer, _encoding, done) {
        relayedBytes += bytes.length;
        done(null, bytes);
      },
    });
  try {
    await Promise.all([pipeline(a, count(), b), pipeline(b, count(), a)]);
  } catch (error) {
    a.destroy();
    b.destroy();
    throw new DomainError('unavailable', 'relaying: one end closed the connection; try again', {
      cause: error,
    });
  }
  return { relayedBytes };
}
