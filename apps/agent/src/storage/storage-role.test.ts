import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { startAgent } from '../agent.ts';
import {
  atEnd,
  FakeHub,
  newId,
  quietLog,
  testConfig,
  testFolder,
  testIdentity,
  until,
} from '../agent-test-kit.ts';
import type { AgentConfigInput } from '../config/agent-config.ts';
import { judgeMove } from './judge-move.ts';

/** An agent with one collection of the folder's name. */
async function startEnd(
  t: TestContext,
  hub: FakeHub,
  base: string,
  channel: AgentConfigInput['channel'],
) {
  mkdirSync(base, { recursive: true });
  const name = basename(base);
  const root = join(base, 'data');
  const more = { compute: null, channel, collections: [{ name, root }] };
  const identity = testIdentity(name);
  const agent = await startAgent(testConfig(base, hub.url, more), identity, quietLog);
  atEnd(t, () => agent.close({ endPilots: false }));
  return { root, agent, session: await hub.session(identity) };
}

/** Two agents of which the right one listens at `peer`. */
async function startEnds(t: TestContext) {
  const folder = testFolder(t);
  const hub = await FakeHub.start(t);
  const left = await startEnd(t, hub, join(folder, 'left'), null);
  const right = await startEnd(t, hub, join(folder, 'right'), { host: '127.0.0.1' });
  const peer = await until('the channel is told', () =>
    hub
      .all('agentState')
      .map(({ channel }) => channel)
      .find((each) => each !== null),
  );
  return { hub, left, right, peer };
}

describe('two agents', () => {
  it('move files from one to the other, and the receiver says how it ended', async (t) => {
    const { hub, left, right, peer } = await startEnds(t);
    mkdirSync(join(left.root, 'run7'));
    writeFileSync(join(left.root, 'run7', 'a.h5'), 'x'.repeat(3_000_000));
    writeFileSync(join(left.root, 'run7', 'b.h5'), 'small');
    const order = (source: string) => ({
      transferId: newId('transfer'),
      attempt: 1,
      items: [{ source, destination: 'right:/in/', recursive: true }],
      secret: 'sixteen bytes or more',
      durable: true,
    });
    const tell = async (each: ReturnType<typeof order>): Promise<void> => {
      const orders = [{ ...each, role: 'receive' as const, peer: null }];
      await right.session.send({ type: 'transferOrders', orders });
      // An order that comes twice is one.
      await right.session.send({ type: 'transferOrders', orders });
      const sends = [{ ...each, role: 'send' as const, peer }];
      await left.session.send({ type: 'transferOrders', orders: sends });
    };
    const endOf = (transferId: string) =>
      until('the transfer ends', () =>
        hub
          .all('transferReports')
          .flatMap(({ reports }) => reports)
          .find((each) => each.transferId === transferId && each.event !== 'progress'),
      );
    const good = order('left:/run7/');
    await tell(good);
    const end = await endOf(good.transferId);
    assert.equal(end.event, 'succeeded', end.reason ?? '');
    assert.deepEqual(
      end.files.map(({ path, source, sizeBytes }) => [path, source, sizeBytes]),
      [
        ['/in/a.h5', 'left:/run7/a.h5', 3_000_000],
        ['/in/b.h5', 'left:/run7/b.h5', 5],
      ],
    );
    assert.equal(readFileSync(join(right.root, 'in', 'b.h5'), 'utf8'), 'small');
    const bad = order('left:/none');
    await tell(bad);
    const failed = await endOf(bad.transferId);
    assert.equal(failed.event, 'failed');
    assert.equal(failed.retryable, false);
    assert.match(failed.reason ?? '', /not there/);
    const all = hub.all('transferReports').flatMap(({ reports }) => reports);
    assert.equal(all.filter(({ event }) => event !== 'progress').length, 2);
  });
});

