import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { AgentConfig } from '../config/agent-config.ts';
import { readAgentIdentity } from '../hub/agent-identity.ts';
import { check, type Check } from './check.ts';
import { checkCompute } from './check-compute.ts';
import { checkInstruments } from './check-instruments.ts';

const patienceMs = 5_000;

/** Clocks that differ more make times in the portal hard to read. */
const clockSeconds = 30;

/** Looks at everything that the configuration names; never throws. */
export async function doctor(config: AgentConfig): Promise<Check[]> {
  const { compute } = config;
  return Promise.all([
    check('identity', 'enrol this agent with a code from the hub', async () => {
      const { agentId, site } = await readAgentIdentity(config.folder);
      if (config.site !== undefined && config.site !== site) {
        throw new Error(`enrolled as site ${site}, configured as ${config.site}`);
      }
      return `${agentId} of site ${site}`;
    }),
    check('hub', 'start the hub, or correct "hub" in the configuration', async () => {
      const { status } = await askHub(config.hub);
      return `${config.hub} answers (HTTP ${status})`;
    }),
    check('clock', 'let both machines keep the time by NTP', async () => {
      const { differsSeconds } = await askHub(config.hub);
      const said = `differs from the hub's by ${Math.round(differsSeconds)} s`;
      if (Math.abs(differsSeconds) > clockSeconds) throw new Error(said);
      return said;
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
    ...checkInstruments(config),
    ...(compute === null ? [] : checkCompute({ ...config, compute })),
  ]);
}

async function askHub(hub: string): Promise<{ status: number; differsSeconds: number }> {
  const response = await fetch(hub, { signal: AbortSignal.timeout(patienceMs) });
  await response.body?.cancel();
  const told = Date.parse(response.headers.get('date') ?? '');
  const differsSeconds = Number.isNaN(told) ? 0 : (Date.now() - told) / 1000;
  return { status: response.status, differsSeconds };
}
