import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { randomFromSeed } from '@interpulse/testing/facility/random-from-seed.ts';
import { startBareHub, type BareHub } from './start-bare-hub.ts';

const seed = Number(process.env['INTERPULSE_SEED'] ?? Date.now() % 1_000_000);
const deliveries = Number(process.env['INTERPULSE_DELIVERIES'] ?? 2000);
/** Senders that send at once, each its next when the last was answered. */
const senders = 24;
const largestBytes = 256 * 1024;
/** What the hub may take beyond what it took before: bodies of 50 MB pass through it. */
const mostGrownBytes = 300 * 1024 ** 2;
const pass = { StartAt: 'Done', States: { Done: { Type: 'Pass', End: true } } };

/** A delivery, and what the hub must say to it. */
interface Delivery {
  id: string;
  body: string;
  secret: string;
  ageSeconds: number;
  /** What is signed instead of the body. */
  signedBody?: string;
  expected: 'taken' | 401 | 413 | 422;
}

/** Resident memory of a process, in bytes. */
function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

describe(`a flood of webhooks (INTERPULSE_SEED=${seed})`, () => {
  let hub: BareHub;
  let secret = '';

  before(async () => {
    hub = await startBareHub();
    await hub.saveFlows({ pass });
    const body = { source: { kind: 'webhook' as const }, flowName: 'pass', project: 'demo' };
    const params = { path: { trigger: 'hook' } };
    const put = hub.facility.client.PUT('/api/v1/triggers/{trigger}', { params, body });
    secret = (await unwrap(put)).secret ?? '';
  });
  after(() => hub?.end());

  /** Good ones, some of them twice or three times, and bad ones of every kind, mixed. */
  const draw = (): Delivery[] => {
    const random = randomFromSeed(seed);
    const all: Delivery[] = [];
    for (let number = 0; all.length < deliveries; number += 1) {
      const good = {
        id: `d${number}`,
        body: JSON.stringify({ number, filler: 'x'.repeat(random() * 5000) }),
        secret,
        ageSeconds: random() * 200 - 100,
        expected: 'taken' as const,
      };
      const kind = Math.floor(random() * 10);
      if (kind < 5) all.push(good);
      else if (kind === 5) all.push(...Array.from({ length: 2 + random() * 2 }, () => good));
      else if (kind === 6) all.push({ ...good, secret: 'guessed', expected: 401 });
      else if (kind === 7) all.push({ ...good, signedBody: '{"number":-1}', expected: 401 });
      else if (kind === 8) all.push({ ...good, ageSeconds: 3600 * random() + 310, expected: 401 });
      else if (random() < 0.5) all.push({ ...good, body: '{"number":', expected: 422 });
      else all.push({ ...good, body: JSON.stringify('x'.repeat(largestBytes)), expected: 413 });
    }
    // Those that are alike must not stand side by side only.
    const keyed = all.map((delivery) => ({ delivery, key: random() }));
    return keyed.toSorted((a, b) => a.key - b.key).map(({ delivery }) => delivery);
  };

  const send = async (delivery: Delivery): Promise<{ status: number; outcome?: string }> => {
    const { id, body, signedBody = body } = delivery;
    const timestamp = Math.floor(Date.now() / 1000 - delivery.ageSeconds);
    const signed = createHmac('sha256', delivery.secret);
    const signature = signed.update(`${timestamp}.${id}.${signedBody}`).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-interpulse-timestamp': String(timestamp),
      'x-interpulse-delivery': id,
      'x-hub-signature-256': `sha256=${signature}`,
    };
    const url = `${hub.facility.url}/hooks/hook`;
    const answer = await fetch(url, { method: 'POST', headers, body });
    const said = (await answer.json()) as { outcome?: string };
    return { status: answer.status, ...said };
  };

  it(`${deliveries} deliveries: each good one starts one flow run, no other does`, async () => {
    const all = draw();
    const pid = hub.facility.children.get('hub')?.pid ?? 0;
    for (const delivery of all.slice(0, 50)) await send(delivery);
    const beforeBytes = residentBytes(pid);
    let mostBytes = beforeBytes;
    const healthMs: number[] = [];
    const left = all.toReversed();
    const wrong: string[] = [];
    const work = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const { status, outcome } = await send(next);
        const isTaken = status === 202 && (outcome === 'fired' || outcome === 'duplicate');
        const isRight = next.expected === 'taken' ? isTaken : status === next.expected;
        if (!isRight) wrong.push(`${next.id}: ${status} ${outcome}, not ${next.expected}`);
      }
    };
    const look = async (): Promise<void> => {
      while (left.length > 0) {
        healthMs.push(await hub.healthMilliseconds());
        mostBytes = Math.max(mostBytes, residentBytes(pid));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await Promise.all([look(), ...Array.from({ length: senders }, work)]);
    assert.deepEqual(wrong, []);

    const params = { path: { trigger: 'hook' } };
    const { client } = hub.facility;
    const { counts } = await unwrap(client.GET('/api/v1/triggers/{trigger}', { params }));
    const taken = all.filter(({ expected }) => expected === 'taken');
    const unlike = new Set(taken.map(({ id }) => id)).size;
    const sent = [...all, ...all.slice(0, 50)];
    const count = (...wanted: Delivery['expected'][]): number =>
      sent.filter(({ expected }) => wanted.includes(expected)).length;
    assert.equal(counts.fired, unlike);
    assert.equal(counts.repeats, count('taken') - unlike);
    // What is signed and cannot be read is told to who looks at the trigger; what is too large is
    // not looked at.
    assert.equal(counts.refused, count(401, 422));
    const query = { flow: 'pass' };
    const runs = await unwrap(client.GET('/api/v1/flow-runs/counts', { params: { query } }));
    assert.deepEqual(runs.byStatus, { SUCCEEDED: unlike });

    const slowest = Math.max(...healthMs);
    const grown = mostBytes - beforeBytes;
    console.log(
      `${unlike} flow runs of ${all.length} deliveries; the hub answered ${healthMs.length} ` +
        `questions for its health, the slowest in ${slowest.toFixed(0)} ms; ` +
        `it grew by ${(grown / 1024 ** 2).toFixed(0)} MB`,
    );
    assert.ok(slowest < 5000, `the hub took ${slowest} ms to say that it is well`);
    assert.ok(grown < mostGrownBytes, `the hub grew by ${grown} bytes`);
  });
});
