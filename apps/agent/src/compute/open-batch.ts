import { delimiter, join } from 'node:path';
import type { BatchSystem } from '@interpulse/adapters/batch/batch-system.ts';
import { localBatch } from '@interpulse/adapters/batch/local.ts';
import { pbsBatch } from '@interpulse/adapters/batch/pbs.ts';
import { slurmBatch } from '@interpulse/adapters/batch/slurm.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import { pilotsFolder } from './pilots-folder.ts';

/** What commands of batch systems may need of the agent's own environment. */
const passedOn = /^(?:HOME|USER|LOGNAME|LANG|LC_.*|TZ|LD_LIBRARY_PATH|KRB5.*|SLURM_CONF|PBS_.*)$/;

/** The environment of the batch system's commands. */
export function schedulerEnvironment(
  compute: Pick<ComputeConfig, 'scheduler'>,
  environment: NodeJS.ProcessEnv,
): Record<string, string | undefined> {
  const { commandFolder, environment: more } = compute.scheduler;
  const passed = Object.entries(environment).filter(([name]) => passedOn.test(name));
  const path = [commandFolder, environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'];
  const found = path.filter((folder) => folder !== null).join(delimiter);
  return { ...Object.fromEntries(passed), PATH: found, ...more };
}

/** The batch system of an agent's configuration. */
export function openBatch(
  config: AgentConfig & { compute: ComputeConfig },
  environment: NodeJS.ProcessEnv,
): BatchSystem {
  const { batch } = config.compute;
  if (batch === 'local') return localBatch(pilotsFolder(config));
  const options = {
    folder: join(config.folder, 'batch'),
    environment: schedulerEnvironment(config.compute, environment),
  };
  return batch === 'slurm' ? slurmBatch(options) : pbsBatch(options);
}
