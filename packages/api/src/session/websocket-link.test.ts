import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { sessionLimits } from './session-limits.ts';
import { SessionServer, type SessionServerOptions } from './session-server.ts';
import {
  hasty,
  type Note,
  quietHandlers,
  startClient,
  startCutter,
  startHub,
  until,
} from './session-test-kit.ts';
import type { Session } from './session.ts';
import { createWebSocketLink, webSocketTransport } from './websocket-link.ts';

/** A frame must fit through before the next cut, or nothing ever would. */
const smallFrames = { ...hasty, batchBytes: 2_000 };

interface Hub {
  url: string;
  port: number;
  sessions: SessionServer<Note, Note>;
  requests: IncomingMessage[];
}

/** A hub in the way of @fastify/websocket: the token is checked before the upgrade. */
async function startWebSocketHub(
  t: TestContext,
  options: Partial<SessionServerOptions<Note, Note>>,
): Promise<Hub> {
  const sessions = new SessionServer<Note, Note>({ ...quietHandlers(), ...options });
  const requests: IncomingMessage[] = [];
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: sessionLimits.frameBytes });
  http.on('upgrade', (request, socket, head) => {
    requests.push(request);
    if (request.headers.authorization !== 'Bearer good') {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const link = createWebSocketLink(webSocket, 'a test');
      sessions.accept(link, ({ identity }) => identity === 'agent_1');
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    sessions.close();
    sockets.close();
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/session`, port, sessions, requests };
}

function startWebSocketClient(
  t: TestContext,
  url: string,
  token = 'good',
  limits = hasty,
): Session<Note, Note> {
  const headers = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const transport = webSocketTransport({ url, headers });
  return startClient(t, { path: 'unused' }, { transport, limits });
}

async function roundTripMs(session: Session<Note, Note>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 1_500; n += 1) {
    const startedAt = performance.now();
    await session.request({ text: 'ping' }, { timeoutMs: 5_000 });
    times.push(performance.now() - startedAt);
  }
  // The first third warms up.
  const sorted = times.slice(500).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

describe('a session over a WebSocket', () => {
  it('carries 100,000 messages in order, held back by room()', async (t) => {
    const total = 100_000;
    let next = 0;
    const hub = await startWebSocketHub(t, {
      onMessage: async ({ number }) => {
        assert.equal(number, next);
        next += 1;
      },
    });
    const session = startWebSocketClient(t, hub.url);
    const startedAt = performance.now();
    let last = Promise.resolve();
    for (let number = 0; number < total; number += 1) {
      last = session.send({ text: 'a job moved on', number });
      if (number % 1_000 === 0) await session.room();
    }
    await last;
    const perSecond = Math.round((total / (performance.now() - startedAt)) * 1_000);
    assert.equal(next, total);
    t.diagnostic(`${perSecond} acknowledged messages per second over a WebSocket`);
  });

  it('answers a request over loopback within milliseconds', async (t) => {
    const onMessage = (): Promise<{ message: Note }> =>
      Promise.resolve({ message: { text: 'pong' } });
    const hub = await startWebSocketHub(t, { onMessage });
    const webSocketMs = await roundTripMs(startWebSocketClient(t, hub.url));
    const streamHub = await startHub(t, { onMessage });
    const streamMs = await roundTripMs(startClient(t, streamHub.address));
    t.diagnostic(`round trip p50: WebSocket ${webSocketMs.toFixed(3)} ms`);
    t.diagnostic(`round trip p50: Unix socket ${streamMs.toFixed(3)} ms`);
    assert.ok(webSocketMs < 20 && streamMs < 20);
  });

  it('survives cuts at random bytes', async (t) => {
    const seen: number[] = [];
    const hub = await startWebSocketHub(t, {
      limits: smallFrames,
      onMessage: async ({ number }) => void seen.push(number ?? -1),
    });
    const target = { host: '127.0.0.1', port: hub.port };
    const cutter = await startCutter(t, target, () => 1_000 + Math.random() * 10_000);
    const { port } = cutter.address;
    const session = startWebSocketClient(t, `ws://127.0.0.1:${port}/session`, 'good', smallFrames);
    const sends: Promise<void>[] = [];
    for (let number = 0; number < 1_000; number += 1) {
      sends.push(session.send({ text: 'x'.repeat(50), number }));
      if (number % 10 === 0) await new Promise(setImmediate);
    }
    await Promise.all(sends);
    assert.deepEqual(
      seen,
      Array.from({ length: 1_000 }, (_, number) => number),
    );
    assert.ok(cutter.cuts() > 3);
  });

  it('says that the token was not taken', async (t) => {
    const hub = await startWebSocketHub(t, {});
    const session = startWebSocketClient(t, hub.url, 'bad');
    await until('it was turned away twice', () => hub.requests.length > 1);
    await until('it waits', () => session.state.status === 'disconnected');
    assert.match(session.state.reason, /401/u);
  });

  it('closes a WebSocket that sends text or too much, with a code', async (t) => {
    const hub = await startWebSocketHub(t, {});
    const codes = await Promise.all(
      ['hello', new Uint8Array(sessionLimits.frameBytes + 1), new Uint8Array(9)].map(
        (data) =>
          new Promise<number>((resolve) => {
            const headers = { authorization: 'Bearer good' };
            const socket = new WebSocket(hub.url, { headers });
            socket.on('open', () => socket.send(data));
            socket.on('error', () => undefined);
            socket.on('close', resolve);
          }),
      ),
    );
    assert.deepEqual(codes, [4011, 1009, 4011]);
    await startWebSocketClient(t, hub.url).send({ text: 'still there' });
  });
});
