import { execFileSync } from 'node:child_process';
import { once as nextEvent } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { localMover } from '@interpulse/adapters/mover/local-mover.ts';
import type { MovePlan } from '@interpulse/adapters/mover/mover.ts';
import { ChannelEnd } from '@interpulse/testing/mover/channel-end.ts';

/**
 * Our movers against `cp` of the same file in the same run. Rounds alternate between the movers and
 * the best of each counts, since other work on the machine can only slow one down.
 *
 *     npm run bench:transfers -- [--quick]
 */
const quick = process.argv.includes('--quick');
const bigBytes = quick ? 256 * 2 ** 20 : 2 * 2 ** 30;
const rounds = quick ? 4 : 6;
const smallCount = quick ? 2_000 : 10_000;

type Way = 'cp' | 'local' | 'listener receives' | 'listener sends' | 'TLS';
const ways: Way[] = ['cp', 'local', 'listener receives', 'listener sends', 'TLS'];

/** Two processes with a channel between them, kept for all rounds as agents would be. */
class Agents {
  readonly #connector = new ChannelEnd();
  readonly #clear = new ChannelEnd();
  readonly #tls = new ChannelEnd();
  readonly #known = new Map<ChannelEnd, { port: number; fingerprint: string | null }>();
  #attempt = 0;

