import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { agentConfigSchema, type AgentConfig } from './agent-config.ts';

/** Variables that overrule the file, and the keys they stand for. */
const variables = {
  INTERPULSE_HUB: 'hub',
  INTERPULSE_AGENT_FOLDER: 'folder',
  INTERPULSE_LOG_LEVEL: 'logLevel',
} as const;

/**
 * Reads an agent's configuration from a JSON file and the environment. Paths in the file are
 * relative to the file's folder.
 *
 * @throws DomainError `invalid` with every fault and its path.
 */
export function readAgentConfig(path: string, environment: NodeJS.ProcessEnv): AgentConfig {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError('invalid', `reading the configuration ${path}: ${why}`, { cause });
  }
  return parseAgentConfig(content, dirname(resolve(path)), environment);
}

/** The same for a value that was read already; relative paths start at `base`. */
export function parseAgentConfig(
  content: unknown,
  base: string,
  environment: NodeJS.ProcessEnv = {},
): AgentConfig {
  const overrules = Object.entries(variables).flatMap(([variable, key]) => {
    const value = environment[variable];
    return value === undefined || value === '' ? [] : [[key, value]];
  });
  const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
  const merged = isObject ? { ...content, ...Object.fromEntries(overrules) } : content;
  const parsed = agentConfigSchema.safeParse(merged);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => ({
      loc: issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
      msg: issue.message,
      type: issue.code,
    }));
    const said = faults.map(({ loc, msg }) => `${loc.join('.') || 'the file'}: ${msg}`).join('; ');
    throw new DomainError('invalid', `reading the agent's configuration: ${said}`, { faults });
  }
  const config = parsed.data;
  const collections = config.collections.map((each) => ({
    ...each,
    root: resolve(base, each.root),
  }));
  refuseSharedRoots(collections);
  return {
    ...config,
    hub: config.hub.replace(/\/+$/, ''),
    folder: resolve(base, config.folder),
    collections,
    compute: config.compute && {
      ...config.compute,
      appsPath: config.compute.appsPath.map((folder) => resolve(base, folder)),
      ...resolved(base, 'pilotFolder', config.compute.pilotFolder),
      scheduler: {
        ...config.compute.scheduler,
        ...resolved(base, 'commandFolder', config.compute.scheduler.commandFolder ?? undefined),
      },
    },
  };
}

/** Whoever may use a collection reaches all below its root, whose ever that is. */
function refuseSharedRoots(collections: AgentConfig['collections']): void {
  for (const [index, { name, root, project }] of collections.entries()) {
    if (project === undefined) continue;
    const around = collections.find((other) => {
      const isWithin = !/^\.\.(\/|$)/.test(relative(other.root, root));
      return other.project !== project && isWithin;
    });
    if (around === undefined) continue;
    const whose = around.project === undefined ? 'everybody' : `project ${around.project}`;
    const what = `collections.${index}.root: "${name}" of project ${project} lies in`;
    const message = `${what} "${around.name}", which ${whose} may use`;
    const hint = 'give them folders beside each other';
    throw new DomainError('invalid', `reading the agent's configuration: ${message}; ${hint}`);
  }
}

function resolved<K extends string>(
  base: string,
  key: K,
  path: string | undefined,
): Partial<Record<K, string>> {
  return path === undefined ? {} : ({ [key]: resolve(base, path) } as Record<K, string>);
}
