import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { AgentConfig } from '../config/agent-config.ts';
import { readAgentIdentity } from '../hub/agent-identity.ts';

/** One thing that must be in order for an agent to work. */
export interface Check {
  name: string;
  ok: boolean;
  /** What was found. */
  detail: string;
  /** What to do when it is not in order. */
  fix: string;
}

const patienceMs = 5_000;

/** Programs that our own flows run. */
const launchers = ['interpulse-xpcs', 'interpulse-tomo', 'interpulse-plot'];

/** Looks at everything that the configuration names; never throws. */
export async function doctor(config: AgentConfig): Promise<Check[]> {
  const checks = await Promise.all([
    check('identity', 'enrol this agent with a code from the hub', async () => {
      const { agentId, site } = await readAgentIdentity(config.folder);
      if (config.site !== undefined && config.site !== site) {
        throw new Error(`enrolled as site ${site}, configured as ${config.site}`);
      }
      return `${agentId} of site ${site}`;
    }),
    check('hub', 'start the hub, or correct "hub" in the configuration', async () => {
      const response = await fetch(config.hub, { signal: AbortSignal.timeout(patienceMs) });
      await response.body?.cancel();
      return `${config.hub} answers (HTTP ${response.status})`;
    }),
    ...config.collections.map((each) =>
      check(`collection ${each.name}`, `make ${each.root}, or give this user access`, async () => {
        const stats = await stat(each.root);
        if (!stats.isDirectory()) throw new Error(`${each.root} is not a folder`);
        const mode = constants.R_OK | constants.X_OK | (each.writable ? constants.W_OK : 0);
        await access(each.root, mode);
        return `${each.root} ${each.writable ? 'can be written' : 'can be read'}`;
      }),
    ),
    ...checkCompute(config),
  ]);
  return checks;
}

function checkCompute(config: AgentConfig): Promise<Check>[] {
  if (config.compute === null) return [];
  const folders = [...config.compute.appsPath, ...(process.env['PATH'] ?? '').split(delimiter)];
  const shell = check('batch local', 'install a POSIX shell and grep', async () => {
    return `${await findProgram('sh', folders)}, ${await findProgram('grep', folders)}`;
  });
  const apps = launchers.map((name) =>
    check(`app ${name}`, 'name its folder in "appsPath"', () => findProgram(name, folders)),
  );
  return [shell, ...apps];
}

async function findProgram(name: string, folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`${name} was not found`);
}

async function check(name: string, fix: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look(), fix };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const detail = cause instanceof Error ? cause.message : String(cause);
    return { name, ok: false, detail, fix };
  }
}
