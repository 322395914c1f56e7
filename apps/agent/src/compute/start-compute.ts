import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Collections } from '../collections/collections.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import type { AgentIdentity } from '../hub/agent-identity.ts';
import type { Tell } from '../hub/tell-hub.ts';
import { AppGuard } from './app-guard.ts';
import { ComputeRole } from './compute-role.ts';
import { keepProgramsTidy } from './keep-programs-tidy.ts';
import { listenOf } from './listen-of.ts';
import { openBatch } from './open-batch.ts';
import { findPilotProgram } from './pilot-program.ts';
import { startPilotServer, type PilotServer } from './pilot-server.ts';
import { pilotSubmission } from './pilot-submission.ts';
import { pilotsFolder } from './pilots-folder.ts';
import { launcherOf, readPools, thisMachine, type Pool } from './pools.ts';

/** What the compute role of an agent is made of. */
export interface ComputeSetting {
  config: AgentConfig;
  identity: AgentIdentity;
  collections: Collections;
  tell: Tell;
  log: AgentLog;
}

/** The compute role, where there is one, and the server to which pilots connect. */
export interface StartedCompute {
  compute: ComputeRole | null;
  server: PilotServer;
  /** What the hub is told of it. */
  offer: AgentState['compute'];
}

/**
 * Starts the compute role of an agent.
 *
 * @throws DomainError `conflict` when another agent works in the folder, `unavailable` when nobody
 * can listen for pilots, or their program cannot be laid down.
 */
export async function startCompute(setting: ComputeSetting): Promise<StartedCompute> {
  const { config, identity, log } = setting;
  const role = Promise.withResolvers<ComputeRole | null>();
  // Also without a compute role: by its socket a second agent in this folder notices the first.
  const server = await startPilotServer(
    { folder: config.folder, secret: identity.secret, listen: listenOf(config.compute) },
    {
      // A pilot of an earlier agent may be faster than this one's role.
      onMessage: async (pilotId, message) => (await role.promise)?.takeFromPilot(pilotId, message),
      onDisconnected: (pilotId) => void role.promise.then((it) => it?.noteDisconnected(pilotId)),
    },
    log,
  );
  const { compute } = config;
  if (compute === null) {
    role.resolve(null);
    return { compute: null, server, offer: null };
  }
  const pools = readPools(compute, thisMachine());
  try {
    const made = await makeRole({ ...config, compute }, pools, setting, server);
    role.resolve(made);
    return { compute: made, server, offer: describe(compute, pools) };
  } catch (error) {
    role.resolve(null);
    await server.close();
    throw error;
  }
}

async function makeRole(
  config: AgentConfig & { compute: ComputeConfig },
  pools: ReadonlyMap<string, Pool>,
  { identity, collections, tell, log }: ComputeSetting,
  server: PilotServer,
): Promise<ComputeRole> {
  const program = await findPilotProgram(config, log);
  if (program.folder !== null) {
    const programs = { pilotsFolder: pilotsFolder(config), folder: program.folder };
    keepProgramsTidy(programs, (error) => {
      log.warn({ err: error }, 'old programs of pilots were not removed');
    });
  }
  const submission = { config, pools, secret: identity.secret, environment: process.env };
  const place = { address: server.address, program };
  return new ComputeRole({
    batch: openBatch(config, process.env),
    pools,
    collections,
    guard: new AppGuard(config.compute),
    hub: config.hub,
    server,
    submission: async (order) => pilotSubmission(submission, place, order),
    tell,
    log,
  });
}

function describe(
  compute: ComputeConfig,
  pools: ReadonlyMap<string, Pool>,
): NonNullable<AgentState['compute']> {
  const { batch, scratchCollection, allowsCommands, apps, labels } = compute;
  return {
    batch,
    scratchCollection,
    allowsCommands,
    apps,
    labels,
    launcher: launcherOf(compute),
    pools: [...pools.values()].map(({ offer }) => offer),
  };
}
