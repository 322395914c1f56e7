import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeFrame } from './decode-frame.ts';
import { encodeFrame } from './encode-frame.ts';
import { makeParcel } from './make-parcel.ts';
import type { Lane } from './outbox.ts';
import { type Delivery, SessionCore } from './session-core.ts';
import { sessionLimits } from './session-limits.ts';

const limits = {
  ...sessionLimits,
  windowMessages: 8,
  windowBytes: 2_400,
  messageBytes: 1_000,
  queuedMessages: 40,
  queuedBytes: 20_000,
  batchMessages: 3,
  batchBytes: 900,
};

type Side = 'client' | 'server';

interface Body {
  from: Side;
  lane: Lane;
  number: number;
}

/** Two cores, the wires between them, and handlers that finish when told. */
class World {
  readonly cores = { client: makeCore('client'), server: makeCore('server') };
  /** Bytes under way to each side. */
  wires: Record<Side, Uint8Array[]> = { client: [], server: [] };
  lastData: Record<Side, Uint8Array | null> = { client: null, server: null };
  running: Record<Side, Delivery[]> = { client: [], server: [] };
  /** What began and what finished at each side; survives a restart, as a database would. */
  readonly begun: Record<Side, Body[]> = { client: [], server: [] };
  readonly finished: Record<Side, Body[]> = { client: [], server: [] };
  readonly sent: Record<Side, Body[]> = { client: [], server: [] };
  readonly settled: Record<Side, Body[]> = { client: [], server: [] };
  readonly failures: string[] = [];
  greeted = false;
  greetings = 0;
  clientResets = 0;
  restarts = 0;
  now = 0;

  send(side: Side, lane: Lane, padding: number): void {
    const body: Body = { from: side, lane, number: this.sent[side].length };
    const parcel = makeParcel(
      { ...body, padding: 'x'.repeat(padding) },
      { attachment: undefined, lane, requestId: null, answerTo: null },
      limits.messageBytes,
    );
    if (this.cores[side].outbox.add(parcel)) this.sent[side].push(body);
    this.flush(side);
  }

  connect(): void {
    if (this.cores.client.phase !== 'down') return;
    this.cut();
    this.cores.client.open(this.now);
    this.flush('client');
  }

  cut(): void {
    this.greeted = false;
    this.wires = { client: [], server: [] };
    this.lastData = { client: null, server: null };
    this.cores.client.close();
    this.cores.server.close();
  }

  restartServer(): void {
    this.cut();
    this.restarts += 1;
    this.cores.server = makeCore('server');
    this.running.server = [];
  }

  /** Lets the next frame arrive at `side`. */
  arrive(side: Side): boolean {
    const bytes = this.wires[side].shift();
    if (bytes === undefined) return false;
    const frame = decodeFrame(bytes);
    if (frame.type === 'hello') {
      this.greeted = true;
      this.cores.server.greet(frame, `incarnation-${(this.greetings += 1)}`, this.now);
    } else {
      if (frame.type === 'data' && frame.items.length > 0) this.lastData[side] = bytes;
      this.cores[side].receive(frame, this.now);
    }
    this.pump(side);
    return true;
  }

  /** The last data frame arrives a second time. */
  repeat(side: Side): void {
    const bytes = this.lastData[side];
    if (bytes === null) return;
    this.cores[side].receive(decodeFrame(bytes), this.now);
    this.pump(side);
  }

  finish(side: Side, index: number): boolean {
    const running = this.running[side];
    const [delivery] = running.splice(index % Math.max(1, running.length), 1);
    if (delivery === undefined) return false;
    this.finished[side].push(toBody(delivery));
    this.cores[side].complete(delivery.incarnation, delivery.seq, null);
    this.pump(side);
    return true;
  }

