import type { Link, Transport } from './link.ts';

/**
 * Tries transports in turn, one for each connection attempt, and stays with the one that worked:
 * a WebSocket first, long requests where a proxy refuses it. One over which nothing was ever
 * heard (a proxy may accept a WebSocket and swallow its frames) counts as failed.
 */
export function fallbackTransport(transports: [Transport, ...Transport[]]): Transport {
  let turn = 0;
  return {
    description: transports.map((transport) => transport.description).join(' or '),
    connect: async (signal) => {
      const transport = transports[turn % transports.length] ?? transports[0];
      // Counts as failed until something is heard.
      turn += 1;
      const mine = turn;
      const link = await transport.connect(signal);
      return tellFirstFrame(link, () => {
        if (turn === mine) turn -= 1;
      });
    },
  };
}

function tellFirstFrame(link: Link, onFirstFrame: () => void): Link {
  let heard = false;
  return {
    peer: link.peer,
    send: (frame) => link.send(frame),
    close: (code, reason) => link.close(code, reason),
    start: (handlers) =>
      link.start({
        onFault: (fault) => handlers.onFault(fault),
        onClose: (reason) => handlers.onClose(reason),
        onFrame: (frame) => {
          if (!heard) onFirstFrame();
          heard = true;
          handlers.onFrame(frame);
        },
      }),
  };
}
