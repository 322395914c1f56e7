import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  createClient,
  unwrap,
  type InterpulseClient,
} from '@interpulse/api/client/create-client.ts';
import { startChild, type Child } from './child.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const hubMain = join(root, 'apps/hub/src/main.ts');
const agentMain = join(root, 'apps/agent/src/main.ts');

/** An agent of a pretend facility: its site, and its configuration without hub and folder. */
export interface FacilityAgent {
  site: string;
  config: Record<string, unknown>;
  /** Words in front of its command: `ip netns exec NAME` puts it on another host. */
  wrapper?: readonly string[];
}

/** What a pretend facility is made of. */
export interface FacilityOptions {
  /** Everything lies below it. */
  folder: string;
  agents: FacilityAgent[];
  /** `embedded` unless stated. */
  database?: string;
  /** Where the hub listens; `127.0.0.1` unless stated. */
  host?: string;
  /** Further settings of its configuration. */
  hub?: Record<string, unknown>;
  /** A second hub on the same database, `hub-2`, to which no agent goes. */
  secondHub?: boolean;
  /** Of hub and agents, over that of this process. */
  environment?: NodeJS.ProcessEnv;
}

/** A whole facility of real processes: a hub with its database, agents, their pilots. */
export interface Facility {
  readonly folder: string;
  url: string;
  token: string;
  client: InterpulseClient;
  /** Of the second hub. */
  secondClient: InterpulseClient;
  /** `hub`, `hub-2`, and agents by their site's name. */
  readonly children: Map<string, Child>;
  /** Starts one of them (again); the hub keeps its port. */
  start(name: string): Promise<void>;
  /** Kills one of them and waits for its end. */
  kill(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Ends everything: agents first, with their pilots. */
  stop(): Promise<void>;
}

/** Starts a hub and agents from their sources, enrolled and connected. */
export async function startFacility(options: FacilityOptions): Promise<Facility> {
  const facility = new RunningFacility(options);
  try {
    await facility.begin();
    return facility;
  } catch (error) {
    await facility.stop();
    throw error;
  }
}

class RunningFacility implements Facility {
  readonly folder: string;
  readonly children = new Map<string, Child>();
  readonly #options: FacilityOptions;
  url = '';
  token = '';
  client: InterpulseClient = createClient({ baseUrl: 'http://127.0.0.1' });
  secondClient: InterpulseClient = this.client;
  readonly #ports = new Map<string, number>();

  constructor(options: FacilityOptions) {
    this.folder = options.folder;
    this.#options = options;
  }

  async begin(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await this.start('hub');
    if (this.#options.secondHub) await this.start('hub-2');
    for (const agent of this.#options.agents) await this.#enrol(agent);
    await Promise.all(this.#options.agents.map(({ site }) => this.start(site)));
  }

  async start(name: string): Promise<void> {
    if (isHub(name)) return this.#startHub(name);
    const config = join(this.folder, `${name}.json`);
    const agent = this.#options.agents.find(({ site }) => site === name);
    this.children.set(name, this.#child(name, agentMain, config, agent?.wrapper));
  }

  async kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.children.get(name)?.kill(signal);
    this.children.delete(name);
  }

  async stop(): Promise<void> {
    const agents = [...this.children.keys()].filter((name) => !isHub(name));
    await Promise.all(agents.map((name) => this.kill(name, 'SIGTERM')));
    await this.kill('hub-2', 'SIGTERM');
    await this.kill('hub', 'SIGTERM');
  }

  async #startHub(name: string): Promise<void> {
    const config = join(this.folder, `${name}.json`);
    const folder = join(this.folder, name);
    const { database = 'embedded', host = '127.0.0.1', hub = {} } = this.#options;
    const port = this.#ports.get(name) ?? 0;
    const settings = { folder, host, port, database, logLevel: 'info', ...hub };
    await writeFile(config, JSON.stringify(settings));
    const child = this.#child(name, hubMain, config);
    this.children.set(name, child);
    const line = await child.line((text) => text.startsWith('{'));
    const said = JSON.parse(line) as { ready?: boolean; url?: string; error?: string };
    if (said.url === undefined) throw new Error(`the hub did not start: ${said.error ?? line}`);
    this.#ports.set(name, Number(new URL(said.url).port));
    if (name !== 'hub') {
      this.secondClient = createClient({ baseUrl: said.url, token: this.token });
      return;
    }
    this.url = said.url;
    this.token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
    this.client = createClient({ baseUrl: this.url, token: this.token });
  }

  #child(name: string, main: string, config: string, wrapper: readonly string[] = []): Child {
    const logFile = join(this.folder, `${name}.log`);
    const { environment = {} } = this.#options;
    return startChild(name, main, ['--config', config], { environment, logFile, wrapper });
  }

  async #enrol({ site, config, wrapper = [] }: FacilityAgent): Promise<void> {
    const folder = join(this.folder, site);
    const { code } = await unwrap(this.client.POST('/api/v1/enrolment-codes', { body: { site } }));
    const enrol = ['enrol', '--hub', this.url, '--code', code, '--folder', folder];
    const [program = '', ...args] = [...wrapper, process.execPath, agentMain, ...enrol];
    await promisify(execFile)(program, args);
    const file = join(this.folder, `${site}.json`);
    await writeFile(file, JSON.stringify({ ...config, hub: this.url, folder }));
  }
}

function isHub(name: string): boolean {
  return name === 'hub' || name === 'hub-2';
}