  async start(): Promise<void> {
    for (const [end, isTls] of [[this.#clear, false] as const, [this.#tls, true] as const]) {
      const word = await end.order({ kind: 'listen', host: '127.0.0.1', isTls });
      if (word?.kind !== 'listening') throw new Error(`no listener: ${JSON.stringify(word)}`);
      this.#known.set(end, word);
    }
  }

  async move(way: Way, roots: Roots, plan: MovePlan): Promise<void> {
    const listener = way === 'TLS' ? this.#tls : this.#clear;
    const { port = 0, fingerprint = null } = this.#known.get(listener) ?? {};
    this.#attempt += 1;
    const ticket = {
      transferId: plan.transferId,
      attempt: this.#attempt,
      secret: 'bench',
      fingerprint,
    };
    const receive = { role: 'receive', root: roots.destination, plan } as const;
    const send = { role: 'send', root: roots.source, plan } as const;
    const [here, there] = way === 'listener sends' ? [send, receive] : [receive, send];
    const host = '127.0.0.1';
    const words = await Promise.all([
      listener.order({ kind: 'expect', ticket, task: here }),
      this.#connector.order({ kind: 'connect', host, port, ticket, task: there }),
    ]);
    for (const word of words) {
      if (word?.kind !== 'moved') throw new Error(`${way}: ${JSON.stringify(word)}`);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#connector.kill(), this.#clear.kill(), this.#tls.kill()]);
  }
}

interface Roots {
  source: string;
  destination: string;
}

async function makeRoots(parent: string): Promise<Roots> {
  const root = await fs.mkdtemp(join(parent, 'interpulse-bench-'));
  const roots = { source: join(root, 'source'), destination: join(root, 'destination') };
  await fs.mkdir(roots.source);
  await fs.mkdir(roots.destination);
  return roots;
}

async function fill(path: string, sizeBytes: number): Promise<void> {
  const block = Buffer.alloc(2 ** 20, 'pulse ');
  const file = createWriteStream(path);
  for (let left = sizeBytes; left > 0; left -= block.length) {
    block.writeUInt32LE(left >>> 8, 0);
    if (!file.write(block.subarray(0, Math.min(left, block.length)))) {
      await nextEvent(file, 'drain');
    }
  }
  file.end();
  await finished(file);
}

/** Seconds of one move of `name`, with an empty destination before it. */
async function once(
  agents: Agents,
  way: Way,
  roots: Roots,
  name: string,
  durable: boolean,
): Promise<number> {
  await fs.rm(roots.destination, { recursive: true });
  await fs.mkdir(roots.destination);
  const items = [{ sourcePath: name, destinationPath: name, recursive: true }];
  const plan = { transferId: 'transfer_bench', items, skipUnchanged: false, durable };
  const started = performance.now();
  if (way === 'cp') {
    const target = join(roots.destination, name);
    execFileSync('cp', ['-r', join(roots.source, name), target]);
    if (durable) execFileSync('sync', ['-f', target]);
  } else if (way === 'local') {
    await localMover.move(roots.source, roots.destination, plan, {});
  } else {
    await agents.move(way, roots, plan);
  }
  return (performance.now() - started) / 1000;
}

/** Best seconds by way, the ways taking turns. */
async function race(
  agents: Agents,
  roots: Roots,
  name: string,
  given: { durable: boolean; rounds: number; ways: Way[] },
): Promise<Record<string, number[]>> {
  const seconds: Record<string, number[]> = {};
  for (let round = 0; round < given.rounds; round += 1) {
    for (const way of given.ways) {
      const took = await once(agents, way, roots, name, given.durable);
      (seconds[way] ??= []).push(took);
    }
  }
  for (const list of Object.values(seconds)) list.sort((a, b) => a - b);
  return seconds;
}

const figures: Record<string, number | null> = {};

function report(
  where: string,
  amount: number,
  unit: string,
  seconds: Record<string, number[]>,
): void {
  const cp = seconds['cp']?.[0] ?? Number.NaN;
  for (const [way, list] of Object.entries(seconds)) {
    const best = list[0] ?? Number.NaN;
    const median = list[Math.floor(list.length / 2)] ?? Number.NaN;
    const line = [
      where.padEnd(28),
      way.padEnd(18),
      `${(amount / best).toFixed(2)} ${unit}`.padStart(16),
      `${(cp / best).toFixed(2)} x cp`.padStart(12),
      `median ${(median * 1000).toFixed(1)} ms`.padStart(20),
    ];
    process.stdout.write(`${line.join(' ')}\n`);
  }
}

function ratio(seconds: Record<string, number[]>, way: Way): number | null {
  const [cp, ours] = [seconds['cp']?.[0], seconds[way]?.[0]];
  return cp === undefined || ours === undefined ? null : Number((cp / ours).toFixed(3));
}

async function benchPlace(agents: Agents, place: string, parent: string): Promise<void> {
  const roots = await makeRoots(parent);
  const suffix = place === 'memory' ? '' : `_${place}`;
  try {
    await fill(join(roots.source, 'big'), bigBytes);
    const given = { durable: false, rounds, ways };
    const big = await race(agents, roots, 'big', given);
    report(`one large file, ${place}`, bigBytes / 1e9, 'GB/s', big);
    figures[`channel_over_cp${suffix}`] = ratio(big, 'listener sends');
    figures[`channel_listener_receives_over_cp${suffix}`] = ratio(big, 'listener receives');
    figures[`tls_over_cp${suffix}`] = ratio(big, 'TLS');
    figures[`local_over_cp${suffix}`] = ratio(big, 'local');
    await fs.rm(join(roots.source, 'big'));

    await fill(join(roots.source, 'eight'), 8e6);
    for (const durable of [false, true]) {
      const many = { durable, rounds: quick ? 10 : 40, ways: ways.filter((w) => w !== 'local') };
      const eight = await race(agents, roots, 'eight', many);
      const name = durable ? 'durable_' : '';
      report(`8 MB ${durable ? 'durable' : ''}, ${place}`, 8e6 / 1e9, 'GB/s', eight);
      const list = eight['listener sends'] ?? [];
      const median = list[Math.floor(list.length / 2)];
      figures[`eight_megabyte_${name}ms${suffix}`] = Number(((median ?? 0) * 1000).toFixed(2));
    }

    await fs.mkdir(join(roots.source, 'many'));
    for (let at = 0; at < smallCount; at += 1) {
      await fs.writeFile(join(roots.source, `many/${at}`), Buffer.alloc(1000, at));
    }
    const few = { durable: false, rounds: 2, ways: ['cp', 'local', 'listener sends'] as Way[] };
    const many = await race(agents, roots, 'many', few);
    report(`${smallCount} x 1 kB, ${place}`, smallCount, 'files/s', many);
    const best = many['listener sends']?.[0] ?? Number.NaN;
    figures[`small_files_per_s${suffix}`] = Math.round(smallCount / best);
  } finally {
    await fs.rm(join(roots.source, '..'), { recursive: true, force: true });
  }
}

const agents = new Agents();
const [load = 0] = loadavg();
process.stdout.write(`${availableParallelism()} cores, load ${load.toFixed(1)}\n`);
try {
  await agents.start();
  if (existsSync('/dev/shm')) await benchPlace(agents, 'memory', '/dev/shm');
  await benchPlace(agents, 'disk', tmpdir());
} finally {
  await agents.stop();
}
process.stdout.write(`${JSON.stringify({ bench: 'transfers', quick, load, ...figures })}\n`);
