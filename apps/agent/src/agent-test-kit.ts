import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import {
  readFromAgent,
  type FromAgent,
  type FromHub,
} from '@interpulse/api/agent-messages/session-messages.ts';
import { SessionServer } from '@interpulse/api/session/session-server.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { createWebSocketLink } from '@interpulse/api/session/websocket-link.ts';
import { appCodeSchema, resourcesSchema, type AppCode } from '@interpulse/domain/app/app.ts';
import { makeId, type Id, type IdPrefix } from '@interpulse/domain/id.ts';
import type { AgentLog } from './agent-log.ts';
import type { AgentConfigInput } from './config/agent-config.ts';
import { parseAgentConfig } from './config/read-agent-config.ts';
import type { AgentIdentity } from './hub/agent-identity.ts';

/** One message kind of an agent. */
export type Said<T extends Exclude<FromAgent, { answer: string }>['type']> = Extract<
  FromAgent,
  { type: T }
>;

/** A log that nobody reads. */
export const quietLog: AgentLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A fresh id. */
export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return makeId(prefix, Date.now(), randomBytes(10));
}

/** Waits until a condition holds; rejects after 20 seconds, naming it. */
export async function until<T>(what: string, find: () => T | undefined | false): Promise<T> {
  const endAt = performance.now() + 20_000;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > endAt) throw new Error(`Waited 20 s in vain until ${what}.`);
    await delay(2);
  }
}

const endings = new WeakMap<TestContext, (() => unknown)[]>();

/** Like `t.after`, but what began last ends first: agents before the folders that they need. */
export function atEnd(t: TestContext, action: () => unknown): void {
  const known = endings.get(t);
  if (known !== undefined) {
    known.push(action);
    return;
  }
  const actions = [action];
  endings.set(t, actions);
  t.after(async () => {
    for (const each of actions.toReversed()) await each();
  });
}

/** A folder that vanishes with the test. */
export function testFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'interpulse-agent-'));
  atEnd(t, () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** A hub that only listens: it keeps what agents say, and says what the test wants. */
export class FakeHub {
  readonly said: FromAgent[] = [];
  /** What handling a message waits for, or throws; for a hub that is slow or has trouble. */
  onMessage: (message: FromAgent) => Promise<void> = () => Promise.resolve();
  readonly #http: Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions: SessionServer<FromAgent, FromHub>;

  private constructor() {
    this.#sessions = new SessionServer<FromAgent, FromHub>({
      parse: readFromAgent,
      onMessage: async (message) => {
        this.said.push(message);
        await this.onMessage(message);
      },
      onReset: () => Promise.resolve(),
      onState: () => undefined,
      onError: () => undefined,
    });
    const webSockets = new WebSocketServer({ noServer: true });
    this.#http = createServer((_request, response) => response.writeHead(404).end());
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => {
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        const isKnown = request.headers.authorization === 'Bearer a secret';
        this.#sessions.accept(createWebSocketLink(webSocket, 'an agent'), () => isKnown);
      });
    });
  }

  /** Starts one that ends with the test. */
  static async start(t: TestContext): Promise<FakeHub> {
    const hub = new FakeHub();
    await new Promise<void>((resolve) => hub.#http.listen(0, '127.0.0.1', resolve));
    atEnd(t, () => hub.close());
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#sessions.close();
    this.cut();
    this.#http.close();
  }

  /** Cuts all connections without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The session of an agent, once it is there. */
  session(identity: AgentIdentity): Promise<Session<FromAgent, FromHub>> {
    return until('the agent connects', () => this.#sessions.get(identity.agentId));
  }

  /** All messages of one kind so far. */
  all<T extends Said<'agentState'>['type'] | Exclude<FromAgent, { answer: string }>['type']>(
    type: T,
  ): Extract<FromAgent, { type: T }>[] {
    return this.said.filter(
      (message): message is Extract<FromAgent, { type: T }> =>
        'type' in message && message.type === type,
    );
  }

  /** All job reports so far, in order. */
  reports(): JobReport[] {
    return this.all('jobReports').flatMap(({ reports }) => reports);
  }

  /** Orders a pilot and waits until it runs. */
  async startPilot(
    identity: AgentIdentity,
    walltimeSeconds = 600,
    pool = 'default',
  ): Promise<{ pilotId: Id<'pilot'>; session: Session<FromAgent, FromHub> }> {
    const session = await this.session(identity);
    const pilotId = newId('pilot');
    const submit = [{ pilotId, pool, nodes: 1, walltimeSeconds }];
    await session.send({ type: 'pilotOrders', submit, release: [] });
    await until('the pilot runs', () => this.pilotEvents(pilotId).includes('running'));
    return { pilotId, session };
  }

  /** What was said of a pilot. */
  pilotEvents(pilotId: string): string[] {
    const reports = this.all('pilotReports').flatMap(({ reports }) => reports);
    return reports.filter((report) => report.pilotId === pilotId).map(({ event }) => event);
  }
}

/** An identity that the fake hub knows. */
export function testIdentity(site = 'test'): AgentIdentity {
  return { agentId: newId('agent'), site, secret: 'a secret' };
}

/** A configuration with a scratch collection of two cores, and whatever the test adds. */
export function testConfig(folder: string, hub: string, more: Partial<AgentConfigInput> = {}) {
  mkdirSync(join(folder, 'scratch'), { recursive: true });
  return parseAgentConfig(
    {
      hub,
      folder: join(folder, 'state'),
      collections: [{ name: 'scratch', root: join(folder, 'scratch') }],
      compute: { cores: 2, scratchCollection: 'scratch', allowsCommands: true },
      ...more,
    },
    folder,
  );
}

/** A lease of a plain command. */
export function leaseOf(command: Lease['code']['command'], more: Partial<Lease> = {}): Lease {
  const jobId = more.jobId ?? newId('job');
  const attempt = more.attempt ?? 1;
  return {
    jobId,
    attempt,
    app: null,
    code: more.code ?? codeOf(command),
    parameters: {},
    inputs: {},
    outputs: [],
    environment: {},
    resources: resourcesSchema.parse({ walltimeSeconds: 60 }),
    restartable: false,
    urgency: 'normal',
    priority: 0,
    deadlineAt: null,
    token: null,
    workFolder: `scratch:/jobs/${jobId}/attempt-${attempt}`,
    ...more,
  };
}

/** What runs of an app with this command, and whatever the test adds. */
export function codeOf(command: AppCode['command'], more: Partial<AppCode> = {}): AppCode {
  return appCodeSchema.parse({ command, ...more });
}
