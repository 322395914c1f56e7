import { join, resolve } from 'node:path';

/** Paths within the folder of `up`; all absolute. */
export interface DataFolder {
  root: string;
  logs: string;
  configs: string;
  /** What people add to the hub's configuration: mail, webhooks, mapping and the like. */
  ownHubConfig: string;
  /** Results of `--data`. */
  answers: string;
  config(name: string): string;
  log(name: string): string;
  agent(site: string): string;
  /** The root of a site's collection. */
  storage(site: string): string;
}

/** The {@link DataFolder} of a path. */
export function dataFolder(path: string): DataFolder {
  const root = resolve(path);
  return {
    root,
    logs: join(root, 'logs'),
    configs: join(root, 'configs'),
    ownHubConfig: join(root, 'hub.json'),
    answers: join(root, 'answers'),
    config: (name) => join(root, 'configs', `${name}.json`),
    log: (name) => join(root, 'logs', `${name}.log`),
    agent: (site) => join(root, 'agents', site),
    storage: (site) => join(root, 'sites', site),
  };
}
