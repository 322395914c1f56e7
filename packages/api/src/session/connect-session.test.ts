import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { decodeFrame } from './decode-frame.ts';
import type { Frame } from './session-frame.ts';
import {
  hasty,
  type Note,
  socketAddress,
  startClient,
  startCutter,
  startHub,
  StreamHub,
  until,
} from './session-test-kit.ts';
import { createFrameReader } from './stream-link.ts';

const kind = (expected: string) => (error: unknown) =>
  error instanceof DomainError && error.kind === expected;

describe('a session over a Unix socket', () => {
  it('acknowledges a message with its attachment when the handler has resolved', async (t) => {
    const seen: { text: string; attachment: string }[] = [];
    const gate = Promise.withResolvers<void>();
    const hub = await startHub(t, {
      onMessage: async ({ text }, { attachment }) => {
        seen.push({ text, attachment: Buffer.from(attachment ?? []).toString() });
        await gate.promise;
      },
    });
    const session = startClient(t, hub.address);
    let acknowledged = false;
    const sent = session.send({ text: 'a preview' }, { attachment: Buffer.from('PNG') });
    void sent.then(() => (acknowledged = true));
    await until('the handler runs', () => seen.length === 1);
    await session.request({ text: 'x' }, { timeoutMs: 20 }).catch(() => undefined);
    assert.equal(acknowledged, false);
    gate.resolve();
    await sent;
    assert.deepEqual(seen[0], { text: 'a preview', attachment: 'PNG' });
  });

  it('answers requests in both directions, also from inside a handler', async (t) => {
    const hub = await startHub(t, {
      onMessage: async ({ text }, { session, attachment }) => {
        const { message } = await session.request({ text: 'who?' }, { timeoutMs: 5_000 });
        const answer = { message: { text: `${text} ${message.text}` } };
        return attachment === null ? answer : { ...answer, attachment };
      },
    });
    const session = startClient(t, hub.address, {
      onMessage: () => Promise.resolve({ message: { text: 'me' } }),
    });
    const options = { timeoutMs: 5_000, attachment: Buffer.from([7]) };
    const { message, attachment } = await session.request({ text: 'hello' }, options);
    assert.equal(message.text, 'hello me');
    assert.deepEqual([...(attachment ?? [])], [7]);
  });

  it('tells the sender why a message was refused, and goes on', async (t) => {
    const errors: unknown[] = [];
    const hub = await startHub(t, {
      parse: (body) => {
        if (typeof (body as Note).text !== 'string') throw new Error('text is missing');
        return body as Note;
      },
      onError: (error) => errors.push(error),
      onMessage: async ({ text }) => {
        if (text === 'late') throw new DomainError('conflict', 'Attempt 2 is over.');
        if (text === 'bug') throw new TypeError('x is undefined');
      },
    });
    const session = startClient(t, hub.address);
    const results = await Promise.allSettled([
      session.send({ text: 'late' }),
      session.send({ text: 'fine' }),
      session.send({ text: 'bug' }),
      session.send({} as Note),
      session.request({ text: 'late' }, { timeoutMs: 5_000 }),
      session.request({ text: 'fine' }, { timeoutMs: 5_000 }),
    ]);
    const kinds = results.map((result) =>
      result.status === 'fulfilled' ? 'ok' : (result.reason as DomainError).kind,
    );
    assert.deepEqual(kinds, ['conflict', 'ok', 'unavailable', 'invalid', 'conflict', 'invalid']);
    assert.equal(errors.length, 1);
  });

  it('refuses what is too large, too much, or not JSON, at once', async (t) => {
    const limits = { ...hasty, queuedMessages: 3, openRequests: 1 };
    const session = startClient(t, socketAddress(t), { limits });
    const large = { attachment: new Uint8Array(3 * 1024 * 1024) };
    await assert.rejects(session.send({ text: '' }, large), kind('exhausted'));
    await assert.rejects(session.send(undefined as unknown as Note), kind('invalid'));
    void session.send({ text: '1' });
    const first = session.request({ text: '2' }, { timeoutMs: 5 });
    const second = session.request({ text: '2' }, { timeoutMs: 5 });
    await assert.rejects(second, /wait for answers/u);
    await assert.rejects(first, /no answer within 5 ms/u);
    void session.send({ text: '3' });
    await assert.rejects(session.send({ text: '4' }), kind('exhausted'));
  });

  it('makes room when the queue has drained', async (t) => {
    const hub = new StreamHub(socketAddress(t), {});
    const session = startClient(t, hub.address, { limits: { ...hasty, queuedMessages: 10 } });
    for (let n = 0; n < 10; n += 1) void session.send({ text: '' });
    let roomy = false;
    const room = session.room().then(() => (roomy = true));
    await until('it tried to connect', () => session.state.status === 'disconnected');
    assert.equal(roomy, false);
    await hub.start();
    t.after(() => hub.kill());
    await room;
  });

  it('reports the whole state before anything else, in every incarnation', async (t) => {
    const seen: string[] = [];
    const hub = await startHub(t, {
      onMessage: async ({ text }) => void seen.push(text),
    });
    let count = 0;
    const session = startClient(t, hub.address, {
      onReset: async ({ report }) => {
        count += 1;
        void report({ text: `state ${count} begins` });
        await new Promise(setImmediate);
        void report({ text: `state ${count} ends` });
      },
    });
    await session.send({ text: 'one' });
    hub.cut();
    await session.send({ text: 'two' });
    await hub.kill();
    const three = session.send({ text: 'three' });
    await hub.start();
    await three;
    assert.deepEqual(seen, [
      ...['state 1 begins', 'state 1 ends', 'one', 'two'],
      ...['state 2 begins', 'state 2 ends', 'three'],
    ]);
  });

  it('sends again what a dead hub had not handled', async (t) => {
    const seen: string[] = [];
    const hub = await startHub(t, {
      handlerConcurrency: 4,
      onMessage: ({ text }, { wantsAnswer, session }) => {
        seen.push(text);
        if (seen.length > 2) return Promise.resolve();
        // The first life of the hub dies in its handlers.
        if (!wantsAnswer) return new Promise(() => undefined);
        return session.request({ text: 'never' }, { timeoutMs: 60_000 });
      },
    });
    const session = startClient(t, hub.address, { onMessage: () => new Promise(() => undefined) });
    const sent = session.send({ text: 'a' });
    const asked = session.request({ text: 'b' }, { timeoutMs: 60_000 });
    asked.catch(() => undefined);
    await until('the hub works on both', () => seen.length === 2);
    await hub.kill();
    await hub.start();
    await sent;
    await assert.rejects(asked, kind('invalid'), 'b came again and was refused as unanswerable');
    assert.deepEqual(seen, ['a', 'b', 'a', 'b']);
  });

  it('fails a request that the hub had handled when it died with the answer', async (t) => {
    const hub = await startHub(t, { onMessage: async () => ({ message: { text: 'answer' } }) });
    let held = 0;
    const session = startClient(t, hub.address, {
      limits: { ...hasty, windowMessages: 4 },
      onMessage: () => {
        held += 1;
        return new Promise(() => undefined);
      },
    });
    await session.send({ text: 'x' });
    // The window towards the client is full: the answer has to wait, its acknowledgement not.
    for (let n = 0; n < 4; n += 1) void hub.sessions.get('agent_1')?.send({ text: 'y' });
    await until('the client works', () => held === 1);
    const asked = session.request({ text: 'z' }, { timeoutMs: 60_000 });
    asked.catch(() => undefined);
    await session.send({ text: 'after it' });
    await hub.kill();
    await hub.start();
    await assert.rejects(asked, /began anew. Ask again/u);
  });

  it('begins anew after a failed report', async (t) => {
    const hub = await startHub(t);
    let tries = 0;
    const errors: unknown[] = [];
    const session = startClient(t, hub.address, {
      onReset: async () => {
        tries += 1;
        if (tries < 3) throw new Error('the disk is full');
      },
      onError: (error) => errors.push(error),
    });
    await session.send({ text: 'x' });
    assert.equal(tries, 3);
    assert.equal(errors.length, 2);
  });

  it('ends on both sides when either closes it', async (t) => {
    const hub = await startHub(t);
    const session = startClient(t, hub.address);
    await session.send({ text: 'x' });
    const served = hub.sessions.get('agent_1');
    session.close();
    await until('the hub forgot it', () => hub.sessions.get('agent_1') === undefined);
    assert.equal(served?.state.status, 'ended');
    await assert.rejects(session.send({ text: 'y' }), kind('unavailable'));

    const other = startClient(t, hub.address, { identity: 'agent_2' });
    await other.send({ text: 'x' });
    hub.sessions.get('agent_2')?.close();
    await until('the client ended', () => other.state.status === 'ended');
  });

  it('loses, doubles and disorders nothing when killed at random bytes', async (t) => {
    const total = 3_000;
    // A frame must fit through before the next cut, or nothing ever would.
    const limits = { ...hasty, batchBytes: 2_000 };
    const seen: Record<'hub' | 'agent', number[]> = { hub: [], agent: [] };
    let resets = 0;
    const hub = await startHub(t, {
      limits,
      onMessage: async ({ number }) => void seen.hub.push(number ?? -1),
    });
    const cutter = await startCutter(t, hub.address, () => 1_000 + Math.random() * 20_000);
    const session = startClient(t, cutter.address, {
      limits,
      onMessage: async ({ number }) => void seen.agent.push(number ?? -1),
      onReset: async () => void (resets += 1),
    });
    await session.send({ text: 'first', number: 0 });
    const served = hub.sessions.get('agent_1');
    assert.ok(served !== undefined);
    const sends: Promise<void>[] = [served.send({ text: 'first', number: 0 })];
    for (let number = 1; number < total; number += 1) {
      sends.push(session.send({ text: 'x'.repeat(number % 90), number }));
      sends.push(served.send({ text: 'x'.repeat(number % 70), number }));
      if (number % 20 === 0) await new Promise(setImmediate);
    }
    await Promise.all(sends);
    const all = Array.from({ length: total }, (_, number) => number);
    assert.deepEqual(seen.hub, all);
    assert.deepEqual(seen.agent, all);
    assert.ok(cutter.cuts() > 10, `only ${cutter.cuts()} cuts`);
    assert.equal(resets, 1);
  });

  it('comes through a storm of hub restarts with every message handled', async (t) => {
    const total = 600;
    const seen = new Set<number>();
    const hub = await startHub(t, {
      onMessage: async ({ number }) => {
        await new Promise(setImmediate);
        seen.add(number ?? -1);
      },
    });
    const session = startClient(t, hub.address);
    const sends: Promise<void>[] = [];
    for (let number = 0; number < total; number += 1) {
      sends.push(session.send({ text: 'x', number }));
      if (number % 10 === 0) await new Promise(setImmediate);
      if (number % 100 !== 50) continue;
      await hub.kill();
      await hub.start();
    }
    await Promise.all(sends);
    assert.equal(seen.size, total);
  });
});

