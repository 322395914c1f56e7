import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import { foreignMappingSchema } from '@interpulse/domain/flow/import/foreign-mapping.ts';
import { placementStrategySchema } from '@interpulse/domain/job/job.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { messageSettingsSchema } from './messages/message-settings.ts';
import { providersSchema } from './providers/provider-config.ts';

/** The hub's configuration: a file, parsed once, unknown keys refused. */
export const hubConfigSchema = z.strictObject({
  /** For the embedded database, the admin's token and logs; only its owner may read it. */
  folder: z.string().min(1),
  host: z.string().default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.number().int().min(0).max(65_535).default(8765),
  /** `embedded`, or the address of a PostgreSQL server (15 or later). */
  database: z
    .union([z.literal('embedded'), z.string().regex(/^postgres(ql)?:\/\//)])
    .default('embedded'),
  /** The folder of the built portal; null serves none. */
  portal: z.string().nullable().default(null),
  /** Made at the first start, when there is nobody yet. */
  bootstrap: z
    .strictObject({ adminName: nameSchema, project: nameSchema })
    .default({ adminName: 'admin', project: 'demo' }),
  /** How sites are chosen for jobs that do not say. */
  placement: z
    .strictObject({ strategy: placementStrategySchema.default('earliestFinish') })
    .prefault({}),
  /** What ids and addresses in flows written for Globus stand for here. */
  mapping: foreignMappingSchema.prefault({}),
  /** Action providers elsewhere that flows may use; no others are called. */
  providers: providersSchema.default([]),
  /** Where others reach this hub, such as `https://hub.example.org`; null for where it listens. */
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  ...messageSettingsSchema.shape,
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/** See {@link hubConfigSchema}. */
export type HubConfig = z.infer<typeof hubConfigSchema>;

/** Variables that overrule the file: an address with a password need not stand in it. */
const variables: Record<string, (value: string) => Record<string, unknown>> = {
  INTERPULSE_DATABASE: (database) => ({ database }),
  INTERPULSE_HUB_FOLDER: (folder) => ({ folder }),
  INTERPULSE_LOG_LEVEL: (logLevel) => ({ logLevel }),
  INTERPULSE_PLACEMENT: (strategy) => ({ placement: { strategy } }),
};

/**
 * Reads the configuration; a relative folder counts from its file.
 * @throws DomainError invalid, with the key at fault.
 */
export function readHubConfig(path: string, environment: NodeJS.ProcessEnv): HubConfig {
  let json: unknown;
  try {
    json = withEnvironment(JSON.parse(readFileSync(path, 'utf8')), environment);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError('invalid', `reading the hub's configuration ${path}: ${why}`, { cause });
  }
  const parsed = hubConfigSchema.safeParse(json);
  if (parsed.success) return { ...parsed.data, folder: resolve(dirname(path), parsed.data.folder) };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the whole';
  throw new DomainError('invalid', `${path}: ${where}: ${issue?.message ?? 'not valid'}`);
}

function withEnvironment(json: unknown, environment: NodeJS.ProcessEnv): unknown {
  if (typeof json !== 'object' || json === null) return json;
  const set = Object.entries(variables).map(([variable, keyOf]) => {
    const value = environment[variable];
    return value === undefined || value === '' ? {} : keyOf(value);
  });
  return Object.assign({}, json, ...set) as unknown;
}
