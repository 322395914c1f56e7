import { join } from 'node:path';
import type { BatchRequest } from '@interpulse/adapters/batch/batch-system.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Instant } from '@interpulse/domain/time.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import { pilotEnvironment } from './pilot-environment.ts';
import type { PilotProgram } from './pilot-program.ts';
import type { PilotOrder } from './pilot-submitter.ts';
import { pilotToken } from './pilot-token.ts';
import { pilotsFolder } from './pilots-folder.ts';
import { findPool, launcherOf, nextMaintenanceAt, type Pool } from './pools.ts';

/** What every submission of an agent has in common. */
export interface SubmissionSetting {
  config: AgentConfig & { compute: ComputeConfig };
  pools: ReadonlyMap<string, Pool>;
  /** The agent's secret, from which pilots' tokens are made. */
  secret: string;
  /** The agent's own environment. */
  environment: NodeJS.ProcessEnv;
}

/** Where a pilot finds its agent, and what it runs. */
export interface SubmissionPlace {
  address: string;
  program: Pick<PilotProgram, 'command' | 'node'>;
}

/**
 * What the batch system is asked for one pilot.
 *
 * @throws DomainError `invalid` for a pool that there is not, `unavailable` shortly before a
 * maintenance.
 */
export function pilotSubmission(
  setting: SubmissionSetting,
  { address, program }: SubmissionPlace,
  order: PilotOrder,
): BatchRequest {
  const { config, secret } = setting;
  const { pilotId, nodes } = order;
  const { options, offer } = findPool(setting.pools, order.pool);
  const endsBeforeAt = nextMaintenanceAt(config.compute, Date.now());
  const walltimeSeconds = walltimeBefore(endsBeforeAt, order.walltimeSeconds);
  const environment: Record<string, string> = {
    ...pilotEnvironment(config, setting.environment, program.node),
    INTERPULSE_PILOT_ID: pilotId,
    INTERPULSE_AGENT_ADDRESS: address,
    INTERPULSE_PILOT_TOKEN: pilotToken(secret, pilotId),
    INTERPULSE_CORES: String(offer.coresPerNode),
    INTERPULSE_GPUS: String(options.gpusPerNode),
    INTERPULSE_LAUNCHER: launcherOf(config.compute) ?? 'none',
    INTERPULSE_GRACE_SECONDS: String(config.compute.graceSeconds),
    INTERPULSE_WALLTIME_SECONDS: String(walltimeSeconds),
  };
  if (options.memoryBytesPerNode > 0) {
    environment['INTERPULSE_MEMORY_BYTES'] = String(options.memoryBytesPerNode);
  }
  return {
    pilotId,
    nodes,
    walltimeSeconds,
    command: program.command,
    environment,
    options: { ...options, endsBeforeAt },
    folder: join(pilotsFolder(config), pilotId),
  };
}

/** A pilot shorter than this is not worth its start. */
const shortestSeconds = 300;

/** From the order to the end of its submission. */
const marginSeconds = 60;

/** A pilot that would run into a maintenance is shorter, so that it is over before. */
function walltimeBefore(endsBeforeAt: Instant | null, walltimeSeconds: number): number {
  if (endsBeforeAt === null) return walltimeSeconds;
  const leftSeconds = Math.floor((Date.parse(endsBeforeAt) - Date.now()) / 1000) - marginSeconds;
  if (leftSeconds >= Math.min(walltimeSeconds, shortestSeconds)) {
    return Math.min(walltimeSeconds, leftSeconds);
  }
  const said = `submitting a pilot: a maintenance of the site begins at ${endsBeforeAt}`;
  throw new DomainError('unavailable', `${said}; work waits, or runs at other sites`);
}
