import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { fallbackTransport } from './fallback-transport.ts';
import { encodeLongRequest } from './long-request-body.ts';
import type { Transport } from './link.ts';
import { LongRequestServer } from './long-request-server.ts';
import { longRequestTransport } from './long-request-transport.ts';
import { SessionServer, type SessionServerOptions } from './session-server.ts';
import { hasty, type Note, quietHandlers, startClient, until } from './session-test-kit.ts';
import type { Session } from './session.ts';
import { webSocketTransport } from './websocket-link.ts';

interface Hub {
  url: string;
  sessions: SessionServer<Note, Note>;
  long: LongRequestServer;
  /** The next requests are cut instead of being answered. */
  breakNext: { count: number };
}

async function startLongHub(
  t: TestContext,
  options: Partial<SessionServerOptions<Note, Note>> = {},
): Promise<Hub> {
  const sessions = new SessionServer<Note, Note>({ ...quietHandlers(), ...options });
  const long = new LongRequestServer({
    heldRequestMs: 100,
    onLink: (link, owner) => sessions.accept(link, ({ identity }) => identity === owner),
  });
  const breakNext = { count: 0 };
  const http = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(426).end();
      return;
    }
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const owner = String(request.headers['x-owner']);
      const answer = await long.handleLongRequest(Buffer.concat(chunks), owner);
      if (breakNext.count > 0) {
        breakNext.count -= 1;
        response.destroy();
      } else {
        response.end(answer);
      }
    })();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    sessions.close();
    long.close();
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/session`, sessions, long, breakNext };
}

function startLongClient(
  t: TestContext,
  url: string,
  options: { onMessage?: (message: Note) => Promise<void> } = {},
): Session<Note, Note> {
  const transport = longRequestTransport({ url, headers: () => ({ 'x-owner': 'agent_1' }) });
  return startClient(t, { path: 'unused' }, { transport, ...options });
}

describe('a session over long requests', () => {
  it('carries messages and answers both ways, also while the held request is idle', async (t) => {
    const hub = await startLongHub(t, {
      onMessage: async ({ text }) => ({ message: { text: `${text}!` } }),
    });
    const seen: string[] = [];
    const session = startLongClient(t, hub.url, {
      onMessage: async ({ text }) => void seen.push(text),
    });
    const { message } = await session.request({ text: 'hello' }, { timeoutMs: 5_000 });
    assert.equal(message.text, 'hello!');
    await new Promise((resolve) => setTimeout(resolve, 250));
    await hub.sessions.get('agent_1')?.send({ text: 'a nudge' });
    assert.deepEqual(seen, ['a nudge']);
  });

  it('loses and doubles nothing when answers are lost', async (t) => {
    const seen: number[] = [];
    const hub = await startLongHub(t, {
      limits: hasty,
      onMessage: async ({ number }) => void seen.push(number ?? -1),
    });
    const back: number[] = [];
    const session = startLongClient(t, hub.url, {
      onMessage: async ({ number }) => void back.push(number ?? -1),
    });
    await session.send({ text: 'x', number: 0 });
    const served = hub.sessions.get('agent_1');
    assert.ok(served !== undefined);
    const sends: Promise<void>[] = [served.send({ text: 'x', number: 0 })];
    for (let number = 1; number < 300; number += 1) {
      sends.push(session.send({ text: 'x', number }), served.send({ text: 'x', number }));
      if (number % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      if (number % 25 === 0) hub.breakNext.count = 1;
    }
    await Promise.all(sends);
    const all = Array.from({ length: 300 }, (_, number) => number);
    assert.deepEqual(seen, all);
    assert.deepEqual(back, all);
  });

  it('is closed by the server in so many words', async (t) => {
    const hub = await startLongHub(t);
    const session = startLongClient(t, hub.url);
    await session.send({ text: 'x' });
    hub.sessions.get('agent_1')?.close();
    await until('the client ended', () => session.state.status === 'ended');
    assert.equal(session.state.code, 'closed');
  });

  it('keeps the connection of one owner from another, and refuses rubbish', async (t) => {
    const hub = await startLongHub(t);
    const connection = 'a-name-long-enough';
    const up = async (owner: string, number: number): Promise<string> => {
      const body = encodeLongRequest({ kind: 'up', connection, number }, []);
      return Buffer.from(await hub.long.handleLongRequest(body, owner)).toString();
    };
    assert.match(await up('agent_1', 1), /"ok"/u);
    assert.match(await up('agent_2', 2), /"gone"/u);
    assert.match(await up('agent_1', 2), /"ok"/u, 'the stranger did no harm');
    assert.match(await up('agent_1', 2), /"gone"/u, 'a repeated request is a cut');
    assert.match(await up('agent_1', 3), /"gone"/u);
    for (const rubbish of [[], [0, 0, 0, 9, 1], [0, 0, 0, 2, 123, 125], [0, 0, 0, 1, 49]]) {
      await assert.rejects(hub.long.handleLongRequest(Buffer.from(rubbish), 'agent_1'), {
        code: 'badFrame',
      });
    }
  });
});

describe('fallbackTransport', () => {
  it('uses long requests where no WebSocket passes, and asks again after a cut', async (t) => {
    const hub = await startLongHub(t);
    const headers = (): Record<string, string> => ({ 'x-owner': 'agent_1' });
    const attempts: string[] = [];
    const counted = (name: string, transport: Transport): Transport => ({
      description: transport.description,
      connect: (signal) => {
        attempts.push(name);
        return transport.connect(signal);
      },
    });
    const transport = fallbackTransport([
      counted('socket', webSocketTransport({ url: hub.url.replace('http', 'ws'), headers })),
      counted('long', longRequestTransport({ url: hub.url, headers })),
    ]);
    const session = startClient(t, { path: 'unused' }, { transport });
    await session.send({ text: 'x' });
    hub.breakNext.count = 1;
    await session.send({ text: 'y' });
    await session.send({ text: 'z' });
    assert.deepEqual(attempts, ['socket', 'long', 'socket', 'long']);
  });

  it('does not give up a WebSocket because nobody is there', async () => {
    let asked = 0;
    const refused = (): never => {
      asked += 1;
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    };
    const transport = fallbackTransport([
      { description: 'a', connect: async () => refused() },
      { description: 'b', connect: () => assert.fail('b was tried') },
    ]);
    const signal = new AbortController().signal;
    await assert.rejects(transport.connect(signal));
    await assert.rejects(transport.connect(signal));
    assert.equal(asked, 2);
  });
});
