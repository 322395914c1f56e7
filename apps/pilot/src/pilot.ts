import { setTimeout as delay } from 'node:timers/promises';
import {
  agentToPilotSchema,
  type AgentToPilot,
  type PilotToAgent,
  type Task,
} from '@interpulse/api/agent-messages/pilot-messages.ts';
import { readMessage } from '@interpulse/api/agent-messages/read-message.ts';
import { connectSession } from '@interpulse/api/session/connect-session.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { streamTransport } from '@interpulse/api/session/stream-link.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { blankReport, endReport, startedReport } from './make-report.ts';
import { ownFacts, type OwnFacts } from './own-facts.ts';
import { insertInTurn } from './packing/insert-in-turn.ts';
import type { PilotConfig } from './pilot-config.ts';
import { pilotLimits } from './pilot-limits.ts';
import { ReportOutlet } from './report-outlet.ts';
import type { TaskEnd } from './running-task.ts';
import { attemptKey, SeenAttempts, type Attempt } from './seen-attempts.ts';
import { TaskFloor, type Placed } from './task-floor.ts';

/** What a pilot takes from outside. */
export interface PilotSurroundings {
  environment: NodeJS.ProcessEnv;
  /** Starts one of its spawners. */
  command: readonly string[];
  log: (message: string) => void;
}

/** Until its end a task is known to the agent by it. */
const attemptOf = ({ jobId, attempt }: Task): Pick<Task, 'jobId' | 'attempt'> => ({
  jobId,
  attempt,
});

/**
 * Runs the tasks that its agent gives it, many at a time, until it is released, has nothing to do
 * and no agent, is told to end, or its walltime is over.
 *
 *     taking ── drain, too late ──→ leaving ── nothing runs, all told ──→ ended
 *        └── TERM, USR1, walltime ──→ warned: tasks get TERM, then KILL ──┘
 *
 * Whatever has not begun when it leaves is given back. Without a session for `orphanSeconds` it
 * starts nothing more, because the hub may have given its work to others. What runs may finish, and
 * results are kept as long as the walltime lasts, so that an agent that comes back gets them; with
 * nothing running and nothing to tell it ends itself.
 */
export class Pilot {
  /** Resolves with the reason when the pilot has ended. */
  readonly ended: Promise<string>;
  readonly #config: PilotConfig;
  readonly #facts: OwnFacts;
  readonly #log: (message: string) => void;
  readonly #session: Session<AgentToPilot, PilotToAgent>;
  readonly #reports: ReportOutlet;
  readonly #floor: TaskFloor;
  readonly #seen = new SeenAttempts(pilotLimits.seenAttempts);
  readonly #resolveEnded: (reason: string) => void;
  readonly #stopAtMs: number;
  /** Tasks that have ended and whose files are being looked at. */
  readonly #looking = new Set<Task>();
  #queue: Task[] = [];
  /** Why it takes nothing new; null while it does. */
  #leaving: string | null = null;
  /** Why what runs was told to end; null while it was not. */
  #warning: string | null = null;
  /** So many of its nodes are known to the agent. */
  #nodesTold: number;
  #finishing = false;
  #hasSaidGoodbye = false;
  #startPlanned = false;
  #isOrphan = false;
  #orphanTimer: NodeJS.Timeout | undefined;

  constructor(config: PilotConfig, surroundings: PilotSurroundings) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#config = config;
    this.#nodesTold = config.nodes.length;
    this.#log = surroundings.log;
    this.#facts = ownFacts(config.pilotId, config.nodes[0]?.host);
    this.#floor = new TaskFloor(config, surroundings, () => this.#startSoon());
    // Counted from the start of the process, as the batch system does.
    this.#stopAtMs = config.walltimeSeconds * 1000 - farewellMs(config.walltimeSeconds);
    const left = Math.max(0, this.#stopAtMs - performance.now());
    setTimeout(() => this.warn('its walltime is over'), Math.min(left, 2 ** 31 - 1)).unref();
    this.#session = this.#connect();
    this.#reports = new ReportOutlet(this.#session, this.#log);
    this.#waitForAgent();
  }

