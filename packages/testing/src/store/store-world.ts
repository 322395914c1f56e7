import type {
  AgentState,
  JobReport,
  PilotReport,
} from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { resourcesSchema, retryRuleSchema } from '@interpulse/domain/app/app.ts';
import {
  makeId,
  type Id,
  type IdPrefix,
  type PilotId,
  type SiteId,
} from '@interpulse/domain/id.ts';
import type { JobState } from '@interpulse/domain/job/job-state.ts';
import {
  appPolicySchema,
  poolSettingsSchema,
  type PoolOffer,
} from '@interpulse/domain/site/site.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { bindAgentToSite } from '@interpulse/store/access/secrets.ts';
import type { Database } from '@interpulse/store/database.ts';
import { insertJobs, type NewJob, type NewJobsOrigin } from '@interpulse/store/jobs/insert-jobs.ts';
import { keepSpecs, type JobSpec } from '@interpulse/store/jobs/job-specs.ts';
import { leaseReadyJobs, type LeasedJob } from '@interpulse/store/jobs/lease-jobs.ts';
import { lockQueuedJobs, markPlaced } from '@interpulse/store/jobs/place-jobs.ts';
import { findJob } from '@interpulse/store/jobs/read-jobs.ts';
import { applyAttemptWords, type ReportedJob } from '@interpulse/store/jobs/report-jobs.ts';
import { insertWantedPilots, type WantedPilot } from '@interpulse/store/pilots/pilots.ts';
import { applyPilotReports } from '@interpulse/store/pilots/report-pilots.ts';
import { saveAgentState } from '@interpulse/store/sites/save-agent-state.ts';

let made = 0;

/** An id that no other has; later ones sort after earlier ones. */
export function newTestId<P extends IdPrefix>(prefix: P): Id<P> {
  made += 1;
  return makeId(prefix, made, new Uint8Array(10));
}

/** The instant so many seconds into the test's day. */
export function at(seconds: number): string {
  return addSeconds('2026-11-21T12:00:00.000Z', seconds);
}

/** A pool of nodes with four cores for everything, each with what differs. */
export function poolOffer(fields: Partial<PoolOffer> = {}): PoolOffer {
  return {
    name: 'default',
    queue: null,
    account: null,
    urgencies: ['urgent', 'normal', 'backfill'],
    preemptable: false,
    coresPerNode: 4,
    gpusPerNode: 0,
    memoryBytesPerNode: 0,
    settings: poolSettingsSchema.parse({}),
    ...fields,
  };
}

/** A site with a compute role and a collection `NAME-scratch`. */
export async function addSite(
  db: Database,
  name: string,
  state: Partial<AgentState> = {},
): Promise<SiteId> {
  const id = newTestId('site');
  const site = { id, name, agentId: newTestId('agent') };
  const scratchCollection = `${name}-scratch`;
  const about: AgentState = {
    type: 'agentState',
    version: '0',
    host: 'host',
    pid: 1,
    compute: {
      batch: 'local',
      scratchCollection,
      allowsCommands: true,
      apps: appPolicySchema.parse({}),
      labels: [],
      launcher: null,
      pools: [poolOffer()],
    },
    collections: [{ name: scratchCollection, title: '', writable: true }],
    channel: null,
    instruments: [],
    pilots: [],
    tasks: [],
    transfers: [],
    ...state,
  };
  const instruments = new Map(
    about.instruments.map((instrument) => [instrument.name, newTestId('instrument')]),
  );
  await db.transaction(async (tx) => {
    await bindAgentToSite(tx, { ...site, createdAt: at(0) });
    await saveAgentState(tx, id, about, at(0), instruments);
  });
  return id;
}

/** A running pilot of a site: one node of so many cores. */
export async function addPilot(
  db: Database,
  siteId: string,
  cores: number,
  fields: Partial<WantedPilot> = {},
  running: Partial<PilotReport> = {},
): Promise<PilotId> {
  const id = newTestId('pilot');
  const wanted = { ...wantedPilot(id), ...fields };
  await insertWantedPilots(db, siteId, [wanted], at(0));
  const nodes = [{ host: 'n1', cores, gpus: 0, memoryBytes: 0 }];
  await applyPilotReports(db, siteId, [pilotReport(id, 'running', 0, { nodes, ...running })]);
  return id;
}

/** A pilot is gone, as its agent says it. */
export async function endPilot(db: Database, siteId: string, pilotId: PilotId): Promise<void> {
  await applyPilotReports(db, siteId, [pilotReport(pilotId, 'lost', 30)]);
}

/** A pilot of the pool `default` to be written. */
export function wantedPilot(id: PilotId): WantedPilot {
  return {
    id,
    reason: 'for the test',
    pool: 'default',
    urgencies: ['urgent', 'normal', 'backfill'],
    account: null,
    nodes: 1,
    walltimeSeconds: 3600,
  };
}

