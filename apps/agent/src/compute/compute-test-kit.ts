import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import type {
  BatchJob,
  BatchRequest,
  BatchSystem,
} from '@interpulse/adapters/batch/batch-system.ts';
import type { JobReport, PilotReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import {
  agentToPilotSchema,
  type AgentToPilot,
  type PilotToAgent,
  type Task,
} from '@interpulse/api/agent-messages/pilot-messages.ts';
import type { FromAgent } from '@interpulse/api/agent-messages/session-messages.ts';
import { connectSession } from '@interpulse/api/session/connect-session.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { streamTransport } from '@interpulse/api/session/stream-link.ts';
import type { JobId, PilotId } from '@interpulse/domain/id.ts';
import { atEnd, newId, quietLog, testConfig, testFolder, until } from '../agent-test-kit.ts';
import { Collections } from '../collections/collections.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import { AppGuard } from './app-guard.ts';
import { ComputeRole } from './compute-role.ts';
import { startPilotServer, type PilotServer } from './pilot-server.ts';
import { pilotSubmission } from './pilot-submission.ts';
import { pilotToken } from './pilot-token.ts';
import { readPools } from './pools.ts';
import { unstartedReport } from './unstarted-report.ts';

const secret = 'the secret of the agent';

/** A batch system that does what the test says: nobody's pilots run in it. */
export class ScriptedBatch implements BatchSystem {
  readonly driver = 'slurm';
  readonly spansNodes = true;
  readonly tellsChanges = false;
  readonly requests: BatchRequest[] = [];
  readonly jobs = new Map<PilotId, BatchJob>();
  readonly canceled: PilotId[] = [];
  /** What a submission waits for, or fails with. */
  onSubmit: () => Promise<void> = () => Promise.resolve();
  /** The same for a question. */
  onList: () => Promise<void> = () => Promise.resolve();

  async submit(request: BatchRequest): Promise<string> {
    await this.onSubmit();
    const { pilotId } = request;
    this.requests.push(request);
    const batchJobId = String(this.requests.length);
    const known = { hosts: [], expectedAt: null, restarts: 0, exitCode: null, signal: null };
    const job = { pilotId, batchJobId, state: 'queued', reason: null, ...known } as const;
    this.jobs.set(pilotId, job);
    return batchJobId;
  }

  /** Changes what is known of a batch job. */
  change(pilotId: PilotId, more: Partial<BatchJob>): void {
    const job = this.jobs.get(pilotId);
    if (job === undefined) throw new Error(`${pilotId} was not submitted`);
    this.jobs.set(pilotId, { ...job, ...more });
  }

  async list(): Promise<BatchJob[]> {
    const jobs = [...this.jobs.values()];
    await this.onList();
    return jobs;
  }

  cancel(pilotIds: readonly PilotId[]): Promise<void> {
    this.canceled.push(...pilotIds);
    for (const id of pilotIds) {
      if (this.jobs.has(id)) this.change(id, { state: 'ended', signal: 'SIGTERM' });
    }
    return Promise.resolve();
  }

  forget(pilotIds: readonly PilotId[]): Promise<void> {
    for (const id of pilotIds) this.jobs.delete(id);
    return Promise.resolve();
  }

  onChange(): void {
    // Nobody tells.
  }
}

/** The agent's side of a test: a role, its server, and what the hub was told. */
export interface TestRole {
  folder: string;
  batch: ScriptedBatch;
  role: ComputeRole;
  server: PilotServer;
  told: FromAgent[];
  /** Takes what it is told; a test may make it slow. */
  hub: { take: () => Promise<void> };
  pilots(pilotId: PilotId): PilotReport[];
  jobs(jobId: JobId): JobReport[];
  /** Submits a pilot to a pool, and lets the batch system run it. */
  submit(pool: string): Promise<PilotId>;
}

/** Starts a role with pools `default` and `taken` (whose nodes may be taken). */
export async function startRole(
  t: TestContext,
  compute: Record<string, unknown> = {},
): Promise<TestRole> {
  const folder = testFolder(t);
  const pools = [{ coresPerNode: 4 }, { name: 'taken', coresPerNode: 4, preemptable: true }];
  const more = { scratchCollection: 'scratch', batch: 'slurm', pools, allowsCommands: true };
  const config = testConfig(folder, 'http://127.0.0.1:1', {
    compute: { ...more, ...compute },
  } as Parameters<typeof testConfig>[2]);
  const settings = config.compute as ComputeConfig;
  const collections = new Collections(config.collections);
  const told: FromAgent[] = [];
  const hub = { take: (): Promise<void> => Promise.resolve() };
  const batch = new ScriptedBatch();
  const made: { role: ComputeRole | null } = { role: null };
  const listen = settings.listen ?? { host: '127.0.0.1', port: 0 };
  const server = await startPilotServer(
    { folder, secret, listen },
    {
      onMessage: (id, message) => made.role?.takeFromPilot(id, message) ?? Promise.resolve(),
      onDisconnected: (id) => made.role?.noteDisconnected(id),
    },
    quietLog,
  );
  atEnd(t, () => server.close());
  const known = readPools(settings, { cores: 4, memoryBytes: 2 ** 30 });
  const setting = { config: { ...config, compute: settings }, pools: known, secret };
  const place = { address: server.address, program: { command: ['pilot'], node: 'node' } };
  const role = new ComputeRole({
    batch,
    pools: known,
    collections,
    guard: new AppGuard(settings),
    hub: config.hub,
    server,
    submission: async (order) => pilotSubmission({ ...setting, environment: {} }, place, order),
    tell: (message) => {
      told.push(structuredClone(message));
      return hub.take();
    },
    log: quietLog,
  });
  made.role = role;
  atEnd(t, () => role.close());
  const asked = questions(told);
  return { folder, batch, role, server, told, hub, ...asked, submit: submitting(role, batch) };
}

function questions(told: FromAgent[]): Pick<TestRole, 'pilots' | 'jobs'> {
  const reports = <R>(type: 'pilotReports' | 'jobReports'): R[] =>
    told.flatMap((message) =>
      'type' in message && message.type === type ? (message.reports as unknown as R[]) : [],
    );
  return {
    pilots: (id) => reports<PilotReport>('pilotReports').filter(({ pilotId }) => pilotId === id),
    jobs: (id) => reports<JobReport>('jobReports').filter(({ jobId }) => jobId === id),
  };
}

function submitting(role: ComputeRole, batch: ScriptedBatch): TestRole['submit'] {
  return async (pool) => {
    const pilotId = newId('pilot');
    await role.order({ submit: [{ pilotId, pool, nodes: 1, walltimeSeconds: 600 }], release: [] });
    batch.change(pilotId, { state: 'running', hosts: ['n1'] });
    await role.look();
    return pilotId;
  };
}

/** A pilot's process: it takes tasks and runs none. */
export interface TestPilot {
  session: Session<AgentToPilot, PilotToAgent>;
  tasks: Task[];
  canceled: { jobId: JobId; attempt: number }[];
  returned: { jobId: JobId; attempt: number }[];
  report(task: Pick<Task, 'jobId' | 'attempt'>, event: JobReport['event']): Promise<void>;
}

/** Connects a pilot's process to its agent and waits until that has taken its word. */
export async function startTestPilot(
  t: TestContext,
  { server, pilots }: Pick<TestRole, 'server' | 'pilots'>,
  { pilotId, ...more }: { pilotId: PilotId; pid: number; clockAheadMs?: number },
): Promise<TestPilot> {
  const seen = pilots(pilotId).filter(({ event }) => event === 'running').length;
  const token = pilotToken(secret, pilotId);
  const pilot = connectPilot(server.address, { pilotId, token, ...more });
  atEnd(t, () => pilot.session.close());
  await until('the pilot is told', () => {
    return pilots(pilotId).filter(({ event }) => event === 'running').length > seen;
  });
  return pilot;
}

/** The same without a wait, and with any token. */
export function connectPilot(
  address: string,
  who: { pilotId: PilotId; pid: number; token: string; clockAheadMs?: number },
): TestPilot {
  const { pilotId, pid, token, clockAheadMs = 0 } = who;
  const wallClock = (): number => Date.now() + clockAheadMs;
  const [host = '', port = ''] = address.split(':');
  const tasks: Task[] = [];
  const canceled: TestPilot['canceled'] = [];
  const returned: TestPilot['returned'] = [];
  const node = { host: 'n1', cores: 4, gpus: 0, memoryBytes: 0 };
  const endsAt = new Date(wallClock() + 600_000).toISOString();
  const session = connectSession<AgentToPilot, PilotToAgent>({
    transport: streamTransport({ host, port: Number(port) }),
    identity: pilotId,
    credential: token,
    wallClock,
    random: Math.random,
    parse: (body) => agentToPilotSchema.parse(body),
    onMessage: (message) => {
      if (message.type === 'tasks') tasks.push(...message.tasks);
      if (message.type === 'cancelTasks') canceled.push(...message.tasks);
      if (message.type === 'returnTasks') returned.push(...message.tasks);
      return Promise.resolve();
    },
    onReset: ({ report }) => {
      const state = { pilotId, host: 'n1', pid, nodes: [node], endsAt, tasks: [] };
      return report({ type: 'pilotState', ...state });
    },
    onState: () => undefined,
    onError: () => undefined,
  });
  const report: TestPilot['report'] = ({ jobId, attempt }, event) =>
    session.send({
      type: 'jobReports',
      reports: [testReport({ jobId, attempt, pilotId, event })],
    });
  return { session, tasks, canceled, returned, report };
}

/** A report with nothing in it. */
export function testReport(
  more: Pick<JobReport, 'jobId' | 'attempt' | 'pilotId' | 'event'> & Partial<JobReport>,
): JobReport {
  return { ...unstartedReport(more.pilotId, more, 'failed', null), host: 'n1', ...more };
}

/** An agent's secret that is not the one of `startRole`. */
export function wrongToken(pilotId: PilotId): string {
  return pilotToken(randomBytes(8).toString('hex'), pilotId);
}
