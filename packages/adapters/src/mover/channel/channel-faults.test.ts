import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ChannelEnd } from '@interpulse/testing/mover/channel-end.ts';
import type { ChannelWord } from '@interpulse/testing/mover/channel-end.ts';
import { makeCollections, planOf } from '@interpulse/testing/mover/mover-contract.ts';
import { watchName } from '@interpulse/testing/mover/name-watcher.ts';
import { removeParts } from '../remove-parts.ts';
import { digestOf, digestText } from '../file-digest.ts';
import { localMover } from '../local-mover.ts';
import type { MovePlan } from '../mover.ts';
import type { ChannelRole } from './ticket.ts';

/** Repeatable: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Attempt {
  listens: ChannelRole;
  roots: Record<ChannelRole, string>;
  plan: MovePlan;
  number: number;
  namespaces: [string | null, string | null];
  host: string;
  /** Called with both ends once they are at work. */
  disturb: (ends: Record<ChannelRole, ChannelEnd>) => Promise<void>;
}

/** One attempt between two processes; says what each end said, null for one that died. */
async function attempt(given: Attempt): Promise<Record<ChannelRole, ChannelWord | null>> {
  const { listens, roots, plan, host } = given;
  const connects = listens === 'send' ? 'receive' : 'send';
  const listener = new ChannelEnd(given.namespaces[0]);
  const connector = new ChannelEnd(given.namespaces[1]);
  try {
    const listening = await listener.order({ kind: 'listen', host, isTls: given.number % 2 === 0 });
    assert.ok(listening?.kind === 'listening', JSON.stringify(listening));
    const { port, fingerprint } = listening;
    const { transferId } = plan;
    const ticket = { transferId, attempt: given.number, secret: 'secret', fingerprint };
    const tasks = {
      send: { role: 'send', root: roots.send, plan } as const,
      receive: { role: 'receive', root: roots.receive, plan } as const,
    };
    const words = Promise.all([
      listener.order({ kind: 'expect', ticket, task: tasks[listens] }),
      connector.order({ kind: 'connect', host, port, ticket, task: tasks[connects] }),
    ]);
    const ends = { [listens]: listener, [connects]: connector } as Record<ChannelRole, ChannelEnd>;
    await given.disturb(ends);
    // A listener whose connector died on the way would wait for it for a minute.
    const impatient = setTimeout(() => void listener.kill().then(() => connector.kill()), 5000);
    const [first, second] = await words;
    clearTimeout(impatient);
    return { [listens]: first, [connects]: second } as Record<ChannelRole, ChannelWord | null>;
  } finally {
    await Promise.all([listener.kill(), connector.kill()]);
  }
}

test('ends killed again and again: the transfer resumes and shows only whole files', async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const random = seeded(seed);
  const pair = await makeCollections(t);
  const content = randomBytes(150_000_000);
  await fs.writeFile(join(pair.source, 'shot.h5'), content);
  await fs.writeFile(join(pair.source, 'small'), 'small');
  const digest = digestText(digestOf(content));
  const watcher = watchName(join(pair.destination, 'shot.h5'), digest);
  const roots = { send: pair.source, receive: pair.destination };
  const plan = planOf(['shot.h5', 'small']);
  let [movedBytes, killed] = [0, 0];
  for (let number = 1; ; number += 1) {
    assert.ok(number < 30, 'too many attempts');
    const victim = random() < 0.5 ? 'send' : 'receive';
    const waitMilliseconds = random() * 400;
    const words = await attempt({
      listens: random() < 0.5 ? 'send' : 'receive',
      roots,
      plan,
      number,
      namespaces: [null, null],
      host: '127.0.0.1',
      disturb: async (ends) => {
        if (number > 6) return;
        await new Promise((resolve) => setTimeout(resolve, waitMilliseconds));
        await ends[victim].kill();
        killed += 1;
      },
    });
    for (const word of Object.values(words)) {
      if (word?.kind === 'failed') assert.equal(word.errorKind, 'unavailable', word.message);
    }
    if (words.receive?.kind !== 'moved') continue;
    const { files } = words.receive.summary;
    assert.deepEqual(
      files.map(({ path, status, xxh3 }) => [path, status, xxh3]),
      [
        ['shot.h5', 'copied', digest],
        ['small', 'copied', digestText(digestOf(Buffer.from('small')))],
      ],
    );
    movedBytes = words.receive.summary.movedBytes;
    if (number > 6) break;
  }
  const seen = await watcher.stop();
  t.diagnostic(`${killed} kills; last attempt moved ${movedBytes}; ${JSON.stringify(seen)}`);
  assert.equal(seen.partialCount, 0);
  assert.ok(seen.seenCount > 0 && seen.lookCount > seen.seenCount);
  assert.ok((await fs.readFile(join(pair.destination, 'shot.h5'))).equals(content));
  assert.deepEqual((await fs.readdir(pair.destination)).sort(), ['shot.h5', 'small']);
});

