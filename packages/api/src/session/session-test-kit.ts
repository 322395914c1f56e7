import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectSession, type ConnectOptions } from './connect-session.ts';
import type { SessionLimits } from './session-limits.ts';
import { SessionServer, type SessionServerOptions } from './session-server.ts';
import type { Session, SessionHandlers } from './session.ts';
import { createStreamLink, type StreamAddress, streamTransport } from './stream-link.ts';

/** The messages of the session tests. */
export interface Note {
  text: string;
  number?: number;
}

/** Handlers that take everything, report nothing, and fail the test on an unexpected error. */
export function quietHandlers(): SessionHandlers<Note, Note> {
  return {
    parse: (body) => body as Note,
    onMessage: () => Promise.resolve(),
    onReset: () => Promise.resolve(),
    onState: () => undefined,
    onError: (error) => {
      throw error;
    },
  };
}

/** Waits until a condition holds; rejects after ten seconds, naming it. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const endAt = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > endAt) throw new Error(`Waited 10 s in vain until ${what}.`);
    await delay(2);
  }
}

/** A session server on a Unix socket (or `at`) that can be stopped and started as a hub would. */
export class StreamHub {
  readonly address: StreamAddress;
  readonly #options: Partial<SessionServerOptions<Note, Note>>;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  sessions: SessionServer<Note, Note>;

  constructor(address: StreamAddress, options: Partial<SessionServerOptions<Note, Note>>) {
    this.address = address;
    this.#options = options;
    this.sessions = this.#makeSessions();
  }

  #makeSessions(): SessionServer<Note, Note> {
    return new SessionServer({ ...quietHandlers(), ...this.#options });
  }

  async start(): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      this.sessions.accept(createStreamLink(socket, 'a test'), () => true);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.address, resolve));
  }

  /** Cuts all connections without a word, as a cable would. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Dies without a word; `start` brings back a process that knows nothing. */
  async kill(): Promise<void> {
    this.cut();
    const server = this.#server;
    this.#server = null;
    const old = this.sessions;
    this.sessions = this.#makeSessions();
    await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
    old.close();
  }
}

/** A fresh Unix socket path, removed with its folder after the test. */
export function socketAddress(test: TestContext): { path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'session-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return { path: join(folder, 'hub.sock') };
}

/** A started {@link StreamHub} that stops after the test. */
export async function startHub(
  test: TestContext,
  options: Partial<SessionServerOptions<Note, Note>> = {},
): Promise<StreamHub> {
  const hub = new StreamHub(socketAddress(test), options);
  await hub.start();
  test.after(() => hub.kill());
  return hub;
}

/** Bounds under which tests of cuts end soon. */
export const hasty: Partial<SessionLimits> = {
  reconnectFirstMs: 2,
  reconnectCapMs: 20,
  stableMs: 0,
};

/** A client session, closed after the test. */
export function startClient(
  test: TestContext,
  address: StreamAddress,
  options: Partial<ConnectOptions<Note, Note>> = {},
): Session<Note, Note> {
  const session = connectSession<Note, Note>({
    ...quietHandlers(),
    transport: streamTransport(address),
    identity: 'agent_1',
    credential: null,
    random: Math.random,
    limits: hasty,
    ...options,
  });
  test.after(() => session.close());
  return session;
}

/** A TCP port that passes bytes on to `target` until `budget` of them have gone, then cuts. */
export async function startCutter(
  test: TestContext,
  target: StreamAddress,
  budget: () => number,
): Promise<{ address: { host: string; port: number }; cuts: () => number }> {
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(target);
    let left = budget();
    const close = (): void => {
      near.destroy();
      far.destroy();
    };
    const pass = (to: Socket) => (chunk: Buffer) => {
      const part = chunk.subarray(0, Math.max(0, left));
      left -= chunk.length;
      if (left > 0) {
        to.write(part);
      } else if (!to.destroyed) {
        cuts += 1;
        to.end(part, close);
      }
    };
    for (const socket of [near, far]) socket.on('error', close).on('close', close);
    near.on('data', pass(far));
    far.on('data', pass(near));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { address: { host: '127.0.0.1', port }, cuts: () => cuts };
}
