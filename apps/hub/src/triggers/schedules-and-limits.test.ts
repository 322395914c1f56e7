import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { addSeconds } from '@interpulse/domain/time.ts';
import { setNextDue } from '@interpulse/store/triggers/firings.ts';
import type { Hub } from '../hub.ts';
import { createFireSchedules } from '../reconcilers/fire-schedules.ts';
import { startQueuedFirings } from '../reconcilers/start-queued-firings.ts';
import type { TestHub } from '../testing/start-test-hub.ts';
import { TriggerWorld } from '../testing/trigger-world.ts';
import { until } from '../testing/until.ts';

describe('schedules, limits and webhooks', () => {
  let world: TriggerWorld;
  let hub: TestHub;

  before(async () => {
    world = await TriggerWorld.make();
    ({ hub } = world);
  });
  after(() => world.end());

  /** The same hub with a clock of its own. */
  const hubAt = (now: string): Hub => ({ ...hub.hub, now: () => now });

  describe('schedules', () => {
    const daily = (catchUp: string) => ({
      source: { kind: 'schedule', cron: '0 3 * * *', timeZone: 'UTC', catchUp },
    });
    /** Every hub there is looks at the clock at the same time. */
    const threeHubs = (now: string) =>
      Promise.all([1, 2, 3].map(() => createFireSchedules(hubAt(now))()));

    test('an instant fires once among several hubs, and says when the next is', async () => {
      await world.save('daily', daily('last'));
      await setNextDue(hub.hub.db, 'daily', '2030-05-01T03:00:00.000Z');
      await threeHubs('2030-05-01T02:59:59.999Z');
      assert.deepEqual(await world.outcomes('daily'), []);
      const due = await threeHubs('2030-05-01T03:00:00.004Z');
      assert.ok(due.includes('2030-05-02T03:00:00.000Z'), JSON.stringify(due));
      await threeHubs('2030-05-01T03:00:00.500Z');
      const found = await world.firings('daily');
      assert.deepEqual(
        found.map(({ key, outcome }) => [key, outcome]),
        [['2030-05-01T03:00:00.000Z', 'fired']],
      );
      await hub.send('DELETE', '/triggers/daily');
    });

    test('what was missed fires as catchUp says', async () => {
      const missed = {
        none: ['missed'],
        last: ['missed', 'fired'],
        all: ['fired', 'fired', 'fired'],
      };
      for (const [catchUp, expected] of Object.entries(missed)) {
        await world.save(`missed-${catchUp}`, daily(catchUp));
        await setNextDue(hub.hub.db, `missed-${catchUp}`, '2030-05-01T03:00:00.000Z');
        await threeHubs('2030-05-03T12:00:00.000Z');
        assert.deepEqual(await world.outcomes(`missed-${catchUp}`), expected);
        const { body } = await hub.send('GET', `/triggers/missed-${catchUp}`);
        assert.equal(body['nextDueAt'], '2030-05-04T03:00:00.000Z');
        await hub.send('DELETE', `/triggers/missed-${catchUp}`);
      }
    });

    test('a clock that jumps ahead and comes back loses and doubles nothing', async () => {
      await world.save('jumpy', daily('none'));
      await setNextDue(hub.hub.db, 'jumpy', '2030-05-01T03:00:00.000Z');
      await createFireSchedules(hubAt('2030-05-01T03:00:00.000Z'))();
      await createFireSchedules(hubAt('2040-01-01T00:00:00.000Z'))();
      await createFireSchedules(hubAt('2030-05-01T02:00:00.000Z'))();
      await createFireSchedules(hubAt('2030-05-01T03:00:00.000Z'))();
      await createFireSchedules(hubAt('2030-05-02T03:00:00.000Z'))();
      const fired = (await world.firings('jumpy')).filter(({ outcome }) => outcome === 'fired');
      assert.deepEqual(
        fired.map(({ key }) => key),
        ['2030-05-01T03:00:00.000Z', '2030-05-02T03:00:00.000Z'],
      );
      await hub.send('DELETE', '/triggers/jumpy');
    });

    test('the hub itself fires what is due', async () => {
      const source = { kind: 'schedule', cron: '* * * * * *', timeZone: 'Europe/Berlin' };
      await world.save('seconds', { source });
      await until('an instant', async () => (await world.outcomes('seconds')).includes('fired'));
      await hub.send('DELETE', '/triggers/seconds');
    });
  });

  describe('rate limits', () => {
    const limited = (name: string, beyond: string) =>
      world.save(name, {
        source: { kind: 'file', instrument: 'tokamak', pattern: `/${name}/*` },
        rateLimit: { most: 2, perSeconds: 3600, beyond },
      });
    const burst = async (name: string, most: number): Promise<void> => {
      for (let number = 1; number <= most; number += 1) await world.file(`/${name}/${number}`);
    };
    const later = (hours: number): string => addSeconds(hub.hub.now(), hours * 3601);

    test('beyond it events are dropped and counted', async () => {
      await limited('drop', 'drop');
      await burst('drop', 4);
      await world.file('/drop/3');
      assert.deepEqual(await world.outcomes('drop'), ['fired', 'fired', 'limited', 'limited']);
      assert.match(String((await world.firings('drop'))[2]?.reason), /beyond 2 in 3600 s/);
      const { body } = await hub.send('GET', '/triggers/drop');
      const counts = body['counts'] as Record<string, number>;
      assert.deepEqual([counts['fired'], counts['limited'], counts['repeats']], [2, 2, 1]);
      await hub.send('DELETE', '/triggers/drop');
    });

    test('or wait their turn in order', async () => {
      await limited('line', 'queue');
      await burst('line', 5);
      assert.deepEqual(await world.outcomes('line'), [
        'fired',
        'fired',
        'queued',
        'queued',
        'queued',
      ]);
      const queued = await hub.send('GET', '/triggers/line');
      assert.equal(queued.body['queuedEvents'], 3);
      assert.equal(typeof (await startQueuedFirings(hub.hub)), 'string');
      await startQueuedFirings(hubAt(later(1)));
      const afterAnHour = ['fired', 'fired', 'fired', 'fired', 'queued'];
      assert.deepEqual(await world.outcomes('line'), afterAnHour);
      await Promise.all([1, 2].map(() => startQueuedFirings(hubAt(later(2)))));
      assert.deepEqual(
        await world.outcomes('line'),
        Array.from({ length: 5 }, () => 'fired'),
      );
      const { body } = await hub.send('GET', '/triggers/line');
      assert.equal(body['queuedEvents'], 0);
      await hub.send('DELETE', '/triggers/line');
    });

    test('or only the newest of a burst starts when there is room', async () => {
      await limited('newest', 'latest');
      for (let shotNumber = 901; shotNumber < 906; shotNumber += 1) {
        await world.file(`/newest/${shotNumber}`, { shotNumber });
      }
      const waiting = ['fired', 'fired', 'superseded', 'superseded', 'queued'];
      assert.deepEqual(await world.outcomes('newest'), waiting);
      await startQueuedFirings(hubAt(later(1)));
      assert.deepEqual(await world.outcomes('newest'), waiting.with(4, 'fired'));
      const newest = (await world.runsOf('newest')).at(-1);
      const { body } = await hub.send('GET', '/instruments/tokamak/shots');
      const [shot] = body['items'] as { number: number; flowRunId: string }[];
      assert.deepEqual([shot?.number, shot?.flowRunId], [905, newest?.id]);
      await hub.send('DELETE', '/triggers/newest');
    });

    test('a storm over several connections misses and doubles nothing', async () => {
      await world.save('storm', {
        source: { kind: 'file', instrument: 'tokamak', pattern: '/storm/*' },
        rateLimit: { most: 7, perSeconds: 3600, beyond: 'queue' },
      });
      const names = Array.from({ length: 60 }, (_, number) => `/storm/${number}`);
      await Promise.all([...names, ...names].map((path) => world.file(path)));
      const found = await world.firings('storm');
      assert.equal(found.length, 60);
      assert.ok(found.every(({ repeats }) => repeats === 1));
      assert.equal(found.filter(({ outcome }) => outcome === 'fired').length, 7);
      assert.equal(found.filter(({ outcome }) => outcome === 'queued').length, 53);
      await hub.send('DELETE', '/triggers/storm');
    });
  });

  describe('webhooks', () => {
    const send = async (
      name: string,
      secret: string,
      fields: { id?: string; body?: string; timestamp?: number; signature?: string } = {},
    ): Promise<{ status: number; body: Record<string, unknown> }> => {
      const { id = 'd1', body = '{"sample":"gold"}' } = fields;
      const timestamp = String(fields.timestamp ?? Math.floor(Date.parse(hub.hub.now()) / 1000));
      const signed = createHmac('sha256', secret)
        .update(`${timestamp}.${id}.${body}`)
        .digest('hex');
      const answer = await fetch(`${hub.url}/hooks/${name}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-interpulse-timestamp': timestamp,
          'x-interpulse-delivery': id,
          'x-hub-signature-256': fields.signature ?? `sha256=${signed}`,
        },
        body,
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };

    test('a signed delivery fires once; others are refused and counted', async () => {
      const input = { 'sample.$': '$.body.sample' };
      const saved = await world.save('hook', { source: { kind: 'webhook' }, input });
      const secret = String(saved['secret']);
      assert.equal(
        (await world.save('hook', { source: { kind: 'webhook' }, input }))['secret'],
        null,
      );
      const first = await send('hook', secret);
      assert.deepEqual([first.status, first.body['outcome']], [202, 'fired']);
      const run = await hub.send('GET', `/flow-runs/${String(first.body['flowRunId'])}`);
      assert.deepEqual(run.body['input'], { sample: 'gold' });
      assert.equal((await send('hook', secret)).body['outcome'], 'duplicate');
      assert.equal((await send('hook', secret, { id: 'd2' })).body['outcome'], 'fired');
      const old = Math.floor(Date.parse(hub.hub.now()) / 1000) - 301;
      const refused = [
        await send('hook', 'wrong'),
        await send('hook', secret, { signature: 'sha256=00' }),
        await send('hook', secret, { id: 'd3', timestamp: old }),
        await send('nobody', secret),
        await send('seconds', secret),
      ];
      assert.deepEqual(
        refused.map(({ status }) => status),
        [401, 401, 401, 401, 401],
      );
      assert.equal(new Set(refused.map(({ body }) => JSON.stringify(body))).size, 1);
      const { body } = await hub.send('GET', '/triggers/hook');
      const counts = body['counts'] as Record<string, number>;
      assert.deepEqual([counts['fired'], counts['refused']], [2, 3]);
      assert.doesNotMatch(JSON.stringify(body), new RegExp(secret));
      const big = `"${'x'.repeat(300_000)}"`;
      assert.equal((await send('hook', secret, { id: 'd4', body: big })).status, 413);
      assert.equal((await send('hook', secret, { id: 'd5', body: '{' })).status, 422);
      const again = (await hub.send('GET', '/triggers/hook')).body;
      const [last] = again['lastFirings'] as Record<string, unknown>[];
      assert.deepEqual(
        [last?.['outcome'], last?.['reason']],
        ['refused', 'the body of the delivery is no JSON'],
      );
    });

    test('a secret is rotated, and the one before is good for a while', async () => {
      const rotate = async (graceSeconds: number): Promise<string> => {
        const path = '/triggers/hook/rotate-secret';
        const { body } = await hub.send('POST', path, { graceSeconds });
        return String(body['secret']);
      };
      const first = await rotate(0);
      const second = await rotate(600);
      assert.equal((await send('hook', first, { id: 'r1' })).status, 202);
      assert.equal((await send('hook', second, { id: 'r2' })).status, 202);
      const third = await rotate(0);
      assert.equal((await send('hook', second, { id: 'r3' })).status, 401);
      assert.equal((await send('hook', third, { id: 'r3' })).status, 202);
      await hub.send('DELETE', '/triggers/hook');
    });

    test('what signs the body alone, as GitHub does, is told apart by the body', async () => {
      const saved = await world.save('forge', { source: { kind: 'webhook', signs: 'body' } });
      const post = async (body: string): Promise<unknown> => {
        const signature = createHmac('sha256', String(saved['secret'])).update(body).digest('hex');
        const headers = {
          'content-type': 'application/json',
          'x-hub-signature-256': `sha256=${signature}`,
          'x-github-delivery': String(Math.random()),
        };
        const request = { method: 'POST', headers, body };
        const answer = await fetch(`${hub.url}/hooks/forge`, request);
        return ((await answer.json()) as { outcome: string }).outcome;
      };
      assert.equal(await post('{"n":1}'), 'fired');
      assert.equal(await post('{"n":1}'), 'duplicate');
      assert.equal(await post('{"n":2}'), 'fired');
      await hub.send('DELETE', '/triggers/forge');
    });

    test('Standard Webhooks, with the secret that the sender made', async () => {
      const source = { kind: 'webhook', signs: 'standard' };
      const saved = await world.save('standard', { source });
      assert.match(String(saved['secret']), /^whsec_/);
      const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
      const rotate = async (body: object) =>
        (await hub.send('POST', '/triggers/standard/rotate-secret', body)).status;
      assert.deepEqual([await rotate({ secret: 'short' }), await rotate({ secret })], [422, 200]);
      const post = async (id: string, with_: string): Promise<unknown> => {
        const [stamp, body] = [Math.floor(Date.parse(hub.hub.now()) / 1000), '{"n":1}'];
        const key = Buffer.from(with_.slice('whsec_'.length), 'base64');
        const hmac = createHmac('sha256', key).update(`${id}.${stamp}.${body}`).digest('base64');
        const headers = {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(stamp),
          'webhook-signature': `v1,${hmac}`,
        };
        const request = { method: 'POST', headers, body };
        const answer = await fetch(`${hub.url}/hooks/standard`, request);
        return ((await answer.json()) as { outcome?: string }).outcome ?? answer.status;
      };
      assert.equal(await post('msg_1', secret), 'fired');
      assert.equal(await post('msg_1', secret), 'duplicate');
      assert.equal(await post('msg_2', String(saved['secret'])), 401);
      const again = await world.save('standard', { source });
      assert.equal(again['secret'], null, 'it keeps its secret');
      const changed = await world.save('standard', { source: { kind: 'webhook' } });
      assert.match(String(changed['secret']), /^iphook_/, 'its senders need another form');
      await hub.send('DELETE', '/triggers/standard');
    });
  });
});