  /** Connects and lets everything arrive and finish. */
  settle(): void {
    for (let round = 0; round < 10_000; round += 1) {
      this.connect();
      const moved = [
        this.arrive('server'),
        this.arrive('client'),
        this.finish('server', 0),
        this.finish('client', 0),
      ];
      if (!moved.includes(true)) return;
    }
    assert.fail('the session never came to rest');
  }

  pump(side: Side): void {
    for (const effect of this.cores[side].takeEffects()) {
      if (effect.kind === 'deliver') {
        this.begun[side].push(toBody(effect.delivery));
        this.running[side].push(effect.delivery);
      } else if (effect.kind === 'settled') {
        this.noteSettled(side, effect.parcel.json);
      } else if (effect.kind === 'reset') {
        // What runs goes on, and finishes when its incarnation is over.
        if (side === 'client') this.clientResets += 1;
        this.cores[side].outbox.release();
      } else if (effect.kind === 'fail') {
        this.failures.push(`${side}: ${effect.code} ${effect.reason}`);
      }
    }
    this.flush(side);
    this.checkBounds();
  }

  noteSettled(side: Side, json: Uint8Array): void {
    const { from, lane, number } = JSON.parse(Buffer.from(json).toString()) as Body;
    const receiver = side === 'client' ? 'server' : 'client';
    const handled = this.finished[receiver].some(
      (body) => body.lane === lane && body.number === number,
    );
    assert.ok(handled, `${lane} message ${number} was acknowledged, but not handled`);
    this.settled[side].push({ from, lane, number });
  }

  flush(side: Side): void {
    const core = this.cores[side];
    if (core.phase === 'down' || (side === 'server' && !this.greeted)) return;
    const other = side === 'client' ? 'server' : 'client';
    for (const frame of core.takeFrames()) this.wires[other].push(encodeFrame(frame));
  }

  checkBounds(): void {
    for (const core of Object.values(this.cores)) {
      assert.ok(core.openArrivals <= limits.windowMessages, 'more arrivals than granted');
      assert.ok(core.outbox.unacknowledged <= limits.windowMessages, 'credit overdrawn');
      assert.ok(core.outbox.heldMessages <= limits.queuedMessages, 'queue beyond its bound');
    }
    assert.deepEqual(this.failures, []);
  }
}

function makeCore(role: Side): SessionCore {
  const claim = { nonce: role, startedAt: '2026-01-01T00:00:00Z' };
  return new SessionCore({ role, identity: 'agent_1', claim, credential: null, limits });
}

function toBody(delivery: Delivery): Body {
  const { from, lane, number } = delivery.body as Body;
  return { from, lane, number };
}

function inLane(bodies: Body[], lane: Lane): number[] {
  return bodies.filter((body) => body.lane === lane).map((body) => body.number);
}

const side = fc.constantFrom<Side>('client', 'server');
const step = (restarts: boolean): fc.Arbitrary<(world: World) => void> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(side, fc.constantFrom<Lane>('control', 'bulk'), fc.nat(800)).map(
        ([who, lane, padding]) =>
          (world: World) =>
            world.send(who, lane, padding),
      ),
    },
    { weight: 8, arbitrary: side.map((who) => (world: World) => void world.arrive(who)) },
    {
      weight: 5,
      arbitrary: fc.tuple(side, fc.nat(10)).map(
        ([who, index]) =>
          (world: World) =>
            void world.finish(who, index),
      ),
    },
    { weight: 2, arbitrary: side.map((who) => (world: World) => world.repeat(who)) },
    { weight: 1, arbitrary: fc.constant((world: World) => world.cut()) },
    { weight: 3, arbitrary: fc.constant((world: World) => world.connect()) },
    ...(restarts
      ? [{ weight: 1, arbitrary: fc.constant((world: World) => world.restartServer()) }]
      : []),
  );

