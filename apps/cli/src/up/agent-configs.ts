import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';

/** The names of what `up` makes. */
export const facility = {
  computeSites: ['alpha', 'beta'],
  instrumentSite: 'beamline',
  instrument: 'xpcs-beamline',
  rawCollection: 'beamline-raw',
  answersCollection: 'my-answers',
} as const;

/** A folder of the user's that is offered for reading. */
export interface OfferedFolder {
  collection: string;
  root: string;
}

/** What the agents' configurations depend on. */
export interface AgentSetting {
  folder: DataFolder;
  hubUrl: string;
  /** Cores of the machine. */
  cores: number;
  /** The folder with the commands of the shipped analyses. */
  analyses: string;
  /** Seconds between simulated shots; null takes none. */
  periodSeconds: number | null;
  /** False lets the instrument say who it is, and take no shots. */
  measures?: boolean;
  offered: readonly OfferedFolder[];
}

/** A site's configuration, as the agent reads it. */
export interface AgentConfiguration {
  site: string;
  config: Record<string, unknown> & {
    collections: readonly Offer[];
    instruments: readonly Offer[];
  };
}

/** What the hub knows by its name. */
type Offer = { name: string } & Record<string, unknown>;

/** The configurations of the two compute sites and of the instrument. */
export function agentConfigs(setting: AgentSetting): AgentConfiguration[] {
  const share = Math.max(1, Math.floor(setting.cores / 2));
  return [
    ...facility.computeSites.map((site) => computeSite(setting, site, share)),
    { site: facility.instrumentSite, config: instrumentSite(setting) },
  ];
}

function base(setting: AgentSetting, site: string): Record<string, unknown> {
  return {
    hub: setting.hubUrl,
    folder: setting.folder.agent(site),
    site,
    channel: { host: '127.0.0.1', port: 0, tls: false },
    // What runs on this machine ends with `up`.
    endPilots: true,
  };
}

function computeSite(setting: AgentSetting, site: string, cores: number): AgentConfiguration {
  const collection = `${site}-scratch`;
  const root = setting.folder.storage(site);
  return {
    site,
    config: {
      ...base(setting, site),
      compute: {
        batch: 'local',
        cores,
        // Each site has its share of the machine.
        memoryBytes: Math.floor(totalmem() / facility.computeSites.length),
        scratchCollection: collection,
        allowsCommands: true,
        appsPath: [setting.analyses],
      },
      collections: [{ name: collection, root, title: `Scratch of ${site}`, writable: true }],
      instruments: [],
    },
  };
}

function instrumentSite(setting: AgentSetting): AgentConfiguration['config'] {
  const { folder, periodSeconds } = setting;
  const { instrumentSite: site, rawCollection, answersCollection, instrument } = facility;
  const collections = [
    { name: rawCollection, root: folder.storage(site), title: 'Beamline', writable: true },
    { name: answersCollection, root: folder.answers, title: 'Answers', writable: true },
    ...setting.offered.map(({ collection, root }) => ({
      name: collection,
      root,
      title: `Your files in ${root}`,
      writable: false,
    })),
  ];
  const measures = {
    name: instrument,
    title: 'Simulated XPCS beamline',
    collection: rawCollection,
    returnTo: `${rawCollection}:/answers`,
    periodSeconds,
    watch: { folder: '/raw', pattern: '*.nxs', settle: 'rename' },
    ...(setting.measures === false ? {} : { simulate: { periodSeconds } }),
  };
  return {
    ...base(setting, site),
    compute: null,
    collections,
    instruments: periodSeconds === null ? [] : [measures],
  };
}

/** The folder in which simulated shots appear. */
export function rawFolder(folder: DataFolder): string {
  return join(folder.storage(facility.instrumentSite), 'raw');
}
