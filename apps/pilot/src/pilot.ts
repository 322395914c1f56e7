import { hostname } from 'node:os';
import {
  agentToPilotSchema,
  type AgentToPilot,
  type PilotToAgent,
  type Task,
} from '@interpulse/api/agent-messages/pilot-messages.ts';
import { connectSession } from '@interpulse/api/session/connect-session.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { streamTransport } from '@interpulse/api/session/stream-link.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { chooseTasks } from './choose-tasks.ts';
import { blankReport, endReport, startedReport } from './make-report.ts';
import { ownVariables, type PilotConfig } from './pilot-config.ts';
import { pilotLimits } from './pilot-limits.ts';
import { startReaper, type Reaper } from './reaper.ts';
import { ReportOutlet } from './report-outlet.ts';
import { runTask, type RunningTask } from './run-task.ts';
import { attemptKey, SeenAttempts, type Attempt } from './seen-attempts.ts';

interface Running {
  task: Task;
  process: RunningTask;
  /** By the clock of `performance.now`. */
  endsByMs: number;
}

/** What a pilot takes from outside; tests bring their own. */
export interface PilotSurroundings {
  environment: NodeJS.ProcessEnv;
  log: (message: string) => void;
}

/**
 * Runs the tasks that its agent gives it, many at a time, until it is released, has nothing to do
 * and no agent, or its walltime is over.
 *
 * Without a session for `orphanSeconds` it starts nothing more, because the hub may have given
 * its work to others. What runs may finish, and results are kept as long as the walltime lasts, so
 * that an agent that comes back gets them; with nothing running and nothing to tell it ends itself.
 */
export class Pilot {
  /** Resolves with the reason when the pilot has ended. */
  readonly ended: Promise<string>;
  readonly #config: PilotConfig;
  readonly #log: (message: string) => void;
  readonly #jobEnvironment: NodeJS.ProcessEnv;
  readonly #session: Session<AgentToPilot, PilotToAgent>;
  readonly #reports: ReportOutlet;
  readonly #reaper: Reaper;
  readonly #seen = new SeenAttempts(pilotLimits.seenAttempts);
  readonly #running = new Map<string, Running>();
  readonly #resolveEnded: (reason: string) => void;
  readonly #stopAtMs: number;
  #queue: Task[] = [];
  /** Why it takes nothing new; null while it does. */
  #leaving: string | null = null;
  #finishing = false;
  /** Tasks that have ended and whose files are being looked at. */
  #looking = 0;
  #startPlanned = false;
  #isOrphan = false;
  #orphanTimer: NodeJS.Timeout | undefined;