/** What an agent says of a pilot; a running one ends after its hour. */
export function pilotReport(
  pilotId: PilotId,
  event: PilotReport['event'],
  seconds: number,
  fields: Partial<PilotReport> = {},
): PilotReport {
  return {
    pilotId,
    event,
    at: at(seconds),
    batchJobId: '1',
    host: event === 'running' ? 'n1' : null,
    nodes: [],
    expectedAt: null,
    endsAt: event === 'running' ? at(seconds + 3600) : null,
    reason: null,
    ...fields,
  };
}

/** What differs of a test's job from a plain one: its own fields, those of its spec and origin. */
export interface TestJob extends Partial<NewJob>, Partial<NewJobsOrigin> {
  spec?: Partial<JobSpec>;
}

const plainSpec: JobSpec = {
  appVersion: '',
  code: null,
  codeSeen: null,
  appSites: null,
  siteWish: 'any',
  outputRules: [],
  environment: {},
  resources: resourcesSchema.parse({ walltimeSeconds: 600 }),
  onError: retryRuleSchema.parse({}),
  onTimeout: retryRuleSchema.parse({}),
  onParentFailure: 'fail',
  placement: null,
  allocation: null,
  restartable: false,
  mayUseHub: false,
};

/** Writes queued jobs (waiting ones where they have parents), each with what differs. */
export async function addJobs(db: Database, ...fields: TestJob[]): Promise<NewJob[]> {
  return db.transaction(async (tx) => {
    const jobs: NewJob[] = [];
    for (const [place, { spec: differing, ...field }] of fields.entries()) {
      const spec = { ...plainSpec, ...differing };
      const [specId = 0] = await keepSpecs(db, [spec]);
      const { project = 'demo', ownerId = 'user_1', flowRunId = null, flowStep = null } = field;
      const { createdByJobId = null, ensembleId = null, privatePaths = [] } = field;
      const job: NewJob = {
        id: newTestId('job'),
        app: null,
        command: field.app == null ? ['true'] : null,
        specId,
        cores: spec.resources.cores * spec.resources.nodes,
        mayUseHub: spec.mayUseHub,
        label: '',
        parameters: {},
        inputs: {},
        urgency: 'normal',
        priority: 0,
        deadlineAt: null,
        returnTo: null,
        tags: {},
        parents: [],
        ...field,
      };
      const made = { createdByJobId, ensembleId, privatePaths };
      const origin = { project, ownerId, flowRunId, flowStep, ...made };
      await insertJobs(tx, [job], origin, at(0), { places: [place] });
      jobs.push(job);
    }
    return jobs;
  });
}

/** Places everything that is queued at one site; answers how many. */
export async function placeAt(db: Database, siteId: SiteId, staging = false): Promise<number> {
  return db.transaction(async (tx) => {
    const jobs = await lockQueuedJobs(tx, 1000, at(1));
    const placed = jobs.map((job) => ({
      job,
      placement: {
        jobId: job.id,
        siteId,
        estimate: null,
        reason: 'for the test',
        waitsForLimit: false,
        considered: [],
      },
      staging,
      stagedInputs: {},
    }));
    await markPlaced(tx, placed, at(1));
    return jobs.length;
  });
}

/** Leases at a site in a transaction of its own. */
export async function leaseAt(db: Database, siteId: string): Promise<LeasedJob[]> {
  const how = { wait: true };
  const came = await db.transaction((tx) => leaseReadyJobs(tx, siteId, at(2), how));
  return came?.leased ?? [];
}

/** A job's state. */
export async function stateOf(db: Database, jobId: string): Promise<JobState | undefined> {
  return (await findJob(db, jobId))?.state;
}

/** A report of a leased attempt. */
export function reportOf(
  lease: Pick<LeasedJob, 'jobId' | 'attempt' | 'pilotId'>,
  event: JobReport['event'],
  fields: Partial<JobReport> = {},
): JobReport {
  const { jobId, attempt, pilotId } = lease;
  const ended = event !== 'started';
  return {
    jobId,
    attempt,
    pilotId,
    event,
    at: at(ended ? 20 : 10),
    startedAt: null,
    host: 'n1',
    hosts: ['n1'],
    user: 'operator',
    pid: 7,
    argv: ended ? [] : ['true'],
    appDigest: null,
    versions: { interpulse: '0' },
    exitCode: ended ? 0 : null,
    signal: null,
    reason: null,
    usage: ended ? { wallSeconds: 10, cpuSeconds: null, peakMemoryBytes: null } : null,
    outputs: [],
    preview: null,
    stderrTail: null,
    ...fields,
  };
}

/** Applies reports as they are: none is tried again, and no two are of one job. */
export async function applyReports(
  db: Database,
  siteId: string,
  ...reports: JobReport[]
): Promise<ReportedJob[]> {
  const words = reports.map((report) => ({ ...report, retry: null }));
  return applyAttemptWords(db, siteId, words);
}
