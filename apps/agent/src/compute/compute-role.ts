import type { AgentState, JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { HubToAgent, Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { PilotToAgent } from '@interpulse/api/agent-messages/pilot-messages.ts';
import type { BatchJob, BatchSystem } from '@interpulse/adapters/batch/batch-system.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { idSchema, type PilotId } from '@interpulse/domain/id.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Tell } from '../hub/tell-hub.ts';
import type { Collections } from '../collections/collections.ts';
import { newPilot, pilotReport, taskKey, type KnownPilot } from './pilot-book.ts';
import type { PilotServer } from './pilot-server.ts';
import { prepareTask } from './prepare-task.ts';
import { ReportRelay } from './report-relay.ts';
import { unstartedReport } from './unstarted-report.ts';

type Orders = Extract<HubToAgent, { type: 'pilotOrders' }>;
type Cancels = Extract<HubToAgent, { type: 'cancelJobs' }>;

/** What the compute role works with. */
export interface ComputeSurroundings {
  batch: BatchSystem;
  collections: Collections;
  server: () => PilotServer;
  /** Program, environment and folder with which a pilot is submitted. */
  submission: (
    pilotId: PilotId,
    walltimeSeconds: number,
  ) => { command: string[]; environment: Record<string, string>; folder: string };
  tell: Tell;
  log: AgentLog;
}

const computeLimits = {
  /** Leases made ready together: one slow folder holds up no more than these. */
  leasesAtOnce: 64,
  /** The batch system is looked at so often though nothing seems to have changed. */
  lookSeconds: 30,
  /** The last words of a pilot that has ended are waited for this long. */
  lastWordsMs: 2_000,
  /** Ended pilots remembered, so that a late order does not submit one again. */
  endedPilots: 10_000,
};

/** Submits and watches pilots, gives them work, and passes on what they report. */
export class ComputeRole {
  readonly #with: ComputeSurroundings;
  readonly #relay: ReportRelay;
  readonly #pilots = new Map<PilotId, KnownPilot>();
  readonly #ended = new Set<PilotId>();
  readonly #submitting = new Set<PilotId>();
  /** Pilots that have ended while their session still seemed to live. */
  readonly #lateWords = new Set<PilotId>();
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  #isClosed = false;
  /** It ends its pilots, which makes the hub want others: those are for the next agent. */
  #isLeaving = false;
  #timer: NodeJS.Timeout | undefined;
  #introduced: () => void = () => undefined;

  constructor(surroundings: ComputeSurroundings) {
    this.#with = surroundings;
    const { tell, log, batch } = surroundings;
    this.#relay = new ReportRelay((reports) => tell({ type: 'jobReports', reports }), log);
    batch.onChange(() => void this.look());
  }

  /** Finds the pilots of an earlier agent, and waits a little for them to say what they hold. */
  async start(patienceMs: number): Promise<void> {
    await this.look();
    const everybody = new Promise<void>((resolve) => {
      this.#introduced = () => {
        const waits = [...this.#pilots.values()].some((pilot) => !pilot.hasIntroducedItself);
        if (!waits) resolve();
      };
      this.#introduced();
      setTimeout(resolve, patienceMs).unref();
    });
    await everybody;
    // One that was listed and never came has perhaps ended meanwhile: no cut would tell.
    await this.look();
  }

  /** Pilots and attempts, for the agent's state. */
  state(): Pick<AgentState, 'pilots' | 'tasks'> {
    const pilots = [...this.#pilots.values()];
    const tasks = pilots.flatMap(({ pilotId, tasks }) =>
      [...tasks.values()].map(({ jobId, attempt }) => ({ jobId, attempt, pilotId })),
    );
    return { pilots: pilots.map((pilot) => pilotReport(pilot)), tasks };
  }

  /** Submits and releases pilots. Never rejects: the hub orders again what it still misses. */
  async order(orders: Pick<Orders, 'submit' | 'release'>): Promise<void> {
    for (const pilotId of orders.release) void this.#release(pilotId);
    await Promise.all(orders.submit.map((order) => this.#submit(order)));
  }

  async #submit({ pilotId, nodes, walltimeSeconds }: Orders['submit'][number]): Promise<void> {
    const { batch, log } = this.#with;
    const known = this.#pilots.get(pilotId);
    if (known !== undefined) return this.#tellPilot(known);
    if (this.#isLeaving || this.#ended.has(pilotId) || this.#submitting.has(pilotId)) return;
    this.#submitting.add(pilotId);
    try {
      const submission = this.#with.submission(pilotId, walltimeSeconds);
      const batchJobId = await batch.submit({ pilotId, nodes, walltimeSeconds, ...submission });
      // It may have introduced itself, or ended, before the batch system answered.
      const pilot = this.#pilots.get(pilotId) ?? newPilot(pilotId, batchJobId);
      if (this.#ended.has(pilotId)) return;
      pilot.batchJobId = batchJobId;
      this.#pilots.set(pilotId, pilot);
      log.info({ pilotId, batchJobId }, 'a pilot was submitted');
      await this.#tellPilot(pilot);
      // It may have ended before it was known.
      void this.look();
    } catch (error) {
      log.error({ err: error, pilotId }, 'a pilot was not submitted');
      if (error instanceof DomainError && error.kind === 'invalid') {
        this.#end(newPilot(pilotId, null), 'lost', error.message);
      }
    } finally {
      this.#submitting.delete(pilotId);
    }
  }

  async #release(pilotId: PilotId): Promise<void> {
    const pilot = this.#pilots.get(pilotId);
    if (pilot === undefined) return;
    const session = this.#with.server().session(pilotId);
    try {
      if (session !== undefined) await session.send({ type: 'drain' });
      else if (pilot.state === 'submitted') await this.#with.batch.cancel([pilotId]);
    } catch (error) {
      this.#with.log.warn({ err: error, pilotId }, 'a pilot was not released');
    }
  }

  /** Gives leases to their pilot. What cannot be made ready is reported as failed. */
  lease(pilotId: PilotId, leases: readonly Lease[]): void {
    const pilot = this.#pilots.get(pilotId);
    if (pilot === undefined) {
      this.#with.log.warn({ pilotId }, 'leases came for a pilot that is not known');
    } else if (pilot.hasIntroducedItself) {
      void this.#give(pilot, leases);
    } else {
      pilot.leases.push(...leases);
    }
  }

  async #give(pilot: KnownPilot, leases: readonly Lease[]): Promise<void> {
    const fresh = leases.filter((lease) => !pilot.tasks.has(taskKey(lease)));
    for (const { jobId, attempt } of fresh) {
      const task = { jobId, attempt, canceled: false, isGiven: false };
      pilot.tasks.set(taskKey(task), task);
    }
    for (let at = 0; at < fresh.length; at += computeLimits.leasesAtOnce) {
      await this.#giveTogether(pilot, fresh.slice(at, at + computeLimits.leasesAtOnce));
    }
  }

  async #giveTogether(pilot: KnownPilot, leases: readonly Lease[]): Promise<void> {
    const { pilotId } = pilot;
    const failed: JobReport[] = [];
    const prepared = await Promise.all(
      leases.map(async (lease) => {
        try {
          return await prepareTask(lease, this.#with.collections);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          failed.push(unstartedReport(pilotId, lease, 'failed', `it was not started: ${why}`));
          return null;
        }
      }),
    );
    const tasks = prepared.flatMap((task) => {
      if (task === null) return [];
      const held = pilot.tasks.get(taskKey(task));
      if (held?.canceled === true) {
        failed.push(unstartedReport(pilotId, task, 'canceled', null));
        return [];
      }
      if (held !== undefined) held.isGiven = true;
      return [task];
    });
    if (tasks.length > 0) this.#sendToPilot(pilotId, { type: 'tasks', tasks });
    await this.#takeReports(pilot, failed);
  }

  #sendToPilot(
    pilotId: PilotId,
    message: Parameters<NonNullable<ReturnType<PilotServer['session']>>['send']>[0],
  ): void {
    const session = this.#with.server().session(pilotId);
    session?.send(message).catch((error: unknown) => {
      this.#with.log.warn({ err: error, pilotId }, `a pilot did not take "${message.type}"`);
    });
  }

  /** Ends attempts; those that their pilot has not been given yet never begin. */
  cancel({ jobs }: Pick<Cancels, 'jobs'>): void {
    const byPilot = Map.groupBy(jobs, ({ pilotId }) => pilotId);
    for (const [pilotId, attempts] of byPilot) {
      const pilot = this.#pilots.get(pilotId);
      if (pilot === undefined) continue;
      const keys = new Set(attempts.map(taskKey));
      pilot.leases = pilot.leases.filter((lease) => !keys.has(taskKey(lease)));
      for (const key of keys) {
        const held = pilot.tasks.get(key);
        if (held?.isGiven === false) held.canceled = true;
      }
      const tasks = attempts.map(({ jobId, attempt }) => ({ jobId, attempt }));
      this.#sendToPilot(pilotId, { type: 'cancelTasks', tasks });
    }
  }

  /** Takes what a pilot says; resolves when the hub knows it too. */
  async takeFromPilot(identity: string, message: PilotToAgent): Promise<void> {
    const pilotId = idSchema('pilot').parse(identity);
    const pilot = this.#pilots.get(pilotId) ?? newPilot(pilotId, null);
    switch (message.type) {
      case 'pilotState':
        this.#introduce(pilot, message);
        return;
      case 'jobReports': {
        if (message.reports.some((report) => report.pilotId !== pilotId)) {
          throw new DomainError('invalid', `${pilotId} reports for another pilot`);
        }
        return this.#takeReports(pilot, message.reports);
      }
      case 'pilotEnds':
        this.#end(pilot, 'ended', message.reason);
    }
  }

  #introduce(pilot: KnownPilot, state: Extract<PilotToAgent, { type: 'pilotState' }>): void {
    if (this.#ended.has(pilot.pilotId)) {
      this.#sendToPilot(pilot.pilotId, { type: 'drain' });
      return;
    }
    this.#pilots.set(pilot.pilotId, pilot);
    pilot.state = 'running';
    pilot.host = state.host;
    pilot.cores = state.cores;
    pilot.hasIntroducedItself = true;
    for (const { jobId, attempt } of state.tasks) {
      const task = { jobId, attempt, canceled: false, isGiven: true };
      pilot.tasks.set(taskKey(task), task);
    }
    this.#introduced();
    void this.#give(pilot, pilot.leases.splice(0));
    void this.#tellPilot(pilot);
  }

  #takeReports(pilot: KnownPilot, reports: JobReport[]): Promise<void> {
    for (const report of reports) {
      if (report.event !== 'started') pilot.tasks.delete(taskKey(report));
    }
    return this.#relay.add(reports);
  }

  #tellPilot(pilot: KnownPilot): Promise<void> {
    return this.#tellReports([pilotReport(pilot)]);
  }

  async #tellReports(reports: ReturnType<typeof pilotReport>[]): Promise<void> {
    try {
      await this.#with.tell({ type: 'pilotReports', reports });
    } catch (error) {
      this.#with.log.error({ err: error }, 'the hub refused reports of pilots');
    }
  }

  /** Says that a pilot is gone, after everything that it has said. */
  #end(pilot: KnownPilot, event: 'ended' | 'lost', reason: string): void {
    const { pilotId } = pilot;
    if (this.#ended.has(pilotId)) return;
    this.#ended.add(pilotId);
    if (this.#ended.size > computeLimits.endedPilots) {
      for (const oldest of this.#ended) {
        this.#ended.delete(oldest);
        break;
      }
    }
    this.#pilots.delete(pilotId);
    this.#with.log.info({ pilotId, event, reason }, 'a pilot has ended');
    const tell = async (): Promise<void> => {
      await this.#relay.drained();
      await this.#tellReports([pilotReport(pilot, event, reason)]);
      void this.look();
    };
    void tell();
  }

  /** A session with a pilot was cut: perhaps the pilot is gone. */
  noteDisconnected(pilotId: string): void {
    if (idSchema('pilot').safeParse(pilotId).success) void this.look();
  }

  /** Compares the pilots that are known with those of the batch system. Never rejects. */
  look(): Promise<void> {
    if (this.#looking !== null) {
      this.#lookAgain = true;
      return this.#looking;
    }
    this.#looking = this.#lookOnce().finally(() => {
      this.#looking = null;
      if (this.#lookAgain) {
        this.#lookAgain = false;
        void this.look();
      }
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    clearTimeout(this.#timer);
    const { batch, log } = this.#with;
    const before = [...this.#pilots.values()];
    try {
      const jobs = await batch.list();
      const listed = new Set(jobs.map(({ pilotId }) => pilotId));
      for (const job of jobs) this.#compare(job);
      for (const pilot of before) {
        if (listed.has(pilot.pilotId) || pilot.batchJobId === null) continue;
        this.#end(pilot, 'lost', 'the batch system does not know it any more');
      }
      const over = jobs.filter((job) => job.state === 'ended' && this.#ended.has(job.pilotId));
      await batch.forget(over.map(({ pilotId }) => pilotId));
    } catch (error) {
      log.warn({ err: error }, 'the batch system could not be looked at');
    }
    if (!this.#isClosed) {
      this.#timer = setTimeout(() => void this.look(), computeLimits.lookSeconds * 1000).unref();
    }
  }

  #compare(job: BatchJob): void {
    const known = this.#pilots.get(job.pilotId);
    if (job.state !== 'ended') {
      if (known !== undefined) known.batchJobId ??= job.batchJobId;
      else if (!this.#ended.has(job.pilotId) && !this.#submitting.has(job.pilotId)) {
        this.#pilots.set(job.pilotId, newPilot(job.pilotId, job.batchJobId));
      }
      return;
    }
    const pilot = known ?? newPilot(job.pilotId, job.batchJobId);
    const session = this.#with.server().session(job.pilotId);
    if (session?.state.status === 'connected' && !this.#lateWords.has(job.pilotId)) {
      // Its last words are still in the socket; the cut, or the timer, makes us look again.
      this.#lateWords.add(job.pilotId);
      setTimeout(() => void this.look(), computeLimits.lastWordsMs).unref();
      return;
    }
    this.#lateWords.delete(job.pilotId);
    this.#with.server().forget(job.pilotId);
    const isWell = job.exitCode === 0;
    this.#end(pilot, isWell ? 'ended' : 'lost', explainEnd(job));
  }

  /** Ends all pilots, and what they run; their jobs run elsewhere. */
  async endPilots(): Promise<void> {
    this.#isLeaving = true;
    await this.#with.batch.cancel([...this.#pilots.keys()]);
    await this.look();
  }

  /** Stops looking. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}

function explainEnd(job: BatchJob): string {
  const { exitCode, signal, reason } = job;
  const how =
    signal !== null
      ? `it was killed by ${signal}`
      : exitCode === null
        ? 'it is gone'
        : `it exited with code ${exitCode}`;
  return reason === null ? how : `${how}: ${reason}`;
}
