import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
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
  return {
    ...config,
    hub: config.hub.replace(/\/+$/, ''),
    folder: resolve(base, config.folder),
    collections: config.collections.map((each) => ({ ...each, root: resolve(base, each.root) })),
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

function resolved<K extends string>(
  base: string,
  key: K,
  path: string | undefined,
): Partial<Record<K, string>> {
  return path === undefined ? {} : ({ [key]: resolve(base, path) } as Record<K, string>);
}
