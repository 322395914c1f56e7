import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import {
  pilotToAgentSchema,
  type AgentToPilot,
  type PilotToAgent,
  type Task,
} from '@interpulse/api/agent-messages/pilot-messages.ts';
import { SessionServer } from '@interpulse/api/session/session-server.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { createStreamLink } from '@interpulse/api/session/stream-link.ts';
import { resourcesSchema } from '@interpulse/domain/app/app.ts';
import { makeId, type Id, type IdPrefix } from '@interpulse/domain/id.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

/** What a test asks of a task besides its command. */
export type TaskWishes = Partial<Omit<Task, 'resources'>> & {
  resources?: z.input<typeof resourcesSchema>;
};

/** A fresh id. */
export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return makeId(prefix, Date.now(), randomBytes(10));
}

/** Waits until `find` finds something; rejects after some time, naming it. */
export async function until<T>(
  what: string,
  find: () => T | undefined | false,
  seconds = 20,
): Promise<T> {
  const endAt = performance.now() + seconds * 1000;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endAt) throw new Error(`Waited ${seconds} s in vain until ${what}.`);
    await delay(2);
  }
}

/** Processes that live and whose command line holds a word. */
export function processesWith(word: string): string[] {
  const listed = spawnSync('ps', ['-eo', 'pid,stat,args', '-ww'], { encoding: 'utf8' }).stdout;
  return listed.split('\n').filter((line) => line.includes(word) && !/^\s*\d+\s+Z/.test(line));
}

/** An agent that only listens for one pilot, and the pilot as a process of its own. */
export class PilotBench {
  readonly folder: string;
  readonly pilotId = newId('pilot');
  readonly said: PilotToAgent[] = [];
  /** What handling a message waits for. */
  onMessage: (message: PilotToAgent) => Promise<void> = () => Promise.resolve();
  readonly #sockets = new Set<Socket>();
  #process: ChildProcess | null = null;
  #listening: { server: Server; sessions: SessionServer<PilotToAgent, AgentToPilot> } | null = null;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Starts agent and pilot, by the words of `wrapper` before it, and waits until the pilot has
   * introduced itself.
   */
  static async start(
    t: Pick<TestContext, 'after'>,
    environment: Record<string, string> = {},
    wrapper: readonly string[] = [],
  ): Promise<PilotBench> {
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-pilot-'));
    const bench = new PilotBench(folder);
    t.after(async () => {
      bench.#process?.kill('SIGKILL');
      await bench.stopAgent();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    });
    await bench.startAgent();
    const words = [...wrapper, process.execPath, program];
    bench.#process = spawn(words[0] ?? '', words.slice(1), {
      env: {
        PATH: process.env['PATH'] ?? '',
        INTERPULSE_PILOT_ID: bench.pilotId,
        INTERPULSE_AGENT_ADDRESS: join(folder, 'agent'),
        INTERPULSE_PILOT_TOKEN: 'a token',
        INTERPULSE_CORES: '4',
        INTERPULSE_WALLTIME_SECONDS: '600',
        ...environment,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await until('the pilot says its state', () => bench.said[0]);
    return bench;
  }

  get process(): ChildProcess {
    if (this.#process === null) throw new Error('the pilot was not started');
    return this.#process;
  }

  get session(): Session<PilotToAgent, AgentToPilot> {
    const session = this.#listening?.sessions.get(this.pilotId);
    if (session === undefined) throw new Error('the pilot is not connected');
    return session;
  }

  /** Listens as an agent that knows nothing. */
  async startAgent(): Promise<void> {
    const sessions = new SessionServer<PilotToAgent, AgentToPilot>({
      handlerConcurrency: 16,
      parse: (body) => pilotToAgentSchema.parse(body),
      onMessage: async (message) => {
        this.said.push(message);
        await this.onMessage(message);
      },
      onReset: () => Promise.resolve(),
      onState: () => undefined,
      onError: () => undefined,
    });
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      sessions.accept(createStreamLink(socket, 'a pilot'), ({ credential }) => {
        return credential === 'a token';
      });
    });
    await new Promise<void>((resolve) => server.listen(join(this.folder, 'agent'), resolve));
    this.#listening = { server, sessions };
  }

  /** Dies without a word. */
  async stopAgent(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const listening = this.#listening;
    this.#listening = null;
    if (listening === null) return;
    listening.sessions.close();
    await new Promise((resolve) => listening.server.close(resolve));
  }

  /** A task that asks for little. */
  static blankTask(more: TaskWishes = {}): Task {
    const jobId = more.jobId ?? newId('job');
    return {
      jobId,
      attempt: 1,
      argv: ['true'],
      cwd: '/',
      workFolder: `scratch:/jobs/${jobId}/attempt-1`,
      environment: {},
      outputs: [],
      preamble: [],
      pre: [],
      post: [],
      appDigest: null,
      appVersion: null,
      restartable: false,
      urgency: 'normal',
      priority: 0,
      deadlineAt: null,
      ...more,
      resources: resourcesSchema.parse({ walltimeSeconds: 60, ...more.resources }),
    };
  }

  /** A task in a fresh folder, or in the one that is named. */
  task(argv: string[], more: TaskWishes = {}): Task {
    const jobId = more.jobId ?? newId('job');
    const cwd = join(this.folder, jobId);
    if (more.cwd === undefined) mkdirSync(cwd, { recursive: true });
    return PilotBench.blankTask({ jobId, argv, cwd, ...more });
  }

  /** Gives tasks to the pilot. */
  async give(...tasks: Task[]): Promise<void> {
    await this.session.send({ type: 'tasks', tasks });
  }

  /** Everything reported of a task so far. */
  reports(task?: Pick<Task, 'jobId'>): JobReport[] {
    const all = this.said.flatMap((message) =>
      message.type === 'jobReports' ? message.reports : [],
    );
    return task === undefined ? all : all.filter(({ jobId }) => jobId === task.jobId);
  }

  /** The report of a task's end, once it is there. */
  end(task: Task): Promise<JobReport> {
    return until('the task ends', () =>
      this.reports(task).find(({ event }) => event !== 'started'),
    );
  }

  /** Waits until a task has been reported as started. */
  started(task: Task): Promise<JobReport> {
    return until('the task starts', () =>
      this.reports(task).find(({ event }) => event === 'started'),
    );
  }

  /** The exit code of the pilot, once it has ended. */
  async exit(): Promise<number | null> {
    const child = this.process;
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  }
}