test('after a kill only what is missing travels', async (t) => {
  const pair = await makeCollections(t);
  const content = randomBytes(60_000_000);
  await fs.writeFile(join(pair.source, 'a'), content);
  const part = join(pair.destination, '.a.transfer_test.part');
  // As a kill leaves it: a good start, a torn chunk, and nothing behind.
  await fs.writeFile(part, Buffer.concat([content.subarray(0, 40_500_000), Buffer.alloc(100_000)]));
  const base = { roots: { send: pair.source, receive: pair.destination }, plan: planOf(['a']) };
  const words = await attempt({
    ...base,
    listens: 'receive',
    number: 2,
    namespaces: [null, null],
    host: '127.0.0.1',
    disturb: () => Promise.resolve(),
  });
  assert.ok(words.receive?.kind === 'moved', JSON.stringify(words));
  const keptBytes = Math.floor(40_500_000 / 2 ** 20) * 2 ** 20;
  assert.equal(words.receive.summary.movedBytes, 60_000_000 - keptBytes);
  assert.ok((await fs.readFile(join(pair.destination, 'a'))).equals(content));
});

test('parts of a transfer that will not go on are removed, and nothing else', async (t) => {
  const { source: root } = await makeCollections(t);
  await fs.mkdir(join(root, 'deep/er'), { recursive: true });
  const gone = ['.a.t1.part', 'deep/.a.t1.part', 'deep/er/.b.t1.part'];
  const kept = ['.a.t2.part', '.keep', 'a', 'deep/er/b.part', 'x.part'];
  for (const name of [...gone, ...kept]) await fs.writeFile(join(root, name), '');
  const item = { sourcePath: 'from/a', recursive: false };
  const items = [
    { ...item, destinationPath: 'a' },
    { ...item, destinationPath: 'deep/' },
    { ...item, destinationPath: 'none/a' },
    { sourcePath: 'from', destinationPath: 'deep', recursive: true },
    { sourcePath: 'from', destinationPath: 'none/', recursive: true },
  ];
  assert.equal(await removeParts(root, { transferId: 't1', items }), 3);
  const left = (await fs.readdir(root, { recursive: true })).sort();
  assert.deepEqual(left, [...kept, 'deep', 'deep/er'].sort());
});

function whyNoRoot(probe: () => void): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  try {
    probe();
    return false;
  } catch (error) {
    return `not allowed here: ${error instanceof Error ? error.message.split('\n')[0] : ''}`;
  }
}

