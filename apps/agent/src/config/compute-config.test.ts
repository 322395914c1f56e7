import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAgentConfig } from './read-agent-config.ts';
import type { ComputeConfig } from './compute-config.ts';
import { launcherOf, nextMaintenanceAt, readPools } from '../compute/pools.ts';

const machine = { cores: 6, memoryBytes: 1000 };

function parse(compute: Record<string, unknown>): ComputeConfig {
  const collections = [{ name: 'scratch', root: '/scratch' }];
  const config = { hub: 'http://hub', folder: 'state', collections };
  const full = { ...config, compute: { scratchCollection: 'scratch', ...compute } };
  const parsed = parseAgentConfig(full, '/base').compute;
  assert.ok(parsed);
  return parsed;
}

test('a small configuration has one pool that takes everything', () => {
  const config = parse({});
  const [pool] = readPools(config, machine).values();
  assert.deepEqual(pool?.offer, {
    name: 'default',
    queue: null,
    account: null,
    urgencies: ['urgent', 'normal', 'backfill'],
    preemptable: false,
    coresPerNode: 6,
    gpusPerNode: 0,
    memoryBytesPerNode: 1000,
    settings: {
      minWarm: 1,
      maxPilots: 1,
      nodesPerPilot: 1,
      walltimeSeconds: 28_800,
      idleSeconds: 300,
      paused: false,
    },
  });
  assert.equal(launcherOf(config), null);
  assert.deepEqual(config.apps, { allow: 'templates', digests: [] });
});

test('pools of a cluster have their own nodes and classes of work', () => {
  const config = parse({
    batch: 'slurm',
    cores: 32,
    scheduler: { commandFolder: 'bin', environment: { SLURM_CONF: '/etc/slurm.conf' } },
    pools: [
      { name: 'demand', queue: 'demand', urgencies: ['urgent'] },
      { name: 'free', preemptable: true, coresPerNode: 64, gpusPerNode: 4 },
    ],
  });
  const pools = readPools(config, machine);
  assert.deepEqual(pools.get('demand')?.offer.urgencies, ['urgent']);
  assert.equal(pools.get('demand')?.offer.coresPerNode, 32);
  assert.equal(pools.get('demand')?.offer.memoryBytesPerNode, 0);
  assert.deepEqual(pools.get('free')?.offer.urgencies, ['backfill']);
  assert.equal(pools.get('free')?.offer.gpusPerNode, 4);
  assert.equal(launcherOf(config), 'srun');
  assert.equal(launcherOf(parse({ batch: 'pbs', cores: 1, launcher: null })), null);
  assert.equal(config.scheduler.commandFolder, '/base/bin');
});

test('each fault is told with its path', () => {
  const pools = (...list: unknown[]) => ({ batch: 'slurm', cores: 2, pools: list });
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ batch: 'lsf' }, /compute\.batch: /],
    [{ pool: [] }, /compute: Unrecognized key: "pool"/],
    [pools({ que: 'x' }), /compute\.pools\.0: Unrecognized key: "que"/],
    [pools({ name: 'a' }, { name: 'a' }), /compute\.pools\.1\.name: two pools are called "a"/],
    [pools({ queue: 'x\n#SBATCH --uid=0' }), /compute\.pools\.0\.queue: one line/],
    [pools({ account: '--uid=0' }), /compute\.pools\.0\.account: one line that does not begin/],
    [pools({ directives: ['a\nb'] }), /compute\.pools\.0\.directives\.0: one line/],
    [pools({ urgencies: ['soon'] }), /compute\.pools\.0\.urgencies\.0: /],
    [pools({ settings: { minWarm: 3 } }), /compute\.pools\.0\.settings\.minWarm: more pilots kept/],
    [{ batch: 'slurm' }, /compute\.pools\.0\.coresPerNode: say how many cores .* sinfo/],
    [{ batch: 'pbs' }, /compute\.pools\.0\.coresPerNode: say how many cores .* pbsnodes/],
    [{ pools: [{ queue: 'x' }] }, /compute\.pools\.0\.queue: batch "local" has none/],
    [
      { pools: [{ settings: { nodesPerPilot: 2 } }] },
      /settings\.nodesPerPilot: with batch "local"/,
    ],
    [{ apps: { digests: ['abc'] } }, /compute\.apps\.digests\.0: /],
    [{ labels: ['A B'] }, /compute\.labels\.0: /],
    [{ maintenance: [{ startsAt: 'soon', endsAt: 'later' }] }, /compute\.maintenance\.0\.startsAt/],
    [{ scratchCollection: 'none' }, /compute\.scratchCollection: there is no collection "none"/],
  ];
  for (const [compute, message] of cases) assert.throws(() => parse(compute), message);
});

test('the next maintenance counts, not one that has begun', () => {
  const at = (hour: number) => `2026-11-21T${String(hour).padStart(2, '0')}:00:00.000Z`;
  const config = parse({
    maintenance: [
      { startsAt: at(20), endsAt: at(21) },
      { startsAt: at(12), endsAt: at(18) },
      { startsAt: at(16), endsAt: at(17) },
    ],
  });
  assert.equal(nextMaintenanceAt(config, Date.parse(at(14))), at(16));
  assert.equal(nextMaintenanceAt(config, Date.parse(at(17))), at(20));
  assert.equal(nextMaintenanceAt(config, Date.parse(at(22))), null);
});

test('instants of a maintenance are written as people write them', () => {
  const maintenance = [{ startsAt: '2026-11-21T14:00:00Z', endsAt: '2026-11-21T17:30:00+02:00' }];
  assert.deepEqual(parse({ maintenance }).maintenance, [
    { startsAt: '2026-11-21T14:00:00.000Z', endsAt: '2026-11-21T15:30:00.000Z' },
  ]);
  const local = { startsAt: '2026-11-21T14:00:00', endsAt: '2026-11-21T15:00:00Z' };
  assert.throws(
    () => parse({ maintenance: [local] }),
    /0\.startsAt: write an instant with its zone/,
  );
});
