import { resourcesSchema, type Resources } from '../app/app.ts';
import { poolSettingsSchema, type PoolOffer, type PoolSettings } from '../site/site.ts';
import type { JobsWaiting, PilotSeen, PoolNeeds } from './pilot-needs.ts';

/** What tests say of a pool that differs from a pool of 4-core nodes, one pilot kept warm. */
export interface SampleNeeds {
  pool?: Partial<Omit<PoolOffer, 'settings'>>;
  settings?: Partial<PoolSettings>;
  limits?: Partial<PoolSettings>;
  pilots?: readonly PilotSeen[];
  waiting?: readonly JobsWaiting[];
}

/** The needs of a pool as tests start from. */
export function sampleNeeds(fields: SampleNeeds = {}): PoolNeeds {
  const settings = poolSettingsSchema.parse({ minWarm: 1, maxPilots: 4, ...fields.settings });
  return {
    pool: {
      name: 'default',
      queue: null,
      account: null,
      urgencies: ['urgent', 'normal', 'backfill'],
      preemptable: false,
      coresPerNode: 4,
      gpusPerNode: 0,
      memoryBytesPerNode: 0,
      ...fields.pool,
    },
    settings,
    limits: { ...settings, ...fields.limits },
    pilots: fields.pilots ?? [],
    waiting: fields.waiting ?? [],
  };
}

/** Jobs of one core that wait, as tests start from. */
export function sampleWaiting(
  count: number,
  {
    resources,
    ...fields
  }: Partial<Omit<JobsWaiting, 'resources'>> & {
    resources?: Partial<Resources>;
  } = {},
): JobsWaiting {
  return {
    count,
    urgency: 'normal',
    allocation: null,
    restartable: false,
    ...fields,
    resources: resourcesSchema.parse({ walltimeSeconds: 600, ...resources }),
  };
}

/** A running pilot of one node with nothing to do, as tests start from. */
export function samplePilot(id: string, fields: Partial<PilotSeen> = {}): PilotSeen {
  return {
    id,
    state: 'running',
    nodes: 1,
    busyCores: 0,
    busyGpus: 0,
    busyMemoryBytes: 0,
    idleSinceAt: null,
    endsAt: null,
    ...fields,
  };
}