describe('a server among strangers', () => {
  const speak = async (address: { path: string }, bytes: Uint8Array): Promise<Frame[]> => {
    const frames: Frame[] = [];
    const socket = connect(address);
    const read = createFrameReader(
      { onFrame: (frame) => frames.push(decodeFrame(frame)), onFault: assert.fail },
      1_000_000,
    );
    socket.on('data', (chunk: Buffer) => void read(chunk));
    socket.on('error', () => undefined);
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve));
    return frames;
  };

  it('answers rubbish with a code and a sentence, and lives on', async (t) => {
    const limits = { ...hasty, greetingMs: 40 };
    const hub = await startHub(t, { limits });
    const address = hub.address as { path: string };
    const cases: [Uint8Array, string][] = [
      [Buffer.from([255, 255, 255, 255, 1]), 'oversized'],
      [Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'oversized'],
      [Buffer.from([0, 0, 0, 2, 1, 2]), 'badFrame'],
      [Buffer.from([0, 0]), 'silent'],
    ];
    for (const [bytes, code] of cases) {
      const [bye] = await speak(address, bytes);
      assert.ok(bye?.type === 'bye', `no bye for ${code}`);
      assert.equal(bye.code, code);
      assert.match(bye.reason, /\w+ .*\./u);
    }
    await startClient(t, hub.address).send({ text: 'still there' });
  });
});
