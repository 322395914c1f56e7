import type { z } from 'zod';
import type { collectionSchema, siteSchema } from '@interpulse/domain/site/site.ts';
import type { pilotSchema } from '@interpulse/domain/pilot/pilot.ts';
import { appSchema } from '@interpulse/domain/app/app.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { fixedId } from './shot-story.ts';

type Site = z.output<typeof siteSchema>;

const pool = {
  minWarm: 1,
  maxPilots: 4,
  nodesPerPilot: 1,
  walltimeSeconds: 8 * 3600,
  idleSeconds: 300,
};

const idle = { queued: 0, ready: 0, active: 0, pilots: 0, coresBusy: 0, coresTotal: 0 };

/** Two compute sites and the instrument's own. */
export function makeSites(startMilliseconds: number): Site[] {
  const base = {
    status: 'up' as const,
    statusReason: null,
    seenAt: fromMilliseconds(startMilliseconds),
    allowsCommands: false,
  };
  const ids = (seed: number) => ({
    id: fixedId('site', startMilliseconds, seed),
    agentId: fixedId('agent', startMilliseconds, seed),
  });
  return [
    {
      ...ids(1),
      ...base,
      name: 'alpha',
      title: 'Alpha, the cluster next door',
      roles: ['compute', 'storage'],
      coresPerNode: 64,
      batch: 'slurm',
      scratchCollection: 'alpha-scratch',
      collections: ['alpha-scratch', 'alpha-results'],
      pool,
      counts: { ...idle, pilots: 2, coresTotal: 128 },
    },
    {
      ...ids(2),
      ...base,
      name: 'beta',
      title: 'Beta, the computing centre',
      roles: ['compute', 'storage'],
      coresPerNode: 104,
      batch: 'pbs',
      scratchCollection: 'beta-scratch',
      collections: ['beta-scratch'],
      allowsCommands: true,
      pool: { ...pool, minWarm: 0, maxPilots: 12 },
      counts: { ...idle, pilots: 1, coresTotal: 104 },
    },
    {
      ...ids(3),
      ...base,
      name: 'xpcs-beamline',
      title: 'XPCS beamline',
      roles: ['instrument', 'storage'],
      coresPerNode: 0,
      batch: null,
      scratchCollection: null,
      collections: ['xpcs-raw', 'xpcs-answers'],
      pool,
      counts: idle,
    },
  ];
}

/** Each site's collections. */
export function makeCollections(sites: Site[]): z.output<typeof collectionSchema>[] {
  return sites.flatMap((site) =>
    site.collections.map((name) => ({
      name,
      siteName: site.name,
      agentId: site.agentId ?? fixedId('agent', 0, 0),
      writable: true,
      title: name,
    })),
  );
}

function blankPilot(site: Site) {
  return {
    siteId: site.id,
    siteName: site.name,
    reason: null,
    host: null,
    startedAt: null,
    endsAt: null,
    cores: site.coresPerNode,
    walltimeSeconds: site.pool.walltimeSeconds,
    idleSinceAt: null,
    endedAt: null,
  };
}

const running = { state: 'running' as const };

/** Pilots: running ones, one that waits in the batch queue, one that ended. */
export function makePilots(sites: Site[], start: number): z.output<typeof pilotSchema>[] {
  const minutes = (count: number) => fromMilliseconds(start + count * 60_000);
  const compute = sites.filter((site) => site.batch !== null);
  return compute.flatMap((site, number) => {
    const base = blankPilot(site);
    const pilot = (seed: number) => fixedId('pilot', start + seed, seed + 100 * number);
    return [
      {
        ...base,
        id: pilot(1),
        state: 'submitted' as const,
        reason: 'waits in the batch queue: Priority',
        batchJobId: '88122',
        createdAt: minutes(-4),
      },
      {
        ...base,
        ...running,
        id: pilot(2),
        batchJobId: '88031',
        host: `${site.name}-node-017`,
        createdAt: minutes(-131),
        startedAt: minutes(-130),
        endsAt: minutes(350),
      },
      {
        ...base,
        ...running,
        id: pilot(3),
        batchJobId: '88040',
        host: `${site.name}-node-023`,
        createdAt: minutes(-61),
        startedAt: minutes(-60),
        endsAt: minutes(420),
        idleSinceAt: minutes(-2),
      },
      {
        ...base,
        id: pilot(4),
        state: 'ended' as const,
        reason: 'left after 300 s without work',
        batchJobId: '87990',
        host: `${site.name}-node-020`,
        createdAt: minutes(-300),
        startedAt: minutes(-299),
        endsAt: minutes(181),
        endedAt: minutes(-90),
      },
    ];
  });
}

/** The apps that the pretend jobs run. */
export const apps = [
  appSchema.parse({
    name: 'xpcs-correlate',
    title: 'XPCS correlation',
    description: 'Multi-tau g2 per ring of momentum transfer, with fits.',
    command: ['interpulse-xpcs', '{frames}', '--out', 'result.h5', ['--bin', '{bin}']],
    inputs: [{ name: 'frames' }],
    outputs: [{ name: 'result', path: 'result.h5' }],
    resources: { cores: 16, walltimeSeconds: 600 },
  }),
  appSchema.parse({
    name: 'tomo-reconstruct',
    title: 'Tomographic reconstruction',
    command: ['interpulse-tomo', '{projections}'],
    inputs: [{ name: 'projections' }],
    resources: { cores: 64, memoryBytes: 64e9, walltimeSeconds: 3600 },
  }),
];
