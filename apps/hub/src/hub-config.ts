import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import { nameSchema } from '@interpulse/domain/location.ts';

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
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/** See {@link hubConfigSchema}. */
export type HubConfig = z.infer<typeof hubConfigSchema>;

/** Reads the configuration. @throws DomainError invalid, with the key at fault. */
export function readHubConfig(path: string): HubConfig {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError('invalid', `reading the hub's configuration ${path}: ${why}`, { cause });
  }
  const parsed = hubConfigSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'the whole';
  throw new DomainError('invalid', `${path}: ${where}: ${issue?.message ?? 'not valid'}`);
}