describe('session core', () => {
  it('handles every message exactly once and in order, whatever is cut or repeated', () => {
    fc.assert(
      fc.property(fc.array(step(false), { maxLength: 200, size: 'max' }), (steps) => {
        const world = new World();
        for (const act of steps) act(world);
        world.settle();
        assert.ok(world.clientResets <= 1, 'nothing restarted, so one incarnation at most');
        for (const [from, to] of [
          ['client', 'server'],
          ['server', 'client'],
        ] as const) {
          for (const lane of ['control', 'bulk'] as const) {
            assert.deepEqual(inLane(world.begun[to], lane), inLane(world.sent[from], lane));
          }
          assert.equal(world.finished[to].length, world.sent[from].length);
          assert.equal(world.settled[from].length, world.sent[from].length);
          assert.equal(world.cores[from].outbox.heldMessages, 0);
        }
      }),
      { numRuns: 800 },
    );
  });

  it('handles every message of the client at least once when the server restarts', () => {
    fc.assert(
      fc.property(fc.array(step(true), { maxLength: 200, size: 'max' }), (steps) => {
        const world = new World();
        for (const act of steps) act(world);
        world.settle();
        const finished = new Set(world.finished.server.map((body) => body.number));
        for (const body of world.sent.client) assert.ok(finished.has(body.number));
        assert.equal(world.settled.client.length, world.sent.client.length);
        assert.equal(world.cores.client.outbox.heldMessages, 0);
        if (world.restarts > 0) return;
        assert.equal(world.finished.server.length, world.sent.client.length);
      }),
      { numRuns: 800 },
    );
  });

  it('acknowledges only what was handled, and all of it up to there', () => {
    const world = new World();
    for (let n = 0; n < 4; n += 1) world.send('client', 'control', 10);
    world.connect();
    while (world.arrive('server') || world.arrive('client'));
    assert.equal(world.settled.client.length, 0);
    world.finish('server', 1);
    world.arrive('client');
    assert.equal(world.settled.client.length, 0, 'message 1 is not handled yet');
    world.finish('server', 0);
    world.arrive('client');
    assert.deepEqual(inLane(world.settled.client, 'control'), [0, 1]);
  });

  it('tells of a refusal again when the frame that told of it was cut off', () => {
    const world = new World();
    world.send('client', 'control', 10);
    world.connect();
    while (world.arrive('server') || world.arrive('client'));
    const [delivery] = world.running.server;
    assert.ok(delivery !== undefined);
    const refusal = { seq: delivery.seq, kind: 'conflict' as const, message: 'Too late.' };
    world.cores.server.complete(delivery.incarnation, delivery.seq, refusal);
    world.pump('server');
    world.cut();
    world.connect();
    world.arrive('server');
    const welcome = decodeFrame(world.wires.client[0] ?? new Uint8Array());
    assert.ok(welcome.type === 'welcome');
    assert.deepEqual(welcome.ack, { through: 1, refusals: [refusal] });
  });

  it('lets control messages overtake bulk ones, which never fill the window', () => {
    const world = new World();
    world.connect();
    while (world.arrive('server') || world.arrive('client'));
    for (let n = 0; n < 20; n += 1) world.send('client', 'bulk', 10);
    world.send('client', 'control', 10);
    while (world.arrive('server'));
    assert.deepEqual(inLane(world.begun.server, 'control'), [20]);
    assert.equal(inLane(world.begun.server, 'bulk').length, limits.windowMessages * 0.75);
  });

  it('sends everything queued in one turn in one frame', () => {
    const world = new World();
    world.connect();
    while (world.arrive('server') || world.arrive('client'));
    const parts = { attachment: undefined, lane: 'control', requestId: null, answerTo: null };
    for (let n = 0; n < 3; n += 1) {
      world.cores.client.outbox.add(makeParcel(n, { ...parts, lane: 'control' }, 1_000));
    }
    assert.equal(world.cores.client.takeFrames().length, 1);
  });

  it('beats when idle, and only then declares silence after three missed beats', () => {
    const world = new World();
    world.connect();
    while (world.arrive('server') || world.arrive('client'));
    const { client, server } = world.cores;
    for (world.now = 0; world.now < 100_000; world.now += 500) {
      for (const who of ['client', 'server'] as const) {
        world.cores[who].tick(world.now);
        world.pump(who);
        while (world.arrive('server') || world.arrive('client'));
      }
    }
    assert.equal(client.phase, 'up');
    assert.equal(server.phase, 'up');
    const last = world.now;
    let silentAt = 0;
    for (; silentAt === 0; world.now += 100) {
      server.tick(world.now);
      if (server.takeEffects().some((effect) => effect.kind === 'fail')) silentAt = world.now;
    }
    const missedMs = limits.heartbeatMs * limits.missedHeartbeats;
    assert.ok(silentAt - last <= missedMs + 600 && silentAt - last >= missedMs - 5_000);
  });

  it('does not take its own sleep for the silence of the peer', () => {
    const world = new World();
    world.connect();
    while (world.arrive('server') || world.arrive('client'));
    const { server } = world.cores;
    world.now = 120_000;
    server.tick(world.now);
    server.receive({ type: 'beat' }, world.now + 1);
    server.tick(world.now + 600);
    assert.equal(server.phase, 'up');
  });
});

