import { resourcesSchema, type Resources } from '../app/app.ts';
import type { JobToPlace, PoolSeen, SiteSnapshot } from './snapshot.ts';

/** A pool as tests start from: one running pilot of 8 free cores. */
export function samplePool(fields: Partial<PoolSeen> = {}): PoolSeen {
  return {
    name: 'default',
    urgencies: ['urgent', 'normal', 'backfill'],
    account: null,
    paused: false,
    maxPilots: 1,
    maxNodes: 1,
    walltimeSeconds: 8 * 3600,
    coresPerNode: 8,
    gpusPerNode: 0,
    memoryBytesPerNode: 0,
    coresTotal: 8,
    coresBusy: 0,
    pilotStartSeconds: 5,
    ...fields,
  };
}

/** A site as tests start from: open, idle, with one pool. */
export function sampleSite(fields: Partial<SiteSnapshot> & { id: string }): SiteSnapshot {
  return {
    name: fields.id,
    labels: [],
    status: 'up',
    statusReason: null,
    hasCompute: true,
    allowsCommands: true,
    apps: { allow: 'templates', digests: [] },
    launcher: 'srun',
    pools: [samplePool()],
    maintenance: [],
    collections: [`${fields.id}-scratch`],
    backlogJobs: 0,
    backlogCores: { urgent: 0, normal: 0, backfill: 0 },
    backlogCoreSeconds: { urgent: 0, normal: 0, backfill: 0 },
    backlogDue: [],
    runSeconds: {},
    outputBytes: {},
    bytesPerSecond: {},
    returnBytesPerSecond: {},
    brokenReason: null,
    ...fields,
  };
}

/** A job as tests start from: one core of an app that any site may run, at the earliest finish. */
export function sampleJob(
  fields: Partial<Omit<JobToPlace, 'resources'>> & { resources?: Partial<Resources> } = {},
): JobToPlace {
  const { resources, ...rest } = fields;
  return {
    id: 'job',
    app: 'fit',
    code: { '*': { digest: `sha256:${'0'.repeat(64)}`, shellText: false } },
    appSites: null,
    project: 'demo',
    site: 'any',
    urgency: 'normal',
    allocation: null,
    restartable: false,
    strategy: 'earliestFinish',
    deadlineAt: null,
    inputBytes: {},
    returnCollection: null,
    ...rest,
    resources: resourcesSchema.parse(resources ?? {}),
  };
}
