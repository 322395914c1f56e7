import { WebSocket, type RawData } from 'ws';
import type { Link, LinkHandlers, Transport } from './link.ts';
import { SessionFault, sessionCloseCodes, type SessionCloseCode } from './session-fault.ts';
import { sessionLimits } from './session-limits.ts';

/** WebSocket close reasons hold at most 123 bytes. */
const closeReasonBytes = 123;

/** How long a closing peer may take to agree before the socket is torn down. */
const closingMs = 1_000;

/** How a client reaches a hub over WebSocket. */
export interface WebSocketTransportOptions {
  /** `ws://` or `wss://`. */
  url: string;
  /** For every attempt anew, so that a token may be refreshed: `{ authorization: 'Bearer …' }`. */
  headers: () => Record<string, string> | Promise<Record<string, string>>;
  /** Certificate authorities in PEM beside the system's, for a facility's own. */
  ca?: string;
}

/** The usual transport of an agent. */
export function webSocketTransport(options: WebSocketTransportOptions): Transport {
  const { url, ca } = options;
  return {
    description: url,
    connect: async (signal) => {
      const headers = await options.headers();
      signal.throwIfAborted();
      const socket = new WebSocket(url, {
        headers,
        maxPayload: sessionLimits.frameBytes,
        perMessageDeflate: false,
        ...(ca === undefined ? {} : { ca }),
      });
      return opened(socket, url, signal);
    },
  };
}

/**
 * A link over an open WebSocket, on either side. On a server give it the socket in the tick of
 * the connection, and set `maxPayload: sessionLimits.frameBytes` and no compression there.
 */
export function createWebSocketLink(socket: WebSocket, peer: string): Link {
  return {
    peer,
    start: (handlers) => startReading(socket, handlers),
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame, { binary: true });
    },
    close: (code, reason) => closeSocket(socket, code, reason),
  };
}

function opened(socket: WebSocket, url: string, signal: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
      socket.terminate();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    // Also takes the errors that follow `terminate`.
    socket.on('error', reject);
    socket.once('open', () => {
      signal.removeEventListener('abort', onAbort);
      resolve(createWebSocketLink(socket, url));
    });
  });
}

function startReading(socket: WebSocket, handlers: LinkHandlers): void {
  let problem: string | null = null;
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) handlers.onFrame(toBytes(data));
    else handlers.onFault(new SessionFault('badFrame', 'A text message came; frames are binary.'));
  });
  socket.on('error', (error) => {
    problem = error.message;
  });
  socket.on('close', (code, reason) => {
    const said = reason.length === 0 ? '' : ` ${reason.toString('utf8')}`;
    handlers.onClose(problem ?? `The WebSocket closed with code ${code}.${said}`);
  });
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

function closeSocket(socket: WebSocket, code: SessionCloseCode, reason: string): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  const bytes = Buffer.from(reason, 'utf8').subarray(0, closeReasonBytes);
  // A cut through a character leaves a replacement mark of three bytes; drop it.
  socket.close(sessionCloseCodes[code], bytes.toString('utf8').replace(/\uFFFD+$/u, ''));
  const timer = setTimeout(() => socket.terminate(), closingMs);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
