import {
  readFromAgent,
  type FromAgent,
  type FromHub,
} from '@interpulse/api/agent-messages/session-messages.ts';
import { translateTimes } from '@interpulse/api/agent-messages/translate-times.ts';
import type { Link } from '@interpulse/api/session/link.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { mendJson } from '@interpulse/domain/mend-json.ts';
import { SessionServer } from '@interpulse/api/session/session-server.ts';
import { noteSiteCut } from '@interpulse/store/sites/watch-sites.ts';
import type { StoreLog } from '@interpulse/store/store-log.ts';
import { topics, type AgentSession, type Hub } from '../hub.ts';
import { handleAgentMessage } from './handle-agent-message.ts';
import { MessageOrder } from './message-order.ts';

/** The sessions that this hub holds with agents. The identity of a session is its agent's id. */
export interface AgentSessions {
  /** Notes the site of an agent that has shown its secret. */
  bind(agentId: string, siteId: string): void;
  /** Takes over a connection of an agent that has shown its secret. */
  accept(link: Link, agentId: string): void;
  /** Ends all sessions; the agents come back to a successor. */
  close(): void;
  /** The session with a site's agent while it is connected here. */
  get(siteId: string): AgentSession | undefined;
  /** The same, also while the line is cut and the agent may come back to it. */
  remembered(siteId: string): AgentSession | undefined;
  /** The sites whose agents are connected now. */
  connected(): string[];
  /** Whether a site's agent has said in its session, as it is now, all that it is and holds. */
  hasSaidState(siteId: string): boolean;
  /** Drops the session with a site's agent, which comes back at once and tells its whole state. */
  forget(siteId: string, reason: string): void;
  /** From here on messages are handled. */
  serve(hub: Hub): void;
}

/** Messages of one agent that are handled at a time: some are prepared while others are written. */
const messagesAtOnce = 8;

/**
 * What a message must be in order with: words of a job or a transfer with others of the same, what
 * an instrument tells with what it told before; null for everything.
 */
function keysOf(message: FromAgent): ReadonlySet<string> | null {
  if ('answer' in message) return null;
  switch (message.type) {
    case 'jobReports':
      return new Set(message.reports.map(({ jobId }) => jobId));
    case 'transferReports':
      return new Set(message.reports.map(({ transferId }) => transferId));
    case 'fileFinished':
    case 'shotTaken':
    case 'runEvent':
      return new Set([message.instrument]);
    default:
      return null;
  }
}

/** How long the hub waits before an agent may say again what could not be written down. */
const againMilliseconds = 500;

/** Makes the server of agents' sessions; give it the hub before the first agent comes. */
export function createAgentSessions(log: StoreLog): AgentSessions {
  let hub: Hub | undefined;
  const siteOf = new Map<string, string>();
  const agentOf = new Map<string, string>();
  const orders = new Map<string, MessageOrder>();
  /** Agents whose state was taken since their sessions began. */
  const stated = new Set<string>();
  const server = new SessionServer<FromAgent, FromHub>({
    handlerConcurrency: messagesAtOnce,
    parse: readFromAgent,
    async onMessage(message, { session, peerAheadMs }) {
      const at = hub;
      if (!at) throw new Error('an agent spoke before the hub was ready');
      const siteId = siteOf.get(session.identity) ?? '';
      const order = orders.get(siteId) ?? new MessageOrder();
      orders.set(siteId, order);
      const told = translateTimes(message, peerAheadMs);
      const take = (): Promise<void> => takeStorable(at, siteId, told);
      await order.run(keysOf(told), () => keepOrForget(server, log, session.identity, take));
      if ('type' in told && told.type === 'agentState') stated.add(session.identity);
    },
    // The agent begins a new incarnation with its whole state; the answer to it is ours.
    onReset: ({ session }) => Promise.resolve(void stated.delete(session.identity)),
    onState: ({ status, reason }, { identity: agentId }) => {
      noteStatus(hub, siteOf.get(agentId), status);
      log.info({ agentId, status, reason }, 'an agent’s session changed');
    },
    onError: (error, session) => {
      log.error({ err: error, agentId: session.identity }, 'an agent’s message failed');
    },
  });
  return {
    bind: (agentId, siteId) => {
      const before = agentOf.get(siteId);
      // A site that was enrolled anew has a new agent; the old one has no say any more.
      if (before !== undefined && before !== agentId) server.get(before)?.close();
      siteOf.set(agentId, siteId);
      agentOf.set(siteId, agentId);
    },
    accept: (link, agentId) => server.accept(link, ({ identity }) => identity === agentId),
    close: () => server.close(),
    get: (siteId) => {
      const session = server.get(agentOf.get(siteId) ?? '');
      return session?.state.status === 'connected' ? session : undefined;
    },
    remembered: (siteId) => server.get(agentOf.get(siteId) ?? ''),
    connected: () =>
      server
        .sessions()
        .filter((session) => session.state.status === 'connected')
        .flatMap((session) => siteOf.get(session.identity) ?? []),
    hasSaidState: (siteId) => stated.has(agentOf.get(siteId) ?? ''),
    forget: (siteId, reason) => server.forget(agentOf.get(siteId) ?? '', reason),
    serve: (given) => {
      hub = given;
    },
  };
}

function noteStatus(hub: Hub | undefined, siteId: string | undefined, status: string): void {
  if (siteId === undefined) return;
  if (status === 'disconnected') noteCut(hub, siteId);
  if (status === 'connected') wakeWorkFor(hub, siteId);
}

/** What was left for whoever holds the session with a site's agent is for this hub now. */
function wakeWorkFor(hub: Hub | undefined, siteId: string): void {
  const { leases, orders, pilots, actions } = topics;
  hub?.db.topics.emit([leases(siteId), orders(siteId), pilots, actions]);
}

/** A site is silent so long after its line was cut, and not after it was last asked about. */
function noteCut(hub: Hub | undefined, siteId: string): void {
  if (hub === undefined) return;
  noteSiteCut(hub.db, siteId, hub.now()).catch((error: unknown) => {
    hub.log.debug({ err: error, siteId }, 'a cut was not written down');
  });
}

/** Handles a message; once more with texts that can be stored where that was in the way. */
async function takeStorable(hub: Hub, siteId: string, message: FromAgent): Promise<void> {
  try {
    await handleAgentMessage(hub, siteId, message);
  } catch (error) {
    const mended = mendJson(message);
    const isInvalid = error instanceof DomainError && error.kind === 'invalid';
    if (!isInvalid || mended === message) throw error;
    await handleAgentMessage(hub, siteId, mended);
  }
}

/**
 * Handles a message, or drops the session. A refusal would be an acknowledgement; what could not be
 * written down (the database is away) must come again: the agent begins a new session with all that
 * was not acknowledged.
 */
async function keepOrForget(
  server: SessionServer<FromAgent, FromHub>,
  log: StoreLog,
  agentId: string,
  handle: () => Promise<void>,
): Promise<void> {
  try {
    await handle();
  } catch (error) {
    if (error instanceof DomainError && error.kind !== 'unavailable') throw error;
    log.error({ err: error, agentId }, 'an agent’s words could not be kept');
    await new Promise((resolve) => setTimeout(resolve, againMilliseconds));
    server.forget(agentId, 'the hub could not write down what was said');
    throw error;
  }
}
