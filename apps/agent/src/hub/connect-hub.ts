import {
  readFromHub,
  type FromAgent,
  type FromHub,
} from '@interpulse/api/agent-messages/session-messages.ts';
import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import type { HubToAgent } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import { connectSession } from '@interpulse/api/session/connect-session.ts';
import { fallbackTransport } from '@interpulse/api/session/fallback-transport.ts';
import { longRequestTransport } from '@interpulse/api/session/long-request-transport.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { webSocketTransport } from '@interpulse/api/session/websocket-link.ts';
import type { AgentLog } from '../agent-log.ts';
import type { AgentIdentity } from './agent-identity.ts';

/** The session of an agent with its hub. */
export type HubSession = Session<FromHub, FromAgent>;

/** What the agent does with what the hub says. */
export interface HubHandlers {
  state: () => AgentState;
  onMessage: (message: HubToAgent) => Promise<void> | void;
  onQuestion: (
    question: Question,
    attachment: Uint8Array | null,
  ) => Promise<{ message: Answer; attachment: Uint8Array | null }>;
  /** The session is over for good, for instance because another agent has this identity. */
  onEnded: (reason: string) => void;
}

/** Questions and orders worked on at the same time; who follows a log is answered late. */
const handlersAtOnce = 256;

/** Opens the agent's session: a WebSocket, or long requests where none passes. */
export function connectHub(
  hub: string,
  identity: AgentIdentity,
  handlers: HubHandlers,
  log: AgentLog,
): HubSession {
  const path = '/api/v1/agents/session';
  const headers = (): Record<string, string> => ({ authorization: `Bearer ${identity.secret}` });
  return connectSession<FromHub, FromAgent>({
    transport: fallbackTransport([
      webSocketTransport({ url: `${hub.replace(/^http/, 'ws')}${path}`, headers }),
      longRequestTransport({ url: `${hub}${path}/long`, headers }),
    ]),
    identity: identity.agentId,
    credential: null,
    random: Math.random,
    handlerConcurrency: handlersAtOnce,
    parse: readFromHub,
    onMessage: async (message, { attachment }) => {
      if ('ask' in message) return handlers.onQuestion(message, attachment);
      await handlers.onMessage(message);
    },
    onReset: ({ report }) => report(handlers.state()),
    onState: ({ status, reason }) => {
      log.info({ status }, reason);
      if (status === 'ended') handlers.onEnded(reason);
    },
    onError: (error) => log.error({ err: error }, 'the session with the hub met an error'),
  });
}