  constructor(config: PilotConfig, surroundings: PilotSurroundings) {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.#config = config;
    this.#log = surroundings.log;
    this.#jobEnvironment = jobEnvironment(surroundings.environment);
    this.#reaper = startReaper(config.pilotId);
    // Counted from the start of the process, as the batch system does.
    this.#stopAtMs = config.walltimeSeconds * 1000 - farewellMs(config.walltimeSeconds);
    const left = Math.max(0, this.#stopAtMs - performance.now());
    setTimeout(() => this.#leaveNow('its walltime is over'), Math.min(left, 2 ** 31 - 1)).unref();
    this.#session = this.#connect();
    this.#reports = new ReportOutlet(this.#session, this.#log);
    this.#waitForAgent();
  }

  /** Ends at once: running tasks are killed and not reported, so that they run elsewhere. */
  stop(reason: string): void {
    this.#leaveNow(reason);
  }

  #connect(): Session<AgentToPilot, PilotToAgent> {
    const { agentAddress, pilotId, token } = this.#config;
    return connectSession<AgentToPilot, PilotToAgent>({
      transport: streamTransport(agentAddress),
      identity: pilotId,
      credential: token,
      random: Math.random,
      parse: (body) => agentToPilotSchema.parse(body),
      onMessage: (message) => Promise.resolve(this.#take(message)),
      onReset: async ({ report }) => {
        const tasks = [...this.#queue, ...[...this.#running.values()].map(({ task }) => task)];
        await report({
          type: 'pilotState',
          pilotId,
          host: hostname(),
          pid: process.pid,
          cores: this.#config.cores,
          tasks: tasks.map(({ jobId, attempt }) => ({ jobId, attempt })),
        });
      },
      onState: ({ status, reason }) => {
        if (status === 'connected') this.#greetAgent();
        else if (status === 'ended') this.#noteSessionEnd(reason);
        else this.#waitForAgent();
      },
      onError: (error) => this.#log(error instanceof Error ? error.message : String(error)),
    });
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
      case 'drain':
        this.#leave('it was released');
    }
  }

  #takeTask(task: Task): void {
    if (!this.#seen.note(task)) return;
    const lifeSeconds = Math.floor(this.#stopAtMs / 1000);
    if (task.cores > this.#config.cores) {
      this.#refuse(task, `it asks for ${task.cores} cores; pilots here have ${this.#config.cores}`);
    } else if (task.walltimeSeconds > lifeSeconds) {
      const why = `it asks for ${task.walltimeSeconds} s; pilots here live ${lifeSeconds} s`;
      this.#refuse(task, `${why}; ask for less, or lengthen the walltime of the site's pool`);
    } else {
      this.#queue.push(task);
    }
  }

  #refuse(task: Task, reason: string): void {
    this.#reports.add({ ...blankReport(this.#config.pilotId, task, 'failed'), reason });
  }

  #cancel(attempt: Attempt): void {
    const key = attemptKey(attempt);
    this.#running.get(key)?.process.cancel();
    const place = this.#queue.findIndex((task) => attemptKey(task) === key);
    if (place < 0) return;
    const [task] = this.#queue.splice(place, 1);
    if (task) this.#reports.add(blankReport(this.#config.pilotId, task, 'canceled'));
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
    if (this.#leaving !== null || this.#isOrphan || this.#queue.length === 0) return;
    const now = performance.now();
    const busy = [...this.#running.values()].map(({ task, endsByMs }) => ({
      cores: task.cores,
      leftSeconds: (endsByMs - now) / 1000,
    }));
    const room = { cores: this.#config.cores, leftSeconds: (this.#stopAtMs - now) / 1000 };
    const { begin, tooLate } = chooseTasks(this.#queue, busy, room);
    const chosen = new Set(begin);
    const tasks = this.#queue.filter((_, place) => chosen.has(place));
    this.#queue = this.#queue.filter((_, place) => !chosen.has(place));
    for (const task of tasks) this.#start(task);
    if (tooLate) this.#leave('too little of its walltime is left for what waits');
  }

  #start(task: Task): void {
    const process = runTask(task, {
      ...this.#jobEnvironment,
      ...task.environment,
      INTERPULSE_JOB_ID: task.jobId,
      INTERPULSE_ATTEMPT: String(task.attempt),
      INTERPULSE_PILOT_ID: this.#config.pilotId,
      INTERPULSE_CORES: String(task.cores),
    });
    const graceSeconds = task.walltimeSeconds + limits.killGraceSeconds;
    const endsByMs = performance.now() + graceSeconds * 1000;
    this.#running.set(attemptKey(task), { task, process, endsByMs });
    if (process.pid !== null) {
      this.#reaper.add(process.pid);
      this.#reports.add(startedReport(this.#config.pilotId, task, process.pid));
    }
    void this.#follow(task, process);
  }

  async #follow(task: Task, process: RunningTask): Promise<void> {
    const end = await process.ended;
    this.#running.delete(attemptKey(task));
    if (process.pid !== null) this.#reaper.remove(process.pid);
    // The cores are free: the next task does not wait until this one's files are looked at.
    this.#startSoon();
    if (this.#finishing) return;
    this.#looking += 1;
    try {
      this.#reports.add(await endReport(this.#config.pilotId, task, process.pid, end));
    } finally {
      this.#looking -= 1;
    }
    this.#endWhenDone();
  }

  #greetAgent(): void {
    clearTimeout(this.#orphanTimer);
    this.#orphanTimer = undefined;
    this.#isOrphan = false;
    this.#startSoon();
  }

  #noteSessionEnd(reason: string): void {
    if (!this.#finishing) this.#leaveNow(`its session ended: ${reason}`);
  }

  #waitForAgent(): void {
    this.#orphanTimer ??= setTimeout(() => {
      this.#isOrphan = true;
      this.#endWhenDone();
    }, this.#config.orphanSeconds * 1000);
  }

  #leave(reason: string): void {
    this.#leaving ??= reason;
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    const isIdle = this.#running.size === 0 && this.#looking === 0;
    if (!isIdle) return;
    if (this.#leaving !== null) void this.#finish(this.#leaving);
    else if (this.#isOrphan && this.#reports.pending === 0) this.#leaveNow('no agent answers');
  }

  /** Tells the last things, then ends. What still waits goes back to the hub with the pilot. */
  async #finish(reason: string): Promise<void> {
    if (this.#finishing) return;
    this.#finishing = true;
    await this.#reports.drained();
    await this.#sayGoodbye(reason);
  }

  #leaveNow(reason: string): void {
    if (this.#leaving !== null && this.#finishing && this.#running.size === 0) {
      this.#resolveEnded(reason);
      return;
    }
    this.#leaving = reason;
    this.#finishing = true;
    for (const { process } of this.#running.values()) process.cancel();
    void this.#sayGoodbye(reason);
  }

  async #sayGoodbye(reason: string): Promise<void> {
    const gone = [...this.#running.values()].map(({ process }) => process.ended);
    const told =
      this.#session.state.status === 'connected'
        ? this.#session.send({ type: 'pilotEnds', reason }).catch(() => undefined)
        : Promise.resolve();
    const late = new Promise((resolve) => {
      setTimeout(resolve, (limits.killGraceSeconds + 1) * 1000);
    });
    await Promise.race([Promise.all([told, ...gone]), late]);
    this.#session.close();
    this.#resolveEnded(reason);
  }
}

/** The pilot's own environment, as its batch system made it, without what is the pilot's only. */
function jobEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = new Set([...ownVariables, 'INTERPULSE_CORES', 'INTERPULSE_PILOT_ID']);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.has(name)));
}

/** Short pilots, as in tests, keep a tenth of their time. */
function farewellMs(walltimeSeconds: number): number {
  return Math.min(pilotLimits.farewellSeconds, walltimeSeconds / 10) * 1000;
}