describe('a transfer that is canceled', () => {
  it('leaves no part of a file behind', async (t) => {
    const { left, right, peer } = await startEnds(t);
    // Larger than what can travel before the cancel comes.
    closeSync(openSync(join(left.root, 'a.h5'), 'w'));
    truncateSync(join(left.root, 'a.h5'), 4 * 2 ** 30);
    const order = {
      ...{ transferId: newId('transfer'), attempt: 1, secret: 'sixteen bytes or more' },
      ...{ items: [{ source: 'left:/a.h5', destination: 'right:/in/', recursive: false }] },
      durable: false,
    };
    const receive = { ...order, role: 'receive' as const, peer: null };
    await right.session.send({ type: 'transferOrders', orders: [receive] });
    const send = { ...order, role: 'send' as const, peer };
    await left.session.send({ type: 'transferOrders', orders: [send] });
    const arrived = () =>
      existsSync(join(right.root, 'in')) ? readdirSync(join(right.root, 'in')) : [];
    await until('a part arrives', () => arrived().find((name) => name.endsWith('.part')));
    const { transferId } = order;
    for (const { session } of [right, left]) {
      await session.send({ type: 'cancelTransfers', transferIds: [transferId] });
    }
    await until('the part is gone', () => arrived().length === 0 || undefined);
  });
});

describe('a transfer that is canceled while the agent is down', () => {
  it('is known to the next agent, which removes the part', async (t) => {
    const { hub, left, right, peer } = await startEnds(t);
    const base = dirname(right.root);
    closeSync(openSync(join(left.root, 'a.h5'), 'w'));
    truncateSync(join(left.root, 'a.h5'), 4 * 2 ** 30);
    const transferId = newId('transfer');
    const order = {
      ...{ transferId, attempt: 1, secret: 'sixteen bytes or more', durable: false },
      items: [{ source: 'left:/a.h5', destination: 'right:/in/', recursive: false }],
    };
    const receive = { ...order, role: 'receive' as const, peer: null };
    await right.session.send({ type: 'transferOrders', orders: [receive] });
    const send = { ...order, role: 'send' as const, peer };
    await left.session.send({ type: 'transferOrders', orders: [send] });
    const arrived = () =>
      existsSync(join(right.root, 'in')) ? readdirSync(join(right.root, 'in')) : [];
    await until('a part arrives', () => arrived().find((name) => name.endsWith('.part')));
    await right.agent.close({ endPilots: false });
    assert.equal(arrived().length, 1, 'a later attempt could go on with it');
    const next = await startEnd(t, hub, base, { host: '127.0.0.1' });
    await until('its state', () =>
      hub.all('agentState').find(({ transfers }) => transfers[0]?.transferId === transferId),
    );
    await next.session.send({ type: 'cancelTransfers', transferIds: [transferId] });
    await until('the part is gone', () => arrived().length === 0 || undefined);
    const kept = join(base, 'state', 'transfers');
    await until('nothing is kept', () => readdirSync(kept).length === 0 || undefined);
  });
});

describe('the verdict on a move', () => {
  const items = [{ source: 'a:/x', destination: 'b:/y', recursive: true }];
  const file = { path: 'y/1', sizeBytes: 1, xxh3: '00', status: 'copied' as const };
  const failed = { ...file, path: 'y/2', status: 'failed' as const, reason: 'because' };

  it('fails with the first file that failed, and tells those first', () => {
    const verdict = judgeMove([file, { ...failed, errorKind: 'unavailable' }], items);
    assert.equal(verdict.event, 'failed');
    assert.equal(verdict.reason, 'because');
    assert.deepEqual(
      verdict.files.map(({ path }) => path),
      ['/y/2', '/y/1'],
    );
    assert.equal(verdict.files[1]?.source, 'a:/x/1');
  });

  it('is worth another attempt only when every fault may pass', () => {
    const passing = { ...failed, errorKind: 'exhausted' as const };
    const lasting = { ...failed, errorKind: 'notFound' as const };
    assert.equal(judgeMove([file, passing], items).retryable, true);
    assert.equal(judgeMove([passing, lasting], items).retryable, false);
    assert.equal(judgeMove([file], items).event, 'succeeded');
  });
});
