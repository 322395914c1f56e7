import type { InterpulseClient } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { connect } from '../connection/connect.ts';
import type { Connection } from '../connection/connection.ts';
import { readAdminToken, writeLocalAddress } from '../connection/local-hub.ts';
import { partPath } from '../programs.ts';
import { agentConfigs, type AgentConfiguration, type OfferedFolder } from './agent-configs.ts';
import type { DataFolder } from './data-folder.ts';
import { endStrayPilots } from './end-stray-pilots.ts';
import { keepRunning, type Kept } from './keep-running.ts';
import { lastLines } from './last-lines.ts';
import { agentsAreKnown, enrolAgent, startAgent } from './start-agents.ts';
import { startHub } from './start-hub.ts';

/** What a {@link Facility} needs. */
export interface FacilitySetting {
  folder: DataFolder;
  /** Cores of the machine. */
  cores: number;
  /** Told when a program ended and is started again. */
  say: (line: string) => void;
  /** Told when a program cannot be kept running. */
  onGivenUp: (reason: string) => void;
  signal: AbortSignal;
}

/** The hub that runs, and how to ask it. */
export interface OwnHub {
  connection: Connection;
  client: InterpulseClient;
}

/** What the agents are to offer. */
export interface AgentWishes {
  /** Null takes no simulated shots. */
  periodSeconds: number | null;
  /** False lets the instrument say who it is, and take no shots. */
  measures?: boolean;
  offered: readonly OfferedFolder[];
}

/** The programs of `up`, kept running. */
export interface Facility {
  startHub(port: number): Promise<OwnHub>;
  /** Starts agents (those named, or all) and waits until the hub knows what they offer. */
  startAgents(hub: OwnHub, wishes: AgentWishes, only?: readonly string[]): Promise<void>;
  /** Ends one agent. */
  stopAgent(site: string): Promise<void>;
  /** Ends everything, last started first. */
  stop(): Promise<void>;
  kill(): void;
}

/** A {@link Facility} in which nothing runs yet. */
export function createFacility(setting: FacilitySetting): Facility {
  const { folder, signal } = setting;
  const running = new Map<string, Kept>();
  const keep = async (name: string, start: Parameters<typeof keepRunning>[0]['start']) => {
    signal.throwIfAborted();
    const onGivenUp = (reason: string) => {
      const log = folder.log(name);
      const lines = lastLines(log, 3).map((line) => `\n    ${line}`);
      setting.onGivenUp(`${reason}; the end of ${log}:${lines.join('')}`);
    };
    running.set(name, await keepRunning({ start, say: setting.say, onGivenUp }));
    signal.throwIfAborted();
  };
  return {
    async startHub(port) {
      let url = '';
      await keep('hub', async () => {
        const started = await startHub(folder, url === '' ? port : Number(new URL(url).port));
        url = started.url;
        return started.child;
      });
      const token = readAdminToken(folder.root);
      if (token === undefined) {
        throw new DomainError('unavailable', `the hub left no token in ${folder.root}`);
      }
      writeLocalAddress(folder.root, url);
      const connection = { url, token, source: folder.root };
      return { connection, client: connect(connection) };
    },
    async startAgents(hub, wishes, only) {
      const { url } = hub.connection;
      const analyses = partPath('analyses');
      const all = agentConfigs({ ...setting, hubUrl: url, analyses, ...wishes });
      const wanted = all.filter(({ site }) => only === undefined || only.includes(site));
      const start = async (each: AgentConfiguration): Promise<void> => {
        await enrolAgent(hub.client, folder, each);
        await keep(each.site, async () => startAgent(folder, each));
      };
      await Promise.all(wanted.map(start));
      await agentsAreKnown(hub, wanted, signal);
    },
    async stopAgent(site) {
      await running.get(site)?.stop();
      running.delete(site);
    },
    async stop() {
      // Where the hub did not start another `up` may run here: then nothing is ours.
      if (running.size === 0) return;
      const [hub, ...agents] = running.values();
      await Promise.all(agents.map((each) => each.stop()));
      await endStrayPilots(folder.root);
      await hub?.stop();
      running.clear();
    },
    kill() {
      for (const each of running.values()) each.kill();
    },
  };
}
