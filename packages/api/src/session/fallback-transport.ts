import type { Link, Transport } from './link.ts';

/** Nobody is there: no reason to think that another transport would pass. */
const nobodyThere = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH']);

/**
 * Tries transports in turn, one for each connection attempt: a WebSocket first, long requests
 * where a proxy refuses it. One over which nothing is ever heard (a proxy may accept a WebSocket
 * and swallow its frames) counts as failed. After the loss of one that worked the first is tried
 * again, so that nobody stays with the slower one because the hub restarted at the wrong moment.
 */
export function fallbackTransport(transports: [Transport, ...Transport[]]): Transport {
  let turn = 0;
  return {
    description: transports.map((transport) => transport.description).join(' or '),
    connect: async (signal) => {
      const mine = turn;
      const transport = transports[mine] ?? transports[0];
      // Counts as failed until something is heard.
      turn = (mine + 1) % transports.length;
      try {
        const link = await transport.connect(signal);
        return tellFirstFrame(link, () => {
          turn = 0;
        });
      } catch (error) {
        if (nobodyThere.has(errorCode(error))) turn = mine;
        throw error;
      }
    },
  };
}

/** The system's code, which `fetch` hides in the cause. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return errorCode(error.cause);
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