  /**
   * The nodes are about to be taken: everything that runs is told to end, and what does not end
   * well within the grace goes back, to be run elsewhere.
   */
  warn(reason: string): void {
    if (this.#warning !== null) return;
    this.#warning = reason;
    for (const { process } of this.#floor.running) {
      process.end('preempted', this.#config.graceSeconds);
    }
    const lastMs = (this.#config.graceSeconds + limits.killGraceSeconds) * 1000;
    setTimeout(() => this.#leaveNow(reason), lastMs).unref();
    this.#leave(reason);
  }

  #connect(): Session<AgentToPilot, PilotToAgent> {
    const { agentAddress, pilotId, token } = this.#config;
    return connectSession<AgentToPilot, PilotToAgent>({
      transport: streamTransport(agentAddress),
      identity: pilotId,
      credential: token,
      random: Math.random,
      parse: (body) => readMessage(agentToPilotSchema, body),
      onMessage: (message) => Promise.resolve(this.#take(message)),
      onReset: ({ report }) => report(this.#state()),
      onState: ({ status, reason }) => {
        if (status === 'connected') this.#greetAgent();
        else if (status === 'ended') this.#noteSessionEnd(reason);
        else this.#waitForAgent();
      },
      onError: (error) => this.#log(error instanceof Error ? error.message : String(error)),
    });
  }

  #state(): PilotToAgent {
    const tasks = [
      ...this.#queue,
      ...this.#floor.running.map(({ task }) => task),
      ...this.#looking,
    ];
    // At least one, for the form.
    const nodes = this.#floor.nodes.length > 0 ? this.#floor.nodes : this.#config.nodes;
    const leftMs = this.#leaving === null ? this.#stopAtMs - performance.now() : 0;
    return {
      type: 'pilotState',
      pilotId: this.#config.pilotId,
      host: this.#facts.host,
      pid: process.pid,
      nodes: nodes.map(({ host, cores, gpuIds, memoryBytes }) => {
        return { host, cores, gpus: gpuIds.length, memoryBytes };
      }),
      endsAt: fromMilliseconds(Date.now() + leftMs),
      tasks: tasks.map(attemptOf),
    };
  }

  #take(message: AgentToPilot): void {
    switch (message.type) {
      case 'tasks':
        for (const task of message.tasks) this.#takeTask(task);
        this.#startSoon();
        break;
      case 'cancelTasks':
        for (const attempt of message.tasks) this.#cancel(attempt);
        break;
      case 'returnTasks':
        this.#return(message.tasks);
        break;
      case 'drain':
        // Who released it knows that it leaves.
        this.#leaving ??= 'it was released';
        this.#leave(this.#leaving);
    }
  }

  #takeTask(task: Task): void {
    if (!this.#seen.note(task)) return;
    const lifeSeconds = Math.floor(this.#stopAtMs / 1000);
    const { walltimeSeconds } = task.resources;
    const fault = this.#floor.faultOf(task);
    if (this.#leaving !== null) this.#giveBack(task, takesNoMore(this.#leaving));
    else if (fault !== null) this.#refuse(task, fault);
    else if (walltimeSeconds > lifeSeconds && !task.restartable) {
      const why = `it asks for ${walltimeSeconds} s; pilots here live ${lifeSeconds} s`;
      this.#refuse(task, `${why}; ask for less, or lengthen the walltime of the site's pool`);
    } else insertInTurn(this.#queue, task);
  }

  #refuse(task: Task, reason: string): void {
    this.#reports.add({ ...blankReport(this.#facts, task, 'failed'), reason });
  }

  #giveBack(task: Task, reason: string): void {
    this.#reports.add({ ...blankReport(this.#facts, task, 'released'), reason });
  }

  /** The agent gives it nothing more that it could not run; a new session is told anyway. */
  #tellState(): void {
    this.#nodesTold = this.#floor.nodes.length;
    this.#session.send(this.#state()).catch(() => undefined);
  }

  /** What has begun, or is over, stays. */
  #return(attempts: readonly Attempt[]): void {
    const keys = new Set(attempts.map(attemptKey));
    const { back = [], rest = [] } = Object.groupBy(this.#queue, (task) => {
      return keys.has(attemptKey(task)) ? 'back' : 'rest';
    });
    this.#queue = rest;
    for (const task of back) this.#giveBack(task, 'another pilot has room for it');
    // What stood behind a large one may fit now.
    this.#startSoon();
  }

  #cancel(attempt: Attempt): void {
    this.#floor.find(attempt)?.process.end('canceled', limits.killGraceSeconds);
    const key = attemptKey(attempt);
    const place = this.#queue.findIndex((task) => attemptKey(task) === key);
    if (place < 0) return;
    const [task] = this.#queue.splice(place, 1);
    if (task) this.#reports.add(blankReport(this.#facts, task, 'canceled'));
    this.#startSoon();
  }

  /** Once a turn, however many tasks came or ended in it. */
  #startSoon(): void {
    if (this.#startPlanned) return;
    this.#startPlanned = true;
    setImmediate(() => {
      this.#startPlanned = false;
      this.#startTasks();
      this.#endWhenDone();
    });
  }

