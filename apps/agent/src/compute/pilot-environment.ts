import { join } from 'node:path';
import type { AgentConfig } from '../config/agent-config.ts';
import { pilotsFolder } from './pilots-folder.ts';

/** What programs need to know of where they are; the agent's secrets are not among it. */
const passedOn = /^(?:HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|LD_LIBRARY_PATH|MODULE.*|OMP_.*)$/;

/** True of this machine, not of a node that the batch system gives. */
const passedOnHere = /^(?:TMPDIR|CUDA_VISIBLE_DEVICES)$/;

const usualPath = '/usr/local/bin:/usr/bin:/bin';

/** The environment of pilots, which their jobs inherit: a chosen few of the agent's variables. */
export function pilotEnvironment(
  config: Pick<AgentConfig, 'folder' | 'compute'>,
  environment: NodeJS.ProcessEnv,
  node: string = process.execPath,
): Record<string, string> {
  const isHere = config.compute?.batch === 'local';
  const passed = Object.entries(environment).flatMap(([name, value]) => {
    const passes = passedOn.test(name) || (isHere && passedOnHere.test(name));
    return value !== undefined && passes ? [[name, value] as const] : [];
  });
  const path = [...(config.compute?.appsPath ?? []), environment['PATH'] ?? usualPath];
  return {
    ...Object.fromEntries(passed),
    PATH: path.join(':'),
    // For the launchers of our own apps, which may not find a Node that is new enough.
    INTERPULSE_NODE: node,
    NODE_COMPILE_CACHE: environment['NODE_COMPILE_CACHE'] ?? compileCache(config),
    ...config.compute?.environment,
  };
}

function compileCache(config: Pick<AgentConfig, 'folder' | 'compute'>): string {
  const isHere = config.compute?.batch === 'local';
  return join(isHere ? config.folder : pilotsFolder(config), 'compile-cache');
}
