import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { makeCollections, planOf } from '@interpulse/testing/mover/mover-contract.ts';
import type { CollectionPair } from '@interpulse/testing/mover/mover-contract.ts';
import { createChannelListener } from './channel-listener.ts';
import type { ChannelListener } from './channel-listener.ts';
import { connectChannel } from './connect-channel.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';
import type { ChannelTicket } from './ticket.ts';

interface Scene {
  pair: CollectionPair;
  listener: ChannelListener;
  ticket: ChannelTicket;
  address: { host: string; port: number };
  receive: { role: 'receive'; root: string; plan: ReturnType<typeof planOf> };
  send: { role: 'send'; root: string; plan: ReturnType<typeof planOf> };
}

async function scene(t: TestContext, isTls = false): Promise<Scene> {
  const pair = await makeCollections(t);
  await fs.writeFile(join(pair.source, 'a'), randomBytes(5_000_000));
  const tls = createSelfSignedCertificate('test', 3600);
  const where = { host: '127.0.0.1', port: 0, ticketWaitSeconds: 1 };
  const listener = await createChannelListener(isTls ? { ...where, tls } : where);
  t.after(() => listener.close());
  const plan = planOf(['a']);
  const { fingerprint, port } = listener;
  return {
    pair,
    listener,
    ticket: { transferId: plan.transferId, attempt: 1, secret: 'right', fingerprint },
    address: { host: '127.0.0.1', port },
    receive: { role: 'receive', root: pair.destination, plan },
    send: { role: 'send', root: pair.source, plan },
  };
}

const refused = (error: unknown): boolean =>
  error instanceof DomainError && error.kind === 'unauthenticated';
const unavailable = (error: unknown): boolean =>
  error instanceof DomainError && error.kind === 'unavailable';

test('a connector may come before its ticket is announced', async (t) => {
  const { listener, ticket, address, receive, send } = await scene(t);
  const sent = connectChannel(address, ticket, send);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const received = await listener.expect(ticket, receive);
  assert.equal(received.files[0]?.status, 'copied');
  assert.equal((await sent).files[0]?.status, 'copied');
});

test('wrong secrets, attempts and transfers are refused alike, and harm nobody', async (t) => {
  const { listener, ticket, address, receive, send, pair } = await scene(t);
  const expected = listener.expect(ticket, receive);
  const started = performance.now();
  const wrong = [
    { ...ticket, secret: 'wrong' },
    { ...ticket, attempt: 2 },
    { ...ticket, transferId: 'transfer_other' },
  ];
  await Promise.all(
    wrong.map((bad) => assert.rejects(connectChannel(address, bad, send), refused)),
  );
  const seconds = (performance.now() - started) / 1000;
  assert.ok(seconds >= 0.9 && seconds < 9, `refused after ${seconds} s`);
  assert.deepEqual(await fs.readdir(pair.destination), []);
  await connectChannel(address, ticket, send);
  assert.equal((await expected).files[0]?.status, 'copied');
});

test('two ends that both send never meet, and a stranger learns nothing', async (t) => {
  const { listener, ticket, address, receive, send, pair } = await scene(t);
  const plan = planOf(['a', 'b']);
  const expected = listener.expect(ticket, receive);
  const stranger = connect(address.port, address.host);
  let heard = Buffer.alloc(0);
  stranger.on('data', (bytes) => (heard = Buffer.concat([heard, bytes])));
  stranger.on('error', () => undefined);
  stranger.write(randomBytes(5000));
  await once(stranger, 'close');
  assert.ok(!heard.toString('latin1').includes(ticket.transferId));
  const wrongWay = connectChannel(address, ticket, { ...receive, plan });
  await assert.rejects(wrongWay, refused);
  await connectChannel(address, ticket, send);
  await expected;
  assert.deepEqual(await fs.readdir(pair.destination), ['a']);
});

test('a receiver refuses names that its plan does not ask for', async (t) => {
  const { listener, ticket, address, receive, send, pair } = await scene(t);
  const expected = listener.expect(ticket, receive);
  const items = ['a', 'b'].map((destinationPath) => {
    return { sourcePath: 'a', destinationPath, recursive: false };
  });
  await connectChannel(address, ticket, { ...send, plan: planOf([], { items }) });
  const { files } = await expected;
  assert.deepEqual(
    files.map((file) => [file.path, file.errorKind ?? file.status]),
    [
      ['a', 'copied'],
      ['b', 'forbidden'],
    ],
  );
  assert.deepEqual(await fs.readdir(pair.destination), ['a']);
});

test('a later attempt replaces an earlier one, and never the other way', async (t) => {
  const { listener, ticket, address, receive, send } = await scene(t);
  const first = assert.rejects(listener.expect(ticket, receive), unavailable);
  const later = { ...ticket, attempt: 2 };
  const second = listener.expect(later, receive);
  await first;
  await assert.rejects(listener.expect(ticket, receive), { kind: 'conflict' });
  await connectChannel(address, later, send);
  assert.equal((await second).files[0]?.status, 'copied');
});

test('a certificate other than the pinned one gets no word from the connector', async (t) => {
  const { listener, ticket, address, receive, send } = await scene(t, true);
  const { fingerprint } = createSelfSignedCertificate('test', 3600);
  await assert.rejects(connectChannel(address, { ...ticket, fingerprint }, send), refused);
  const expected = listener.expect(ticket, receive);
  await connectChannel(address, ticket, send);
  assert.equal((await expected).files[0]?.status, 'copied');
});

test('nobody there, and a listener that closes, are worth another attempt', async (t) => {
  const { listener, ticket, address, receive, send } = await scene(t);
  const waiting = assert.rejects(listener.expect(ticket, receive), unavailable);
  await listener.close();
  await waiting;
  await assert.rejects(connectChannel(address, ticket, send), unavailable);
});

/** Passes bytes on, and flips one bit at each of `positions` of what goes towards the listener. */
async function tamperer(t: TestContext, port: number, positions: number[]): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    sockets.push(near, far);
    let passed = 0;
    near.on('data', (bytes: Buffer) => {
      for (const position of positions) {
        const at = position - passed;
        if (at >= 0 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ 1;
      }
      passed += bytes.length;
      far.write(bytes);
    });
    far.on('data', (bytes) => near.write(bytes));
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroySoon());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('chunks damaged on the wire are asked for again', async (t) => {
  const { pair, listener, ticket, receive, send } = await scene(t);
  const port = await tamperer(t, listener.port, [200_000, 1_500_000, 1_500_001, 4_900_000]);
  const expected = listener.expect(ticket, receive);
  const sent = await connectChannel({ host: '127.0.0.1', port }, ticket, send);
  const received = await expected;
  assert.equal(received.files[0]?.status, 'copied');
  assert.deepEqual(received.files, sent.files);
  const [a, b] = await Promise.all(
    [pair.source, pair.destination].map((root) => fs.readFile(join(root, 'a'))),
  );
  assert.ok(a !== undefined && b !== undefined && a.equals(b));
});

test('a damaged frame ends the attempt, and TLS lets no damage pass', async (t) => {
  for (const isTls of [false, true]) {
    const { pair, listener, ticket, receive, send } = await scene(t, isTls);
    const port = await tamperer(t, listener.port, isTls ? [600_000] : [250]);
    const expected = assert.rejects(listener.expect(ticket, receive));
    await assert.rejects(connectChannel({ host: '127.0.0.1', port }, ticket, send));
    await expected;
    assert.ok(!(await fs.readdir(pair.destination)).includes('a'));
  }
});