describe('rubbish at the session core', () => {
  const up = (): World => {
    const world = new World();
    world.connect();
    while (world.arrive('server') || world.arrive('client'));
    return world;
  };
  const item = { json: Buffer.from('1'), attachment: null, requestId: null, answerTo: null };
  const failure = (world: World): string | undefined => {
    for (const effect of world.cores.server.takeEffects()) {
      if (effect.kind === 'fail') return effect.code;
    }
    return undefined;
  };

  it('closes with sequence after a gap', () => {
    const world = up();
    world.cores.server.receive({ type: 'data', first: 5, ack: null, items: [item] }, 0);
    assert.equal(failure(world), 'sequence');
    assert.equal(world.cores.server.phase, 'down');
    assert.equal(world.cores.server.sessionId, null, 'the next connection begins anew');
  });

  it('closes with acknowledgement when more is acknowledged than was sent', () => {
    const world = up();
    const ack = { through: 9, refusals: [] };
    world.cores.server.receive({ type: 'data', first: 0, ack, items: [] }, 0);
    assert.equal(failure(world), 'acknowledgement');
  });

  it('closes with credit when the window is overdrawn, in messages or in bytes', () => {
    for (const size of [1, 1_000]) {
      const world = up();
      const items = Array.from({ length: 9 }, () => ({ ...item, json: Buffer.alloc(size, '1') }));
      world.cores.server.receive({ type: 'data', first: 1, ack: null, items }, 0);
      assert.equal(failure(world), 'credit');
    }
  });

  it('closes with badFrame when a message is not JSON', () => {
    const world = up();
    const items = [{ ...item, json: Buffer.from('{') }];
    world.cores.server.receive({ type: 'data', first: 1, ack: null, items }, 0);
    assert.equal(failure(world), 'badFrame');
  });

  it('closes with unexpected when a second hello comes, and with version for a stranger', () => {
    const world = up();
    world.cores.client.close();
    world.cores.client.open(0);
    const [hello] = world.cores.client.takeFrames();
    assert.ok(hello?.type === 'hello');
    world.cores.server.receive(hello, 0);
    assert.equal(failure(world), 'unexpected');
    world.cores.server.greet({ ...hello, versions: [7] }, 'x', 0);
    assert.equal(failure(world), 'version');
  });

  it('closes with credit when the window offered could never hold a message', () => {
    const world = new World();
    world.cores.client.open(0);
    const [hello] = world.cores.client.takeFrames();
    assert.ok(hello?.type === 'hello');
    world.cores.server.greet({ ...hello, window: { messages: 1, bytes: 10 } }, 'x', 0);
    assert.equal(failure(world), 'credit');
  });
});
