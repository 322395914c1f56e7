import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { judgeClaim } from './identity-claim.ts';
import { SessionServer } from './session-server.ts';
import {
  hasty,
  quietHandlers,
  socketAddress,
  startClient,
  startHub,
  until,
} from './session-test-kit.ts';
import { createStreamLink } from './stream-link.ts';

/** Passes bytes both ways, and swallows them while `mute`. */
function startRelay(near: Socket, target: { path: string }, mute: () => boolean): Socket {
  const far = connect(target);
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('data', (chunk) => {
      if (!mute()) to.write(chunk);
    });
  }
  return far;
}

describe('SessionServer', () => {
  it('lets the later of two processes keep an identity, and stops the other', async (t) => {
    const hub = await startHub(t);
    const early = startClient(t, hub.address, { startedAt: '2026-01-01T00:00:00Z' });
    await early.send({ text: 'x' });
    const late = startClient(t, hub.address, { startedAt: '2026-01-01T00:00:01Z' });
    await late.send({ text: 'x' });
    await until('the early one stopped', () => early.state.status === 'ended');
    assert.equal(early.state.code, 'replaced');
    assert.match(early.state.reason, /Another process, started at 2026-01-01T00:00:01Z/u);
    await assert.rejects(early.send({ text: 'x' }), { kind: 'conflict' });

    const third = startClient(t, hub.address, { startedAt: '2025-12-31T00:00:00Z' });
    await until('the third one stopped', () => third.state.status === 'ended');
    assert.equal(third.state.code, 'replaced');
    assert.equal(late.state.status, 'connected');
  });

  it('takes an earlier-started process when the later one is gone', async (t) => {
    const hub = await startHub(t);
    const late = startClient(t, hub.address, { startedAt: '2026-01-01T00:00:01Z' });
    await late.send({ text: 'x' });
    hub.cut();
    late.close();
    const early = startClient(t, hub.address, { startedAt: '2026-01-01T00:00:00Z' });
    await early.send({ text: 'after a clock was set back' });
  });

  it('sends to a restarted agent what its predecessor had not handled', async (t) => {
    const hub = await startHub(t);
    const first = startClient(t, hub.address, { onMessage: () => new Promise(() => undefined) });
    await first.send({ text: 'x' });
    const served = hub.sessions.get('agent_1');
    assert.ok(served !== undefined);
    const sent = served.send({ text: 'start job 7' });
    const seen: string[] = [];
    startClient(t, hub.address, {
      startedAt: '2999-01-01T00:00:00Z',
      onMessage: async ({ text }) => void seen.push(text),
    });
    await sent;
    assert.deepEqual(seen, ['start job 7']);
    assert.equal(hub.sessions.get('agent_1'), served, 'the hub keeps its handle');
  });

  it('gives up a session whose client stays away', async (t) => {
    const hub = await startHub(t, { limits: { ...hasty, resumeMs: 20 } });
    const session = startClient(t, hub.address);
    await session.send({ text: 'x' });
    const served = hub.sessions.get('agent_1');
    assert.ok(served !== undefined);
    hub.cut();
    session.close();
    await assert.rejects(served.send({ text: 'y' }), /did not come back/u);
    assert.equal(hub.sessions.get('agent_1'), undefined);
  });

  it('admits nobody whom it is told not to, and says so', async (t) => {
    const sessions = new SessionServer({ ...quietHandlers(), limits: hasty });
    const address = socketAddress(t);
    const server = createServer((socket) => {
      const link = createStreamLink(socket, 'a test');
      sessions.accept(link, async (hello) => hello.credential === 'right');
    });
    await new Promise<void>((resolve) => server.listen(address, resolve));
    t.after(() => {
      sessions.close();
      server.close();
    });
    const wrong = startClient(t, address, { identity: 'pilot_1', credential: 'wrong' });
    await until('it was turned away', () => wrong.state.code === 'forbidden');
    assert.match(wrong.state.reason, /may not act as pilot_1/u);
    await startClient(t, address, { identity: 'pilot_2', credential: 'right' }).send({ text: '' });
    assert.equal(sessions.get('pilot_1'), undefined);
  });

  it('declares a mute client silent, and takes it back', async (t) => {
    const states: string[] = [];
    const hub = await startHub(t, { onState: (state) => states.push(state.code ?? state.status) });
    let mute = true;
    const relay = createServer({ allowHalfOpen: true }, (near) => {
      const sessionSocket = startRelay(near, hub.address as { path: string }, () => mute);
      near.on('close', () => sessionSocket.destroy());
    });
    const address = socketAddress(t);
    await new Promise<void>((resolve) => relay.listen(address, resolve));
    t.after(() => relay.close());
    // A hello that goes out while the line is mute is lost; the next attempt must come soon.
    const limits = { ...hasty, heartbeatMs: 50, greetingMs: 200 };
    mute = false;
    const session = startClient(t, address, { limits });
    await session.send({ text: 'x' });
    mute = true;
    await until('the hub noticed', () => states.includes('silent'));
    await until('the client noticed', () => session.state.status !== 'connected');
    mute = false;
    await session.send({ text: 'y' });
  });

  it('judges claims so that of any two processes the same one always wins', () => {
    const a = { nonce: 'a', startedAt: '2026-01-01T00:00:00Z' };
    const b = { nonce: 'b', startedAt: '2026-01-01T00:00:00Z' };
    assert.equal(judgeClaim(a, a), 'same');
    assert.equal(judgeClaim(a, b), 'replaces');
    assert.equal(judgeClaim(b, a), 'refused');
  });
});
