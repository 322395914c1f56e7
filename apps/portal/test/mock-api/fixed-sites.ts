import type { z } from 'zod';
import {
  collectionSchema,
  type Pool,
  type PoolSettings,
  type Site,
} from '@interpulse/domain/site/site.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { fixedId } from './shot-story.ts';

const limits: PoolSettings = {
  minWarm: 4,
  maxPilots: 16,
  nodesPerPilot: 8,
  walltimeSeconds: 24 * 3600,
  idleSeconds: 3600,
  paused: false,
};

const noCounts = {
  pilotsWaiting: 0,
  pilotsRunning: 0,
  nodes: 0,
  coresBusy: 0,
  coresTotal: 0,
  gpusBusy: 0,
  gpusTotal: 0,
};

function pool(
  name: string,
  part: Partial<Omit<Pool, 'settings' | 'counts'>> & {
    settings?: Partial<PoolSettings>;
    counts?: Partial<Pool['counts']>;
  },
): Pool {
  const { settings, counts, ...rest } = part;
  return {
    name,
    queue: null,
    account: null,
    urgencies: ['normal'],
    preemptable: false,
    coresPerNode: 64,
    gpusPerNode: 0,
    memoryBytesPerNode: 256e9,
    limits,
    reason: null,
    queueWaitSeconds: null,
    ...rest,
    settings: { ...limits, minWarm: 0, maxPilots: 4, walltimeSeconds: 8 * 3600, ...settings },
    counts: { ...noCounts, ...counts },
  };
}

const alphaPools = () => [
  pool('demand', {
    queue: 'realtime',
    account: 'm1234_rt',
    urgencies: ['urgent'],
    reason: '2 pilots are kept warm',
    queueWaitSeconds: 2.4,
    settings: { minWarm: 2, maxPilots: 4, nodesPerPilot: 1, idleSeconds: 300 },
    counts: { pilotsRunning: 2, nodes: 2, coresTotal: 128 },
  }),
  pool('regular', {
    queue: 'workq',
    account: 'm1234',
    urgencies: ['normal'],
    reason: 'as many as are allowed: 1 200 core-hours wait',
    queueWaitSeconds: 1260,
    settings: { maxPilots: 4, nodesPerPilot: 2, walltimeSeconds: 4 * 3600 },
    counts: { pilotsRunning: 3, pilotsWaiting: 1, nodes: 6, coresTotal: 384 },
  }),
  pool('preempt', {
    queue: 'preempt',
    account: 'm1234',
    urgencies: ['backfill'],
    preemptable: true,
    reason: 'nothing of its kind waits',
    queueWaitSeconds: 88,
    settings: { maxPilots: 8, nodesPerPilot: 1 },
  }),
];

const betaPools = () => [
  pool('gpu', {
    queue: 'gpu',
    account: 'phys-7',
    urgencies: ['urgent', 'normal'],
    coresPerNode: 104,
    gpusPerNode: 4,
    memoryBytesPerNode: 512e9,
    reason: '1 pilot has room for all that waits',
    queueWaitSeconds: 310,
    settings: { maxPilots: 12, nodesPerPilot: 1 },
    counts: { pilotsRunning: 1, nodes: 1, coresTotal: 104, gpusTotal: 4 },
  }),
];

const gammaPools = () => [
  pool('batch', {
    queue: 'normal',
    account: 'bl-imaging',
    urgencies: ['normal', 'backfill'],
    coresPerNode: 128,
    memoryBytesPerNode: 0,
    reason: '2 pilots wait in the queue for 40 jobs that are ready',
    queueWaitSeconds: 5400,
    settings: { maxPilots: 6, nodesPerPilot: 1 },
    counts: { pilotsWaiting: 2 },
  }),
];

const idle = { queued: 0, ready: 0, active: 0, pilots: 0, coresBusy: 0, coresTotal: 0 };

const templates: Site['apps'] = { allow: 'templates', digests: [] };

/** What compute sites have in common. */
const computing = {
  status: 'up' as const,
  statusReason: null,
  roles: ['compute', 'storage'] as Site['roles'],
  restingUntil: null,
  allowsCommands: false,
  labels: [],
  apps: templates,
  launcher: null,
  maintenance: [],
};

function computeSites(at: (hours: number) => string): Omit<Site, 'id' | 'agentId' | 'seenAt'>[] {
  return [
    {
      ...computing,
      name: 'alpha',
      title: 'Alpha, the cluster next door',
      labels: ['near', 'x86'],
      coresPerNode: 64,
      batch: 'slurm',
      scratchCollection: 'alpha-scratch',
      collections: ['alpha-scratch', 'alpha-results'],
      launcher: 'srun',
      pools: alphaPools(),
      counts: { ...idle, pilots: 6, coresTotal: 512 },
    },
    {
      ...computing,
      name: 'beta',
      title: 'Beta, the computing centre',
      labels: ['gpu', 'x86'],
      coresPerNode: 104,
      batch: 'pbs',
      scratchCollection: 'beta-scratch',
      collections: ['beta-scratch'],
      allowsCommands: true,
      apps: { allow: 'all', digests: [] },
      launcher: 'mpiexec',
      pools: betaPools(),
      counts: { ...idle, pilots: 1, coresTotal: 104 },
    },
    {
      ...computing,
      name: 'gamma',
      title: 'Gamma, the national machine',
      coresPerNode: 128,
      batch: 'slurm',
      scratchCollection: 'gamma-scratch',
      collections: ['gamma-scratch'],
      apps: { allow: 'listed', digests: [] },
      launcher: 'srun',
      pools: gammaPools(),
      maintenance: [
        {
          id: fixedId('maintenance', 0, 5),
          startsAt: at(9),
          endsAt: at(17),
          reason: 'new firmware of the file system',
        },
      ],
      counts: { ...idle, queued: 12, ready: 40, pilots: 2 },
    },
  ];
}

/** Three compute sites (one of which waits for nodes) and the instrument's own. */
export function makeSites(startMilliseconds: number): Site[] {
  const at = (hours: number) => fromMilliseconds(startMilliseconds + hours * 3_600_000);
  const instrument: Omit<Site, 'id' | 'agentId' | 'seenAt'> = {
    ...computing,
    name: 'xpcs-beamline',
    title: 'XPCS beamline',
    roles: ['instrument', 'storage'],
    coresPerNode: 0,
    batch: null,
    scratchCollection: null,
    collections: ['xpcs-raw', 'xpcs-answers'],
    pools: [],
    counts: idle,
  };
  return [...computeSites(at), instrument].map((site, number) => ({
    ...site,
    id: fixedId('site', startMilliseconds, number + 1),
    agentId: fixedId('agent', startMilliseconds, number + 1),
    seenAt: at(0),
  }));
}

/** Each site's collections. */
export function makeCollections(sites: Site[]): z.output<typeof collectionSchema>[] {
  return sites.flatMap((site) =>
    site.collections.map((name) => ({
      name,
      siteName: site.name,
      agentId: site.agentId ?? fixedId('agent', 0, 0),
      writable: true,
      project: null,
      title: name,
    })),
  );
}