void describe('with the rights of root', () => {
  const noMount = whyNoRoot(() => execFileSync('unshare', ['-m', 'true'], { stdio: 'pipe' }));
  test('a full disk fails the file and leaves its space free', { skip: noMount }, async (t) => {
    const pair = await makeCollections(t);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', pair.destination]);
    using _mounted = {
      [Symbol.dispose]: () => void execFileSync('umount', ['-l', pair.destination]),
    };
    await fs.writeFile(join(pair.source, 'too large'), randomBytes(20_000_000));
    await fs.writeFile(join(pair.source, 'first'), randomBytes(5_000_000));
    await fs.writeFile(join(pair.source, 'second'), randomBytes(5_000_000));
    await fs.writeFile(join(pair.source, 'small'), 'small');
    const overChannel = async (plan: MovePlan): Promise<ChannelWord | null> => {
      const words = await attempt({
        listens: 'receive',
        roots: { send: pair.source, receive: pair.destination },
        plan,
        number: 1,
        namespaces: [null, null],
        host: '127.0.0.1',
        disturb: () => Promise.resolve(),
      });
      return words.receive;
    };
    const fates = async (way: string, names: string[]): Promise<Map<string, string>> => {
      const plan = planOf(names);
      const word = way === 'channel' ? await overChannel(plan) : null;
      if (word !== null) assert.equal(word.kind, 'moved', JSON.stringify(word));
      const { files } =
        word?.kind === 'moved'
          ? word.summary
          : await localMover.move(pair.source, pair.destination, plan, {});
      return new Map(files.map((file) => [file.path, file.errorKind ?? file.status]));
    };
    for (const way of ['channel', 'local']) {
      const fate = await fates(way, ['too large', 'first', 'second']);
      assert.equal(fate.get('too large'), 'exhausted', way);
      // Files travel beside each other: what comes after them has the space that they left.
      assert.equal((await fates(way, ['small'])).get('small'), 'copied', way);
      const two = [fate.get('first'), fate.get('second')];
      assert.ok(two.includes('exhausted'), `${way}: ${two.join()}`);
      const names = await fs.readdir(pair.destination);
      assert.ok(
        names.every((name) => !name.endsWith('.part')),
        names.join(),
      );
      for (const name of names) await fs.rm(join(pair.destination, name));
    }
  });

  const noNetwork = whyNoRoot(() => {
    execFileSync('ip', ['netns', 'add', 'interpulse-probe'], { stdio: 'pipe' });
    execFileSync('ip', ['netns', 'del', 'interpulse-probe'], { stdio: 'pipe' });
  });
  test('two hosts: a cut network is noticed or outlived', { skip: noNetwork }, async (t) => {
    const [a, b] = [`interpulse-a${process.pid}`, `interpulse-b${process.pid}`];
    const [va, vb] = [`ipa${process.pid}`, `ipb${process.pid}`];
    const ip = (...words: string[]): Buffer => execFileSync('ip', words);
    for (const name of [a, b]) {
      ip('netns', 'add', name);
      t.after(() => ip('netns', 'del', name));
    }
    ip('link', 'add', va, 'netns', a, 'type', 'veth', 'peer', 'name', vb, 'netns', b);
    ip('-n', a, 'addr', 'add', '10.77.0.1/24', 'dev', va);
    ip('-n', b, 'addr', 'add', '10.77.0.2/24', 'dev', vb);
    ip('-n', a, 'link', 'set', va, 'up');
    ip('-n', b, 'link', 'set', vb, 'up');
    const pair = await makeCollections(t);
    await fs.writeFile(join(pair.source, 'a'), randomBytes(200_000_000));
    const words = await attempt({
      listens: 'receive',
      roots: { send: pair.source, receive: pair.destination },
      plan: planOf(['a']),
      number: 1,
      namespaces: [a, b],
      host: '10.77.0.1',
      disturb: async () => {
        await new Promise((resolve) => setTimeout(resolve, 150));
        ip('-n', b, 'link', 'set', vb, 'down');
        await new Promise((resolve) => setTimeout(resolve, 700));
        ip('-n', b, 'link', 'set', vb, 'up');
      },
    });
    assert.ok(words.receive?.kind === 'moved', JSON.stringify(words));
    assert.equal(words.receive.summary.files[0]?.status, 'copied');
    const [one, other] = await Promise.all(
      [pair.source, pair.destination].map((root) => fs.readFile(join(root, 'a'))),
    );
    assert.ok(one !== undefined && other !== undefined && one.equals(other));
  });
});
