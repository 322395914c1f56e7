import { channelPair } from '@interpulse/testing/mover/channel-pair.ts';
import { moverContract } from '@interpulse/testing/mover/mover-contract.ts';

for (const listens of ['receive', 'send', 'relay'] as const) {
  for (const isTls of [false, true]) {
    moverContract(`channel, ${listens} listens, ${isTls ? 'TLS' : 'in clear'}:`, {
      driver: 'channel',
      move: (source, destination, plan, watch) =>
        channelPair({ listens, isTls }, source, destination, plan, watch),
    });
  }
}
