import { join } from 'node:path';
import type { AgentConfig } from '../config/agent-config.ts';

/** What programs need to know of where they are; the agent's secrets are not among it. */
const passedOn =
  /^(?:HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|LD_LIBRARY_PATH|MODULEPATH|OMP_.*)$/;

const usualPath = '/usr/local/bin:/usr/bin:/bin';

/** The environment of pilots, which their jobs inherit: a chosen few of the agent's variables. */
export function pilotEnvironment(
  config: Pick<AgentConfig, 'folder' | 'compute'>,
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const passed = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && passedOn.test(name) ? [[name, value] as const] : [],
  );
  const path = [...(config.compute?.appsPath ?? []), environment['PATH'] ?? usualPath];
  return {
    ...Object.fromEntries(passed),
    PATH: path.join(':'),
    // For the launchers of our own apps, which may not find a Node that is new enough.
    INTERPULSE_NODE: process.execPath,
    NODE_COMPILE_CACHE: environment['NODE_COMPILE_CACHE'] ?? join(config.folder, 'compile-cache'),
    ...config.compute?.environment,
  };
}
