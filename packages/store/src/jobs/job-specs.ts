import { createHash } from 'node:crypto';
import type { App, AppCode, Resources, RetryRule } from '@interpulse/domain/app/app.ts';
import type { Job, SiteWish } from '@interpulse/domain/job/job.ts';
import type { CodeSeen } from '@interpulse/domain/placement/snapshot.ts';
import type { Database } from '../database.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** What many jobs share: kept once for all that are alike in it. */
export interface JobSpec {
  /** The app's version as it was at submission. */
  appVersion: string;
  /** What runs, by site name and `*` for all others; null for plain commands. */
  code: Record<string, AppCode> | null;
  /** What placing sees of it; null for plain commands. */
  codeSeen: Record<string, CodeSeen> | null;
  /** The only sites that have the app; null for any. */
  appSites: string[] | null;
  siteWish: SiteWish;
  outputRules: App['outputs'];
  /** The job's own environment, besides the app's. */
  environment: Record<string, string>;
  resources: Resources;
  onError: RetryRule;
  onTimeout: RetryRule;
  onParentFailure: Job['onParentFailure'];
  placement: Job['placement'];
  allocation: string | null;
  restartable: boolean;
  mayUseHub: boolean;
}

const select = statement<{ id: number; digest: string }, [string]>(
  'find_specs',
  `select id, encode(digest, 'hex') as digest from job_specs
   where digest in (select decode(d, 'hex') from jsonb_array_elements_text($1::jsonb) d)`,
);

const insert = statement<never, [string]>(
  'insert_specs',
  `insert into job_specs (digest, app_version, code, code_seen, app_sites, site_wish, output_rules,
     environment, resources, nodes, gpus, memory_bytes, walltime_seconds, on_error,
     on_timeout, on_parent_failure, placement,
     allocation, restartable, may_use_hub)
   select decode(digest, 'hex'), "appVersion", nullif(code, 'null'), nullif("codeSeen", 'null'),
     "appSites", "siteWish", "outputRules", environment, resources,
     (resources->>'nodes')::int, (resources->>'gpus')::float8 * (resources->>'nodes')::int,
     (resources->>'memoryBytes')::bigint * (resources->>'nodes')::int,
     (resources->>'walltimeSeconds')::int, "onError", "onTimeout", "onParentFailure", placement,
     allocation, restartable, "mayUseHub"
   from jsonb_to_recordset($1::jsonb) as r(digest text, "appVersion" text, code jsonb,
     "codeSeen" jsonb, "appSites" text[], "siteWish" jsonb, "outputRules" jsonb, environment jsonb,
     resources jsonb, "onError" jsonb, "onTimeout" jsonb, "onParentFailure" text, placement text,
     allocation text, restartable boolean, "mayUseHub" boolean)
   order by digest on conflict (digest) do nothing`,
);

/**
 * Keeps specs that are not there yet; answers the number of each, in the order given. They are
 * there at once and never change: in the transaction of their jobs, two that begin the same jobs
 * in another order would wait for each other. Specs that no job came to use do no harm.
 */
export async function keepSpecs(db: Database, specs: readonly JobSpec[]): Promise<number[]> {
  const digests = specs.map(digestOf);
  const wanted = jsonb([...new Set(digests)]);
  const known = new Map<string, number>();
  for (const row of await db.run(select, wanted)) known.set(row.digest, row.id);
  const missing = new Map<string, JobSpec & { digest: string }>();
  specs.forEach((spec, index) => {
    const digest = digests[index] ?? '';
    if (!known.has(digest)) missing.set(digest, { ...spec, digest });
  });
  if (missing.size > 0) {
    // Who writes the same at this moment is waited for, and then seen by the second statement.
    await db.run(insert, jsonb([...missing.values()]));
    const rows = await db.run(select, wanted);
    for (const row of rows) known.set(row.digest, row.id);
  }
  return digests.map((digest) => known.get(digest) ?? 0);
}

/** The order of keys means nothing, except in lists. */
function digestOf(spec: JobSpec): string {
  const text = JSON.stringify(spec, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(text).digest('hex');
}

const selectSpecs = statement<{ id: number; spec: JobSpec }, [number[]]>(
  'read_specs',
  `select id, jsonb_build_object('appVersion', app_version, 'code', code, 'codeSeen', code_seen,
     'appSites', app_sites, 'siteWish', site_wish, 'outputRules', output_rules,
     'environment', environment, 'resources', resources, 'onError', on_error,
     'onTimeout', on_timeout, 'onParentFailure', on_parent_failure, 'placement', placement,
     'allocation', allocation, 'restartable', restartable, 'mayUseHub', may_use_hub) as spec
   from job_specs where id = any($1::bigint[])`,
);

/** Specs by their numbers. */
export async function readSpecs(
  db: Executor,
  ids: readonly number[],
): Promise<Map<number, JobSpec>> {
  const rows = await db.run(selectSpecs, [...new Set(ids)]);
  return new Map(rows.map(({ id, spec }) => [id, spec]));
}
