import type { ZodType } from 'zod';
import type { Fault } from '@interpulse/domain/error.ts';
import { jobRequestSchema, type JobRequest } from '@interpulse/domain/job/job.ts';

/** One job of a submission, parsed. */
export interface ReadRequest {
  request: JobRequest;
  /** The same for requests, also of other submissions, that are alike in all that jobs share. */
  likeness: string;
  /** Bytes of what the job says itself, as JSON. */
  bytes: number;
}

type Key = keyof typeof jobRequestSchema.shape;
type Values = Record<string, unknown>;

const shape = jobRequestSchema.shape as Record<Key, ZodType>;
const isKey = (key: string): key is Key => Object.hasOwn(shape, key);

/** What jobs of one request have each for itself; the rest is kept once for those that share it. */
const ownKeys = new Set<string>([
  'command',
  'label',
  'parameters',
  'inputs',
  'urgency',
  'priority',
  'deadlineAt',
  'parents',
  'returnTo',
  'project',
  'tags',
] satisfies Key[]);

const defaults: Values = Object.fromEntries(
  Object.entries(shape).flatMap(([key, schema]) => {
    const parsed = schema.safeParse(undefined);
    return parsed.success && parsed.data !== undefined ? [[key, parsed.data]] : [];
  }),
);

/**
 * Reads the jobs of a submission, each laid over what they have in common. Only what a job says
 * itself is parsed for each: `common` and the defaults are parsed once. Faults are added, each with
 * its path.
 */
export function readJobRequests(
  common: Values,
  jobs: readonly Values[],
  faults: Fault[],
): ReadRequest[] {
  const base = { ...defaults, ...parseOwn(common, ['common'], faults) };
  const likenessOfAll = likenessOf(common);
  return jobs.map((job, index) => {
    const own = parseOwn(job, ['jobs', index], faults);
    const request = { ...base, ...own } as JobRequest;
    if ((request.app === undefined) === (request.command === undefined)) {
      const msg = 'give either "app" or "command"';
      faults.push({ loc: ['jobs', index, 'app'], msg, type: 'custom' });
    }
    const likeness = `${likenessOfAll}${likenessOf(job)}`;
    return { request, likeness, bytes: Buffer.byteLength(JSON.stringify(job)) };
  });
}

/** One request that is whole already. */
export function asReadRequest(request: JobRequest): ReadRequest {
  const bytes = Buffer.byteLength(JSON.stringify(request));
  return { request, likeness: likenessOf(request), bytes };
}

/** What is said of the keys that jobs share (see `JobSpec`). */
function likenessOf(values: Values): string {
  return JSON.stringify(Object.entries(values).filter(([key]) => !ownKeys.has(key)));
}

function parseOwn(values: Values, path: Fault['loc'], faults: Fault[]): Values {
  const parsed: Values = {};
  for (const [key, value] of Object.entries(values)) {
    if (!isKey(key)) {
      const msg = `jobs have no "${key}"`;
      faults.push({ loc: [...path, key], msg, type: 'unrecognized_keys' });
      continue;
    }
    const result = shape[key].safeParse(value);
    if (result.success) {
      if (result.data !== undefined) parsed[key] = result.data;
      continue;
    }
    for (const { path: inner, message, code } of result.error.issues) {
      const loc = [
        ...path,
        key,
        ...inner.map((step) => (typeof step === 'number' ? step : String(step))),
      ];
      faults.push({ loc, msg: message, type: code ?? 'invalid' });
    }
  }
  return parsed;
}
