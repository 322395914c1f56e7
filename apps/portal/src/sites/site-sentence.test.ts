import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { siteSentence } from './site-sentence.ts';

const now = Date.parse('2026-11-20T10:00:00.000Z');
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();

const pool = (part: Partial<Schemas['Pool']>, running = 0, waiting = 0) =>
  ({
    name: 'demand',
    settings: { paused: false },
    reason: null,
    queueWaitSeconds: null,
    ...part,
    counts: { pilotsRunning: running, pilotsWaiting: waiting },
  }) as Schemas['Pool'];

const site = (part: Partial<Schemas['Site']>, counts: Partial<Schemas['Site']['counts']> = {}) =>
  ({
    status: 'up',
    statusReason: null,
    roles: ['compute'],
    pools: [pool({})],
    maintenance: [],
    restingUntil: null,
    ...part,
    counts: { queued: 0, ready: 0, active: 0, coresBusy: 0, coresTotal: 0, pilots: 0, ...counts },
  }) as Schemas['Site'];

const words = (...[part, counts]: Parameters<typeof site>) =>
  siteSentence(site(part, counts), now)?.words;

test('what keeps all work away is said first', () => {
  assert.equal(
    words({ status: 'closed', statusReason: 'cooling is being repaired' }, { ready: 4 }),
    'Closed: cooling is being repaired. Nothing new is placed here.',
  );
  const window = { id: 'maintenance_1', startsAt: at(-1), endsAt: at(2), reason: 'new switches' };
  assert.match(words({ maintenance: [window] }) ?? '', /^In maintenance until .*: new switches\.$/);
  assert.match(words({ restingUntil: at(0.01) }) ?? '', /elsewhere until/);
  assert.doesNotMatch(words({ restingUntil: at(-1) }) ?? '', /elsewhere/);
  assert.match(words({ pools: [] }) ?? '', /no pool/);
});

test('ready jobs and nothing that runs: what they wait for', () => {
  assert.equal(
    words(
      { pools: [pool({ settings: { paused: true } as Schemas['PoolSettings'] })] },
      { ready: 1 },
    ),
    '1 job is ready: all pools are paused.',
  );
  assert.equal(
    words({ pools: [pool({ queueWaitSeconds: 614 }, 0, 2)] }, { ready: 40 }),
    '40 jobs are ready: 2 pilots wait in the batch queue (10 min 10 s as last seen).',
  );
  assert.equal(
    words({ pools: [pool({ reason: 'at most 0 pilots are allowed' })] }, { ready: 2 }),
    '2 jobs are ready: at most 0 pilots are allowed.',
  );
});

test('work, and idle nodes, are said plainly', () => {
  assert.equal(
    words({}, { active: 3, ready: 9, coresBusy: 48, coresTotal: 128 }),
    '3 jobs run on 48 of 128 cores; 9 jobs ready behind them.',
  );
  assert.equal(words({}, { coresTotal: 128 }), 'Nothing is placed here: 128 warm cores are idle.');
  assert.equal(words({}, { active: 1, coresBusy: 1, coresTotal: 1 }), '1 job runs on 1 of 1 core.');
  assert.equal(words({}, { coresTotal: 1 }), 'Nothing is placed here: 1 warm core is idle.');
  assert.equal(siteSentence(site({ roles: ['storage'] }), now), null);
});
