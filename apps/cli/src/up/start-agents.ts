import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  unwrap,
  type InterpulseClient,
  type Schemas,
} from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Connection } from '../connection/connection.ts';
import { followThing } from '../follow-thing.ts';
import { partPath } from '../programs.ts';
import type { AgentConfiguration } from './agent-configs.ts';
import type { DataFolder } from './data-folder.ts';
import { agentEnvironment } from './end-stray-pilots.ts';
import { lastLines } from './last-lines.ts';
import { startChild, type Child } from './start-child.ts';

/** Writes the configuration of an agent and gives it its path. */
function writeConfig(folder: DataFolder, { site, config }: AgentConfiguration): string {
  const file = folder.config(site);
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return file;
}

/** Gives an agent its identity where it has none yet. @throws DomainError unavailable. */
export async function enrolAgent(
  client: InterpulseClient,
  folder: DataFolder,
  agent: AgentConfiguration,
): Promise<void> {
  const { site } = agent;
  if (existsSync(join(folder.agent(site), 'identity.json'))) return;
  const { code } = await unwrap(client.POST('/api/v1/enrolment-codes', { body: { site } }));
  const child = startChild({
    name: site,
    path: partPath('agent'),
    args: ['enrol', '--config', writeConfig(folder, agent), '--code', code],
    logFile: folder.log(site),
    speaks: false,
  });
  const { code: exitCode } = await child.ended;
  if (exitCode === 0) return;
  const reason = lastLines(folder.log(site), 1).at(0) ?? `exit code ${exitCode}`;
  throw new DomainError('unavailable', `the agent of ${site} cannot enrol: ${reason}`);
}

/** Starts an agent with its configuration. */
export function startAgent(folder: DataFolder, agent: AgentConfiguration): Child {
  return startChild({
    name: `agent ${agent.site}`,
    path: partPath('agent'),
    args: ['--config', writeConfig(folder, agent)],
    logFile: folder.log(agent.site),
    speaks: false,
    environment: agentEnvironment(folder.root),
  });
}

/**
 * Waits until the hub knows what all these agents offer. A site that was up a moment ago counts as
 * up until its silence is noticed, so the hub may still know what its agent offered before.
 * @throws DomainError unavailable when it takes too long.
 */
export async function agentsAreKnown(
  hub: { connection: Connection; client: InterpulseClient },
  agents: readonly AgentConfiguration[],
  signal: AbortSignal,
): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(startMilliseconds)]);
  let missing = [...agents];
  await followThing(hub, {
    concerns: () => true,
    fetch: () => readOffers(hub.client),
    isEnd: (offers) => {
      missing = agents.filter((agent) => !isKnown(agent, offers));
      return missing.length === 0;
    },
    show: () => undefined,
    changesSilently: true,
    signal: patience,
  });
  signal.throwIfAborted();
  if (missing.length === 0) return;
  const names = missing.map(({ site }) => site).join(', ');
  const message = `the agents of ${names} do not come up; see their logs`;
  throw new DomainError('unavailable', message);
}

/** What the hub knows of agents. */
interface Offers {
  sites: Schemas['Site'][];
  instruments: Schemas['Instrument'][];
}

async function readOffers(client: InterpulseClient): Promise<Offers> {
  const params = { query: {} };
  const [sites, instruments] = await Promise.all([
    unwrap(client.GET('/api/v1/sites', { params })),
    unwrap(client.GET('/api/v1/instruments', { params })),
  ]);
  return { sites: sites.items, instruments: instruments.items };
}

function isKnown({ site: name, config }: AgentConfiguration, offers: Offers): boolean {
  const site = offers.sites.find((each) => each.name === name);
  const instruments = offers.instruments.filter((each) => each.siteName === name);
  const known = [...(site?.collections ?? []), ...instruments.map((each) => each.name)];
  const offered = [...config.collections, ...config.instruments];
  return site?.status === 'up' && offered.every((offer) => known.includes(offer.name));
}

const startMilliseconds = 60_000;
