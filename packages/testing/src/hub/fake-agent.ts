import type {
  AgentState,
  JobReport,
  PilotReport,
  TransferReport,
} from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type {
  HubToAgent,
  Lease,
  TransferOrder,
} from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import {
  readFromHub,
  type FromAgent,
  type FromHub,
} from '@interpulse/api/agent-messages/session-messages.ts';
import { connectSession } from '@interpulse/api/session/connect-session.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { webSocketTransport } from '@interpulse/api/session/websocket-link.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';

/** A message of one type from the hub. */
export type Told<T extends HubToAgent['type']> = HubToAgent & { type: T };

/** Who the double is, and what it says of itself. */
export interface FakeAgentOptions {
  /** The hub's address, `http://…`. */
  url: string;
  agentId: string;
  secret: string;
  /** What differs from an agent with nothing. */
  state: Partial<AgentState>;
  /** Submits and starts pilots at once when they are ordered; with this many cores each. */
  pilotCores?: number;
  /** Its clock is so far ahead, in milliseconds; behind when negative. */
  clockAheadMs?: number;
  /** Answers questions of people who look. */
  answer?: (question: Question) => MaybePromise<{ message: Answer; attachment?: Uint8Array }>;
  /** Hears every message as it comes; then none is kept in the inbox. */
  hears?: (message: HubToAgent) => void;
}

type MaybePromise<T> = T | Promise<T>;

interface Waiter {
  matches: (message: HubToAgent) => boolean;
  resolve: (message: HubToAgent) => void;
}

/**
 * A double of an agent: speaks the real session over a real WebSocket. It remembers what it was
 * told (leases, orders) as its state, and reports only what the test tells it to.
 */
export class FakeAgent {
  /** Everything that the hub told it, in order; `next` takes from it. */
  readonly inbox: HubToAgent[] = [];
  readonly pilots = new Map<PilotId, PilotReport>();
  readonly leases = new Map<string, Lease & { pilotId: PilotId }>();
  readonly orders = new Map<string, TransferOrder>();
  session: Session<FromHub, FromAgent>;
  readonly #options: FakeAgentOptions;
  readonly #waiters: Waiter[] = [];
  #ready = Promise.withResolvers<void>();

  constructor(options: FakeAgentOptions) {
    this.#options = options;
    this.session = this.#connect();
  }

  /** Settles when the hub has taken its state. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** A process that starts anew with what it remembers; the session begins a new incarnation. */
  async restart(): Promise<void> {
    this.#ready = Promise.withResolvers<void>();
    this.session = this.#connect();
    await this.ready();
  }

  /** Is gone, with its memory kept for a restart. */
  vanish(): void {
    this.session.close();
  }

