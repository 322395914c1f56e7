import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { SpawnerHello } from '../spawner/spawner-messages.ts';

/** What a spawner is told of where to call, and how to take it back. */
export interface Expectation {
  callBack: NonNullable<SpawnerHello['callBack']>;
  forget: () => void;
}

/** Who says nothing within this time is no spawner, in milliseconds. */
const tokenMs = 10_000;
const tokenBytes = 24;

/** Where spawners on other nodes call back: each by a token of its own, which works once. */
export class CallBackServer {
  readonly #server: Server;
  readonly #port: number;
  readonly #expected = new Map<string, (socket: Socket) => void>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
    server.on('connection', (socket) => this.#greet(socket));
    // One call that cannot be taken, for want of open files, is no reason to end.
    server.on('error', () => undefined);
  }

  /** Listens on all interfaces, on a port that the system picks. */
  static async start(): Promise<CallBackServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, () => resolve());
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return new CallBackServer(server, port);
  }

  /** Gives the connection of the spawner that is told this token. */
  expect(onConnected: (socket: Socket) => void): Expectation {
    const token = randomBytes(tokenBytes).toString('hex');
    this.#expected.set(token, onConnected);
    return {
      callBack: { hosts: addresses(), port: this.#port, token },
      forget: () => this.#expected.delete(token),
    };
  }

  close(): void {
    this.#server.close();
  }

  #greet(socket: Socket): void {
    socket.setNoDelay(true);
    // A node that lost its power says nothing more.
    socket.setKeepAlive(true, tokenMs);
    socket.on('error', () => undefined);
    const timer = setTimeout(() => socket.destroy(), tokenMs);
    let said = '';
    const read = (chunk: Buffer): void => {
      said += chunk.toString('latin1');
      const end = said.indexOf('\n');
      if (end < 0 && said.length <= tokenBytes * 2) return;
      clearTimeout(timer);
      socket.off('data', read);
      const token = said.slice(0, Math.max(0, end));
      const onConnected = this.#expected.get(token);
      if (onConnected === undefined) {
        socket.destroy();
        return;
      }
      this.#expected.delete(token);
      socket.pause();
      socket.unshift(Buffer.from(said.slice(end + 1), 'latin1'));
      onConnected(socket);
      socket.resume();
    };
    socket.on('data', read);
  }
}

/** All that this node is called by, the likeliest first. */
function addresses(): string[] {
  const own = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address !== undefined && address.family === 'IPv4' && !address.internal)
    .map((address) => address?.address ?? '');
  return [...own, hostname(), '127.0.0.1'];
}
