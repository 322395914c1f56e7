import type {
  BatchJob,
  BatchRequest,
  BatchSystem,
} from '@interpulse/adapters/batch/batch-system.ts';
import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { HubToAgent, Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { AgentToPilot, PilotToAgent } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { idSchema, type JobId, type PilotId } from '@interpulse/domain/id.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Collections } from '../collections/collections.ts';
import type { Tell } from '../hub/tell-hub.ts';
import type { AppGuard } from './app-guard.ts';
import { EndedPilots } from './ended-pilots.ts';
import { createJobRelay, type JobRelay } from './job-relay.ts';
import { judgePilot, whyItWaits } from './judge-pilot.ts';
import { LookTimer } from './look-timer.ts';
import {
  isLateWord,
  isUnreachable,
  loseProcess,
  meetProcess,
  newPilot,
  pilotReport,
  processOf,
  type KnownPilot,
} from './known-pilot.ts';
import type { PilotServer } from './pilot-server.ts';
import { PilotSubmitter, type PilotOrder } from './pilot-submitter.ts';
import { PilotWords } from './pilot-words.ts';
import type { Pool } from './pools.ts';
import { TaskDesk } from './task-desk.ts';

type Orders = Extract<HubToAgent, { type: 'pilotOrders' }>;
type Recalled = Extract<HubToAgent, { type: 'cancelJobs' | 'returnJobs' }>['jobs'];

/** What the compute role works with. */
export interface ComputeSurroundings {
  batch: BatchSystem;
  pools: ReadonlyMap<string, Pool>;
  collections: Collections;
  guard: AppGuard;
  /** Address of the hub, for jobs that may use it. */
  hub: string;
  server: PilotServer;
  /** What is asked for a pilot. @throws DomainError `invalid`, `unavailable`. */
  submission: (order: PilotOrder) => Promise<BatchRequest>;
  tell: Tell;
  log: AgentLog;
}

const pilotIdSchema = idSchema('pilot');

/** Submits and watches pilots, gives them work, and passes on what they report. */
export class ComputeRole {
  readonly #with: ComputeSurroundings;
  readonly #relay: JobRelay;
  readonly #desk: TaskDesk;
  readonly #pilots = new Map<PilotId, KnownPilot>();
  readonly #ended = new EndedPilots();
  readonly #submitter: PilotSubmitter;
  readonly #words: PilotWords;
  /** Pilots that have ended while their session still seemed to live. */
  readonly #lateWords = new Set<PilotId>();
  readonly #timer: LookTimer;
  /** It ends its pilots, which makes the hub want others: those are for the next agent. */
  #isLeaving = false;
  #introduced: () => void = () => undefined;

  constructor(surroundings: ComputeSurroundings) {
    this.#with = surroundings;
    const { tell, log, batch } = surroundings;
    this.#relay = createJobRelay((reports) => tell({ type: 'jobReports', reports }), log);
    this.#words = new PilotWords({ tell, relay: this.#relay, log });
    this.#submitter = new PilotSubmitter({ batch, request: surroundings.submission, log });
    const send = (pilotId: PilotId, message: AgentToPilot): void => {
      this.#sendToPilot(pilotId, message);
    };
    this.#desk = new TaskDesk({ ...surroundings, relay: this.#relay, send });
    this.#timer = new LookTimer({
      look: () => this.#lookOnce(),
      tellsChanges: batch.tellsChanges,
      isPressing: () => this.#awaitsEnds(),
    });
    batch.onChange(() => void this.look());
  }

  /** Finds the pilots of an earlier agent, and waits a little for them to say what they hold. */
  async start(patienceMs: number): Promise<void> {
    await this.look();
    const everybody = new Promise<void>((resolve) => {
      this.#introduced = () => {
        const waits = [...this.#pilots.values()].some((pilot) => {
          return !pilot.hasIntroducedItself && pilot.batchState !== 'queued';
        });
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

  /** Whether an attempt of this job is with a pilot. */
  holds(jobId: JobId): boolean {
    return this.#desk.holds(jobId);
  }

  /** Submits and releases pilots. Never rejects: the hub orders again what it still misses. */
  async order(orders: Pick<Orders, 'submit' | 'release'>): Promise<void> {
    for (const pilotId of orders.release) void this.#release(pilotId);
    await Promise.all(orders.submit.map((order) => this.#submit(order)));
  }

  #submit(order: PilotOrder): Promise<void> {
    const { pilotId } = order;
    const known = this.#pilots.get(pilotId);
    // Nobody waits for the hub to know: it may be away for long, and this agent about to end.
    if (known !== undefined) void this.#tellPilot(known);
    if (known || this.#isLeaving || this.#ended.has(pilotId)) return Promise.resolve();
    return this.#submitter.submit(order, (submitted) => {
      if (submitted === null) return;
      if ('givenUp' in submitted) {
        this.#end(newPilot(pilotId, null), 'lost', submitted.givenUp);
        return;
      }
      // It may have introduced itself, or ended, before the batch system answered.
      if (this.#ended.has(pilotId)) return;
      const pilot = this.#pilots.get(pilotId) ?? newPilot(pilotId, submitted.batchJobId);
      pilot.batchJobId = submitted.batchJobId;
      pilot.isRequeued = this.#with.pools.get(order.pool)?.options.requeue ?? null;
      this.#pilots.set(pilotId, pilot);
      this.#timer.noteChange();
      // It may have ended before it was known.
      void this.look();
      void this.#tellPilot(pilot);
    });
  }

  async #release(pilotId: PilotId): Promise<void> {
    const pilot = this.#pilots.get(pilotId);
    if (pilot === undefined) return;
    const session = this.#with.server.session(pilotId);
    try {
      if (pilot.state === 'submitted') {
        await this.#with.batch.cancel([pilotId]);
        void this.look();
      } else if (session !== undefined) await session.send({ type: 'drain' });
    } catch (error) {
      this.#with.log.warn({ err: error, pilotId }, 'a pilot was not released');
    }
  }

  /** Gives leases to their pilot. What cannot be made ready is reported as failed. */
  lease(pilotId: PilotId, leases: readonly Lease[]): void {
    const pilot = this.#pilots.get(pilotId);
    if (pilot === undefined) {
      this.#with.log.warn({ pilotId }, 'leases came for a pilot that is not known');
    } else if (pilot.state === 'submitted' && pilot.batchState === 'queued') {
      // Not before the hub knows, who would only lease them to it again.
      void pilot.words.then(() => this.#desk.giveBack(pilot, leases));
    } else if (pilot.hasIntroducedItself && pilot.farewell === null) {
      void this.#desk.give(pilot, leases);
    } else {
      pilot.leases.push(...leases);
    }
  }

  /** Ends attempts (`canceled`), or takes back those that have not begun (`released`). */
  recall(jobs: Recalled, fate: 'canceled' | 'released'): void {
    for (const [pilotId, attempts] of Map.groupBy(jobs, ({ pilotId }) => pilotId)) {
      const pilot = this.#pilots.get(pilotId);
      if (pilot !== undefined) this.#desk.recall(pilot, attempts, fate);
    }
  }

  #sendToPilot(pilotId: PilotId, message: AgentToPilot): void {
    const session = this.#with.server.session(pilotId);
    session?.send(message).catch((error: unknown) => {
      this.#with.log.warn({ err: error, pilotId }, `a pilot did not take "${message.type}"`);
    });
  }

  /** Takes what a pilot says; resolves when the hub knows it too. */
  async takeFromPilot(identity: string, message: PilotToAgent): Promise<void> {
    const known = this.#pilots.get(identity as PilotId);
    const pilot = known ?? newPilot(pilotIdSchema.parse(identity), null);
    switch (message.type) {
      case 'pilotState':
        return this.#introduce(pilot, message);
      case 'jobReports': {
        if (message.reports.some((report) => report.pilotId !== pilot.pilotId)) {
          throw new DomainError('invalid', `${pilot.pilotId} reports for another pilot`);
        }
        return this.#desk.take(pilot, message.reports);
      }
      case 'pilotEnds':
        this.#takeFarewell(pilot, message.reason);
    }
  }

  #introduce(pilot: KnownPilot, state: Extract<PilotToAgent, { type: 'pilotState' }>): void {
    const { pilotId } = pilot;
    if (this.#ended.has(pilotId)) return this.#sendToPilot(pilotId, { type: 'drain' });
    if (isLateWord(pilot, state)) return;
    this.#pilots.set(pilotId, pilot);
    this.#timer.noteChange();
    if (pilot.process !== null && pilot.process !== processOf(state)) {
      this.#comeBack(pilot, 'its nodes were taken; it was started again');
    }
    meetProcess(pilot, state);
    this.#desk.note(pilot, state.tasks);
    this.#introduced();
    void this.#desk.give(pilot, pilot.leases.splice(0));
    void this.#tellPilot(pilot);
  }

  /** A process of a requeued pilot has gone; whether another one comes, its batch system knows. */
  #takeFarewell(pilot: KnownPilot, reason: string): void {
    const mayComeBack = pilot.isRequeued ?? !this.#with.batch.tellsChanges;
    if (!mayComeBack || !this.#pilots.has(pilot.pilotId)) {
      this.#end(pilot, 'ended', reason);
      return;
    }
    // Late words of a process that is known to be gone say nothing of the next one.
    if (pilot.process === null) return;
    pilot.farewell = reason;
    this.#timer.noteChange();
    void this.look();
  }

  /** Its nodes were taken: what it held is told, and it waits for nodes again. */
  #takeAway(pilot: KnownPilot, reason: string): void {
    const { pilotId } = pilot;
    this.#with.log.info({ pilotId, reason }, 'a pilot was preempted');
    this.#timer.noteChange();
    void this.#desk.takeAway(pilot, reason);
    loseProcess(pilot, reason);
    void this.#words.say(pilot, pilotReport(pilot, 'preempted', reason));
  }

  /** The next incarnation called before the batch system said that there is one. */
  #comeBack(pilot: KnownPilot, reason: string): void {
    const former = [...pilot.tasks.values()].filter(({ isGiven }) => isGiven);
    this.#takeAway(pilot, reason);
    pilot.restarts = null;
    // Orders to the former process that were under way reach this one.
    const tasks = former.map(({ jobId, attempt }) => ({ jobId, attempt }));
    if (tasks.length > 0) this.#sendToPilot(pilot.pilotId, { type: 'cancelTasks', tasks });
  }

  #tellPilot(pilot: KnownPilot): Promise<void> {
    return this.#words.say(pilot, pilotReport(pilot));
  }

  /** Says that a pilot is gone, after everything that it has said. */
  #end(pilot: KnownPilot, event: 'ended' | 'lost', reason: string): void {
    const { pilotId } = pilot;
    if (this.#ended.has(pilotId)) return;
    this.#ended.add(pilotId);
    this.#pilots.delete(pilotId);
    this.#desk.forget(pilot);
    this.#timer.noteChange();
    this.#with.log.info({ pilotId, event, reason }, 'a pilot has ended');
    void this.#words.say(pilot, pilotReport(pilot, event, reason)).then(() => this.look());
  }

  /** A session with a pilot was cut: perhaps the pilot is gone. */
  noteDisconnected(identity: string): void {
    const pilot = this.#pilots.get(identity as PilotId);
    if (pilot === undefined) return;
    if (pilot.state === 'running') pilot.silentSinceMs ??= performance.now();
    this.#timer.noteChange();
    void this.look();
  }

  #answers(pilotId: PilotId): boolean {
    return this.#with.server.session(pilotId)?.state.status === 'connected';
  }

  /** Compares the pilots that are known with those of the batch system. Never rejects. */
  look(): Promise<void> {
    return this.#timer.now();
  }

  #awaitsEnds(): boolean {
    const leaves = [...this.#pilots.values()].some(({ farewell }) => farewell !== null);
    return leaves || this.#lateWords.size > 0;
  }

  async #lookOnce(): Promise<void> {
    const { batch, log } = this.#with;
    const before = new Map([...this.#pilots].map(([id, { process }]) => [id, process]));
    try {
      const jobs = await batch.list();
      for (const job of jobs) this.#compare(job, before.get(job.pilotId));
      const listed = new Set(jobs.map(({ pilotId }) => pilotId));
      for (const pilotId of before.keys()) if (!listed.has(pilotId)) this.#miss(pilotId);
      await this.#giveUpUnreachable();
      const over = jobs.filter((job) => this.#ended.has(job.pilotId));
      const gone = over.filter(({ state }) => state === 'ended');
      const strays = over.filter((job) => !gone.includes(job) && this.#ended.isStray(job.pilotId));
      if (strays.length > 0) await batch.cancel(strays.map(({ pilotId }) => pilotId));
      if (gone.length > 0) await batch.forget(gone.map(({ pilotId }) => pilotId));
    } catch (error) {
      log.warn({ err: error }, 'the batch system could not be looked at');
    }
  }

  #compare(job: BatchJob, processBefore: string | null | undefined): void {
    const { pilotId } = job;
    const known = this.#pilots.get(pilotId);
    if (known === undefined && (this.#ended.has(pilotId) || this.#submitter.isUnderWay(pilotId)))
      return;
    const pilot = known ?? newPilot(pilotId, job.batchJobId);
    const calledMeanwhile = known !== undefined && known.process !== processBefore;
    const verdict = judgePilot(pilot, job, { calledMeanwhile });
    if (verdict.is === 'over') {
      this.#takeEnd(pilot, verdict);
      return;
    }
    this.#pilots.set(pilotId, pilot);
    pilot.batchJobId ??= job.batchJobId;
    if (verdict.is === 'preempted') this.#takeAway(pilot, verdict.reason);
    if (!calledMeanwhile) {
      pilot.restarts = job.restarts;
      if (job.state !== 'ended') pilot.batchState = job.state;
      if (pilot.state === 'submitted') pilot.reason = whyItWaits(job);
      pilot.expectedAt = pilot.state === 'submitted' ? job.expectedAt : null;
      if (job.state === 'running') pilot.host ??= job.hosts[0] ?? null;
    }
    if (verdict.is !== 'changed') return;
    this.#timer.noteChange();
    void this.#tellPilot(pilot);
  }

  #takeEnd(
    pilot: KnownPilot,
    { event, reason }: { event: 'ended' | 'lost'; reason: string },
  ): void {
    const { pilotId } = pilot;
    if (this.#answers(pilotId) && !this.#lateWords.has(pilotId)) {
      // Its last words are still in the socket; the cut, or the timer, makes us look again.
      this.#lateWords.add(pilotId);
      return;
    }
    this.#lateWords.delete(pilotId);
    this.#with.server.forget(pilotId);
    this.#end(pilot, event, reason);
  }

  #miss(pilotId: PilotId): void {
    const pilot = this.#pilots.get(pilotId);
    if (pilot === undefined || pilot.batchJobId === null) return;
    // A list with a gap proves less than a process that answers.
    if (this.#answers(pilotId)) return;
    this.#end(pilot, 'lost', 'the batch system does not know it any more');
  }

  /** A dead node may be called running for minutes: what it held is given to others before. */
  async #giveUpUnreachable(): Promise<void> {
    const silent = [...this.#pilots.values()].filter((pilot) => {
      return isUnreachable(pilot, this.#answers(pilot.pilotId));
    });
    if (silent.length === 0) return;
    for (const pilot of silent) this.#end(pilot, 'lost', 'it has not answered for 60 s');
    await this.#with.batch.cancel(silent.map(({ pilotId }) => pilotId));
  }

  /** Ends all pilots, and what they run; their jobs run elsewhere. */
  async endPilots(): Promise<void> {
    this.#isLeaving = true;
    // A submission under way would leave a pilot behind that nobody knows.
    await this.#submitter.settled();
    await this.#with.batch.cancel([...this.#pilots.keys()]);
    await this.look();
  }

  /** Stops looking. */
  close(): void {
    this.#timer.close();
  }
}