  /** The next message of a type that fits; waits for it. */
  async next<T extends HubToAgent['type']>(
    type: T,
    fits: (message: Told<T>) => boolean = () => true,
  ): Promise<Told<T>> {
    const matches = (message: HubToAgent): boolean =>
      message.type === type && fits(message as Told<T>);
    const index = this.inbox.findIndex(matches);
    if (index >= 0) return this.inbox.splice(index, 1)[0] as Told<T>;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        matches,
        resolve: (message) => {
          clearTimeout(timer);
          resolve(message as Told<T>);
        },
      };
      const timer = setTimeout(() => {
        // What comes later is for who asks later.
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new Error(`the hub said nothing of type ${type} within 10 s`));
      }, 10_000);
      this.#waiters.push(waiter);
    });
  }

  /** The next lease of one job (of any, when none is named). */
  async nextLease(jobId?: string): Promise<Lease & { pilotId: PilotId }> {
    const wanted = (lease: Lease): boolean => jobId === undefined || lease.jobId === jobId;
    const told = await this.next('leases', ({ jobs }) => jobs.some(wanted));
    const lease = told.jobs.find(wanted);
    if (!lease) throw new Error('a message of leases without the lease');
    const others = told.jobs.filter((job) => job !== lease);
    if (others.length > 0) this.inbox.unshift({ ...told, jobs: others });
    return { ...lease, pilotId: told.pilotId };
  }

  /** The next order of a transfer. */
  async nextOrder(fits: (order: TransferOrder) => boolean = () => true): Promise<TransferOrder> {
    const told = await this.next('transferOrders', ({ orders }) => orders.some(fits));
    const order = told.orders.find(fits);
    if (!order) throw new Error('a message of orders without the order');
    const others = told.orders.filter((each) => each !== order);
    if (others.length > 0) this.inbox.unshift({ ...told, orders: others });
    return order;
  }

  /** Says something; settles when the hub has committed it. */
  say(message: FromAgent): Promise<void> {
    return this.session.send(message);
  }

  /** Says that pilots are in a state. */
  sayPilots(event: PilotReport['event'], ids: readonly PilotId[], cores = 4): Promise<void> {
    const runs = event === 'running';
    const reports = ids.map((pilotId): PilotReport => ({
      pilotId,
      event,
      at: this.#now(),
      batchJobId: `batch ${pilotId.slice(-4)}`,
      host: runs ? 'node-1' : null,
      nodes: runs ? [{ host: 'node-1', cores, gpus: 0, memoryBytes: 0 }] : [],
      expectedAt: null,
      endsAt: runs ? fromMilliseconds(this.#nowMs() + 36_000_000) : null,
      reason: runs || event === 'submitted' ? null : `${event} by the test`,
    }));
    for (const report of reports) {
      const { pilotId } = report;
      if (event === 'ended' || event === 'lost') this.pilots.delete(pilotId);
      else if (event === 'preempted') this.pilots.set(pilotId, { ...report, event: 'submitted' });
      else this.pilots.set(pilotId, report);
    }
    return this.say({ type: 'pilotReports', reports });
  }

  /** A report of a leased attempt, with what differs from a plain one. */
  report(
    lease: Lease & { pilotId: PilotId },
    event: JobReport['event'],
    fields: Partial<JobReport> = {},
  ): JobReport {
    const ended = event !== 'started';
    return {
      jobId: lease.jobId,
      attempt: lease.attempt,
      pilotId: lease.pilotId,
      event,
      at: this.#now(),
      startedAt: this.#now(),
      host: 'node-1',
      hosts: ['node-1'],
      user: 'operator',
      pid: 4711,
      argv: ended ? [] : ['program'],
      appDigest: null,
      versions: { interpulse: '0.0.0-test' },
      exitCode: ended ? (event === 'completed' ? 0 : 1) : null,
      signal: null,
      reason: event === 'failed' ? 'it exited with 1' : null,
      usage: ended ? { wallSeconds: 0.5, cpuSeconds: 0.4, peakMemoryBytes: 1000 } : null,
      outputs: [],
      preview: null,
      stderrTail: null,
      ...fields,
    };
  }

  /** Says what became of attempts. */
  sayJobs(...reports: JobReport[]): Promise<void> {
    for (const report of reports) {
      if (report.event !== 'started') this.leases.delete(`${report.jobId} ${report.attempt}`);
    }
    return this.say({ type: 'jobReports', reports });
  }

  /** Says how a transfer ended. */
  sayTransfer(...words: Parameters<FakeAgent['transferReport']>): Promise<void> {
    return this.sayTransfers(this.transferReport(...words));
  }

  /** Says what became of transfers. */
  sayTransfers(...reports: TransferReport[]): Promise<void> {
    for (const { event, transferId } of reports) {
      if (event !== 'progress') this.orders.delete(transferId);
    }
    return this.say({ type: 'transferReports', reports });
  }

  /** A report of a transfer, with what differs from a plain one. */
  transferReport(
    order: Pick<TransferOrder, 'transferId' | 'attempt'>,
    event: TransferReport['event'],
    fields: Partial<TransferReport> = {},
  ): TransferReport {
    return {
      transferId: order.transferId,
      attempt: order.attempt,
      event,
      at: this.#now(),
      bytesDone: 10,
      bytesTotal: 10,
      filesDone: event === 'succeeded' ? 1 : 0,
      files: [],
      reason: event === 'failed' ? 'the link was cut' : null,
      retryable: event === 'failed',
      ...fields,
    };
  }

  #nowMs(): number {
    return Date.now() + (this.#options.clockAheadMs ?? 0);
  }

  #now(): string {
    return fromMilliseconds(this.#nowMs());
  }

  #state(): AgentState {
    return {
      type: 'agentState',
      version: '0.0.0-test',
      host: 'agent-host',
      pid: process.pid,
      compute: null,
      collections: [],
      channel: null,
      instruments: [],
      ...this.#options.state,
      pilots: [...this.pilots.values()],
      tasks: [...this.leases.values()].map(({ jobId, attempt, pilotId }) => ({
        jobId,
        attempt,
        pilotId,
      })),
      transfers: [...this.orders.values()].map(({ transferId, attempt }) => ({
        transferId,
        attempt,
      })),
    };
  }

  #connect(): Session<FromHub, FromAgent> {
    const { url, agentId, secret, answer } = this.#options;
    return connectSession<FromHub, FromAgent>({
      transport: webSocketTransport({
        url: `${url.replace(/^http/, 'ws')}/api/v1/agents/session`,
        headers: () => ({ authorization: `Bearer ${secret}` }),
      }),
      identity: agentId,
      credential: null,
      wallClock: () => this.#nowMs(),
      random: () => 0,
      handlerConcurrency: 256,
      limits: { reconnectFirstMs: 20, reconnectCapMs: 100 },
      parse: readFromHub,
      onMessage: async (message) => {
        if ('ask' in message) {
          if (answer) return answer(message);
          return { message: { answer: 'problem', kind: 'notFound', message: 'no such file' } };
        }
        this.#take(message);
        return undefined;
      },
      onReset: ({ report }) =>
        report(this.#state()).then(this.#ready.resolve, (error: unknown) => {
          // What was not kept is said again in the next incarnation, as every agent does.
          const isAway = error instanceof DomainError && error.kind === 'unavailable';
          if (!isAway) this.#ready.reject(error);
        }),
      onState: () => undefined,
      onError: () => undefined,
    });
  }

  #take(message: HubToAgent): void {
    if (message.type === 'leases') {
      const { pilotId } = message;
      for (const job of message.jobs) {
        this.leases.set(`${job.jobId} ${job.attempt}`, { ...job, pilotId });
      }
    }
    if (message.type === 'transferOrders') {
      for (const order of message.orders) this.orders.set(order.transferId, order);
    }
    if (message.type === 'pilotOrders') this.#runPilots(message);
    const { hears } = this.#options;
    if (hears !== undefined) return hears(message);
    const index = this.#waiters.findIndex(({ matches }) => matches(message));
    const [waiter] = index >= 0 ? this.#waiters.splice(index, 1) : [];
    if (waiter) waiter.resolve(message);
    else this.inbox.push(message);
  }

  #runPilots({ submit, release }: Told<'pilotOrders'>): void {
    const { pilotCores } = this.#options;
    if (pilotCores === undefined) return;
    const fresh = submit.map(({ pilotId }) => pilotId).filter((id) => !this.pilots.has(id));
    if (fresh.length > 0) void this.sayPilots('running', fresh, pilotCores);
    const leaving = release.filter((id) => this.pilots.has(id));
    if (leaving.length > 0) void this.sayPilots('ended', leaving);
  }
}
