import type { Socket } from 'node:net';
import {
  pilotToAgentSchema,
  type AgentToPilot,
  type PilotToAgent,
} from '@interpulse/api/agent-messages/pilot-messages.ts';
import { readMessage } from '@interpulse/api/agent-messages/read-message.ts';
import { translateTimes } from '@interpulse/api/agent-messages/translate-times.ts';
import { SessionServer } from '@interpulse/api/session/session-server.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { createStreamLink } from '@interpulse/api/session/stream-link.ts';
import type { AgentLog } from '../agent-log.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import { listenForNodes } from './listen-for-nodes.ts';
import { listenForPilots } from './listen-for-pilots.ts';
import { isPilotToken } from './pilot-token.ts';

/** The agent's side of the sessions with its pilots. */
export interface PilotServer {
  /** For `INTERPULSE_AGENT_ADDRESS`. */
  readonly address: string;
  session(pilotId: string): Session<PilotToAgent, AgentToPilot> | undefined;
  /** Drops what is kept for a pilot that has ended. */
  forget(pilotId: string): void;
  close(): Promise<void>;
}

/** What the compute role does with what pilots say. */
export interface PilotHandlers {
  onMessage: (pilotId: string, message: PilotToAgent) => Promise<void>;
  onDisconnected: (pilotId: string) => void;
}

/** Messages of one pilot handled at a time: reports wait for the hub without holding up others. */
const handlersAtOnce = 256;

/** Where the server listens, and for whom. */
export interface PilotServerSetting {
  /** The agent's state folder. */
  folder: string;
  /** The agent's secret, from which pilots' tokens are made. */
  secret: string;
  /** Where pilots on other hosts connect; null when all are on this one. */
  listen: ComputeConfig['listen'];
}

/**
 * Starts to listen for pilots: always on a Unix socket, by which a second agent in the folder
 * notices the first, and on TCP where pilots are on other hosts.
 *
 * @throws DomainError as `listenForPilots` and `listenForNodes`.
 */
export async function startPilotServer(
  { folder, secret, listen }: PilotServerSetting,
  handlers: PilotHandlers,
  log: AgentLog,
): Promise<PilotServer> {
  const sockets = new Set<Socket>();
  const sessions = new SessionServer<PilotToAgent, AgentToPilot>({
    handlerConcurrency: handlersAtOnce,
    parse: (body) => readMessage(pilotToAgentSchema, body),
    // Compute nodes have clocks of their own.
    onMessage: (message, { session, peerAheadMs }) =>
      handlers.onMessage(session.identity, translateTimes(message, peerAheadMs)),
    onReset: () => Promise.resolve(),
    onState: ({ status, reason }, session) => {
      log.debug({ pilotId: session.identity, status }, reason);
      if (status === 'disconnected' || status === 'ended') {
        handlers.onDisconnected(session.identity);
      }
    },
    onError: (error, session) => {
      log.error({ err: error, pilotId: session.identity }, 'a pilot session met an error');
    },
  });
  const onSocket = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    sessions.accept(createStreamLink(socket, 'a pilot'), ({ identity, credential }) =>
      isPilotToken(secret, identity, credential),
    );
  };
  const here = await listenForPilots(folder, onSocket);
  const servers = [here.server];
  let address = here.path;
  if (listen) {
    const nodes = await listenForNodes(folder, listen, onSocket).catch((error: unknown) => {
      here.server.close();
      throw error;
    });
    servers.push(nodes.server);
    address = nodes.address;
  }
  return {
    address,
    session: (pilotId) => sessions.get(pilotId),
    forget: (pilotId) => sessions.forget(pilotId, 'The pilot has ended.'),
    close: async () => {
      sessions.close();
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroySoon();
      await Promise.all(closed);
    },
  };
}
