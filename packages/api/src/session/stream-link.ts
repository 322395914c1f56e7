import { connect, type Socket } from 'node:net';
import type { Link, LinkHandlers, Transport } from './link.ts';
import { SessionFault } from './session-fault.ts';
import { sessionLimits } from './session-limits.ts';

const prefixBytes = 4;

/** How long a closing peer may take to read the rest before the socket is torn down. */
const closingMs = 1_000;

/** Where an agent listens for its pilots: a Unix socket, or TCP inside the computer. */
export type StreamAddress = { path: string } | { host: string; port: number };

/** The transport of a pilot: frames with a length before each, nothing to negotiate. */
export function streamTransport(address: StreamAddress): Transport {
  const description = 'path' in address ? address.path : `${address.host}:${address.port}`;
  return {
    description,
    connect: (signal) =>
      new Promise((resolve, reject) => {
        const socket = connect(address);
        const onAbort = (): void => {
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
          socket.destroy();
        };
        signal.addEventListener('abort', onAbort, { once: true });
        socket.once('error', reject);
        socket.once('connect', () => {
          signal.removeEventListener('abort', onAbort);
          socket.off('error', reject);
          resolve(createStreamLink(socket, description));
        });
        if (signal.aborted) onAbort();
      }),
  };
}

/** A link over a connected socket, on either side: uint32 big-endian length, then the frame. */
export function createStreamLink(socket: Socket, peer: string): Link {
  socket.setNoDelay(true);
  let problem: string | null = null;
  socket.on('error', (error) => {
    problem = error.message;
  });
  return {
    peer,
    start: (handlers) => {
      socket.on('close', () => handlers.onClose(problem ?? 'The connection closed.'));
      // The peer ends its side only when it is gone; a session is never half open.
      socket.on('end', () => socket.destroy());
      const read = createFrameReader(handlers, sessionLimits.frameBytes);
      socket.on('data', (chunk) => {
        if (!read(chunk)) socket.pause();
      });
    },
    send: (frame) => {
      if (!socket.writable) return;
      const prefix = Buffer.allocUnsafe(prefixBytes);
      prefix.writeUInt32BE(frame.length, 0);
      socket.cork();
      socket.write(prefix);
      socket.write(frame);
      socket.uncork();
    },
    close: () => {
      if (socket.destroyed) return;
      socket.end();
      const timer = setTimeout(() => socket.destroy(), closingMs);
      timer.unref();
      socket.once('close', () => clearTimeout(timer));
      // What still comes is nobody's, but must be read for the end to be seen.
      socket.resume();
    },
  };
}

/** Cuts a byte stream into frames; the returned function is false once the stream is rubbish. */
export function createFrameReader(
  handlers: Pick<LinkHandlers, 'onFrame' | 'onFault'>,
  frameBytes: number,
): (chunk: Buffer) => boolean {
  let parts: Buffer[] = [];
  let heldBytes = 0;
  let neededBytes = prefixBytes;
  let broken = false;
  return (chunk) => {
    if (broken) return false;
    parts.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < neededBytes) return true;
    let rest = parts.length === 1 ? chunk : Buffer.concat(parts);
    neededBytes = prefixBytes;
    while (rest.length >= prefixBytes) {
      const length = rest.readUInt32BE(0);
      if (length > frameBytes) {
        broken = true;
        parts = [];
        const message = `A frame of ${length} bytes was announced; at most ${frameBytes} may come.`;
        handlers.onFault(new SessionFault('oversized', message));
        return false;
      }
      neededBytes = prefixBytes + length;
      if (rest.length < neededBytes) break;
      handlers.onFrame(rest.subarray(prefixBytes, neededBytes));
      rest = rest.subarray(neededBytes);
      neededBytes = prefixBytes;
    }
    parts = rest.length === 0 ? [] : [rest];
    heldBytes = rest.length;
    return true;
  };
}