  #startTasks(): void {
    if (this.#floor.nodes.length === 0) this.#leave('no node of it can be used');
    if (this.#leaving !== null) return;
    if (this.#floor.nodes.length < this.#nodesTold) this.#tellState();
    if (this.#isOrphan || this.#queue.length === 0) return;
    const leftSeconds = (this.#stopAtMs - performance.now()) / 1000;
    const { begin, impossible, tooLate, rest } = this.#floor.choose(this.#queue, leftSeconds);
    this.#queue = rest;
    for (const { task, seats } of begin) {
      const placed = this.#floor.start(task, seats, (begun) => {
        this.#reports.addStart(startedReport(this.#facts, begun.task, begun));
      });
      void this.#follow(placed);
    }
    const [gone, late] = ['the nodes that it needs are gone', 'too little of its walltime is left'];
    for (const task of impossible) this.#giveBack(task, takesNoMore(gone));
    for (const task of tooLate) this.#giveBack(task, takesNoMore(late));
    if (tooLate.length > 0) this.#leave(`${late} for what waits`);
  }

  async #follow(placed: Placed): Promise<void> {
    const { task, process } = placed;
    const end = await process.ended;
    this.#looking.add(task);
    // The cores are free: the next task does not wait until this one's files are looked at.
    this.#floor.leave(placed);
    this.#startSoon();
    if (!this.#finishing) {
      const meant = await this.#meaning(end);
      this.#reports.add(await endReport(this.#facts, task, placed, meant));
    }
    this.#looking.delete(task);
    this.#endWhenDone();
  }

  /** A batch system that takes the nodes signals pilot and tasks alike, in any order. */
  async #meaning(end: TaskEnd): Promise<TaskEnd> {
    const isKilled = end.outcome === 'exited' && (end.signal !== null || (end.exitCode ?? 0) > 128);
    if (end.outcome === 'lost' || isKilled) await delay(pilotLimits.warningLagMs);
    const isTaken = isKilled || end.outcome === 'lost' || end.outcome === 'preempted';
    if (this.#warning === null || !isTaken) return end;
    return { ...end, outcome: 'preempted', reason: `its pilot ends: ${this.#warning}` };
  }

  #greetAgent(): void {
    clearTimeout(this.#orphanTimer);
    this.#orphanTimer = undefined;
    this.#isOrphan = false;
    this.#startSoon();
  }

  #noteSessionEnd(reason: string): void {
    // Nobody will hear the rest.
    if (!this.#hasSaidGoodbye) this.#leaveNow(`its session ended: ${reason}`);
  }

  #waitForAgent(): void {
    this.#orphanTimer ??= setTimeout(() => {
      this.#isOrphan = true;
      this.#endWhenDone();
    }, this.#config.orphanSeconds * 1000);
  }

  #leave(reason: string): void {
    const waiting = this.#queue.splice(0);
    if (this.#leaving === null) {
      this.#leaving = reason;
      // Before work comes back: it is not for this pilot again.
      this.#tellState();
    }
    for (const task of waiting) this.#giveBack(task, takesNoMore(this.#leaving));
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if (this.#floor.running.length > 0 || this.#looking.size > 0) return;
    if (this.#leaving !== null) void this.#finish(this.#leaving);
    else if (this.#isOrphan && this.#reports.pending === 0) this.#leaveNow('no agent answers');
  }

  /** Tells the last things, then ends. */
  async #finish(reason: string): Promise<void> {
    if (this.#finishing) return;
    this.#finishing = true;
    await this.#reports.drained();
    await this.#sayGoodbye(reason);
  }

  /** Ends without telling more: what runs is killed, and runs elsewhere. */
  #leaveNow(reason: string): void {
    this.#leaving ??= reason;
    this.#finishing = true;
    for (const { process } of this.#floor.running) process.end('canceled', 0);
    void this.#sayGoodbye(reason);
  }

  async #sayGoodbye(reason: string): Promise<void> {
    if (this.#hasSaidGoodbye) return;
    this.#hasSaidGoodbye = true;
    const told =
      this.#session.state.status === 'connected'
        ? this.#session.send({ type: 'pilotEnds', reason }).catch(() => undefined)
        : Promise.resolve();
    await Promise.race([told, delay(pilotLimits.goodbyeSeconds * 1000)]);
    this.#session.close();
    this.#floor.close();
    this.#resolveEnded(reason);
  }
}

function takesNoMore(why: string): string {
  return `its pilot takes nothing more: ${why}`;
}

/** Short pilots, as in tests, keep a tenth of their time. */
function farewellMs(walltimeSeconds: number): number {
  return Math.min(pilotLimits.farewellSeconds, walltimeSeconds / 10) * 1000;
}
