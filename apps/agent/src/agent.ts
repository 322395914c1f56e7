import { chmod, mkdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { HubToAgent } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { AgentLog } from './agent-log.ts';
import { Collections } from './collections/collections.ts';
import type { ComputeRole } from './compute/compute-role.ts';
import { startCompute } from './compute/start-compute.ts';
import type { AgentConfig } from './config/agent-config.ts';
import type { AgentIdentity } from './hub/agent-identity.ts';
import { connectHub, type HubSession } from './hub/connect-hub.ts';
import { tellHub, type Tell } from './hub/tell-hub.ts';
import { InstrumentRole } from './instrument/instrument-role.ts';
import { QuestionDesk, type WorkUnderWay } from './questions/question-desk.ts';
import { StorageRole } from './storage/storage-role.ts';

/** A running agent. */
export interface Agent {
  readonly session: HubSession;
  /** Resolves with the reason when the hub has ended the session for good. */
  readonly ended: Promise<string>;
  /** Stops; pilots go on unless they shall end too. */
  close(options: { endPilots: boolean }): Promise<void>;
}

/**
 * Pilots of an earlier agent have this long to come back before the hub is told of them: a little
 * more than they wait at most between two tries.
 */
const pilotPatienceMs = 6_000;

const manifest = new URL('../package.json', import.meta.url);

/**
 * Starts an agent with all its roles and connects it to its hub.
 *
 * @throws DomainError `conflict` when another agent works in the state folder, `unavailable` when
 * a port or socket cannot be had.
 */
export async function startAgent(
  config: AgentConfig,
  identity: AgentIdentity,
  log: AgentLog,
): Promise<Agent> {
  await mkdir(config.folder, { recursive: true, mode: 0o700 });
  await chmod(config.folder, 0o700);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const ended = Promise.withResolvers<string>();
  const collections = new Collections(config.collections);
  await collections.makeRoots();
  // Roles begin before there is a session: what they tell meanwhile waits for it.
  const connected = Promise.withResolvers<HubSession>();
  const tell: Tell = async (message) => tellHub(await connected.promise, message, log);
  const surroundings = { config, collections, tell, log };
  const { compute, server, offer } = await startCompute({ ...surroundings, identity });
  const storage = await StorageRole.start(surroundings);
  const instruments = new InstrumentRole(surroundings);
  const desk = new QuestionDesk(collections, workOf(compute, storage));
  await compute?.start(pilotPatienceMs);
  const state = (): AgentState => ({
    type: 'agentState',
    version,
    host: hostname(),
    pid: process.pid,
    compute: offer,
    collections: config.collections.map(({ root: _, ...offered }) => offered),
    channel: storage.channel,
    instruments: instruments.offers(),
    ...(compute?.state() ?? { pilots: [], tasks: [] }),
    transfers: storage.state(),
  });
  const handlers = {
    state,
    onMessage: (message: HubToAgent) => dispatch(message, compute, storage),
    onQuestion: desk.answer,
    onEnded: ended.resolve,
  };
  const session = connectHub(config.hub, identity, handlers, log);
  connected.resolve(session);
  await instruments.start();
  return {
    session,
    ended: ended.promise,
    close: async ({ endPilots }) => {
      await instruments.close();
      if (endPilots) await compute?.endPilots();
      compute?.close();
      await storage.close();
      await server.close();
      await desk.close();
      session.close();
    },
  };
}

function workOf(compute: ComputeRole | null, storage: StorageRole): WorkUnderWay {
  return {
    isHeld: (jobId) => compute?.holds(jobId) ?? false,
    inTheWay: (locations) => storage.inTheWay(locations),
  };
}

async function dispatch(
  message: HubToAgent,
  compute: ComputeRole | null,
  storage: StorageRole,
): Promise<void> {
  switch (message.type) {
    case 'pilotOrders':
      void compute?.order(message);
      break;
    case 'leases':
      compute?.lease(message.pilotId, message.jobs);
      break;
    case 'cancelJobs':
      compute?.recall(message.jobs, 'canceled');
      break;
    case 'returnJobs':
      compute?.recall(message.jobs, 'released');
      break;
    case 'transferOrders':
      storage.order(message.orders);
      break;
    case 'cancelTransfers':
      storage.cancel(message.transferIds);
  }
}
