import { resourcesSchema, retryRuleSchema, type App } from '@interpulse/domain/app/app.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import type { JobRequest } from '@interpulse/domain/job/job.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { findApps } from '@interpulse/store/apps/apps.ts';
import type { NewJob } from '@interpulse/store/jobs/insert-jobs.ts';
import { keepSpecs, type JobSpec } from '@interpulse/store/jobs/job-specs.ts';
import { appParts } from './app-parts.ts';
import { findRequestFaults } from './find-request-faults.ts';
import type { ReadRequest } from './read-job-requests.ts';

/** A job that lacks only its id, and what depends on the others. */
export type PreparedJob = Omit<NewJob, 'id' | 'parents' | 'returnTo'>;

/** Requests that are valid each for itself. */
export interface PreparedJobs {
  jobs: PreparedJob[];
  /** What they share, each once, with the place of the first job that has it. */
  specs: { spec: JobSpec; place: number }[];
}

const plainResources = resourcesSchema.parse({});
const noRetry = retryRuleSchema.parse({});

/**
 * Turns requests into jobs: apps found, parameters and inputs checked against them. Faults are
 * added, each with its path from `jobs` on; when there are any, no job is answered.
 */
export async function prepareJobs(
  tx: Executor,
  requests: readonly ReadRequest[],
  faults: Fault[],
): Promise<PreparedJobs> {
  const names = new Set(requests.flatMap(({ request: { app } }) => (app === undefined ? [] : app)));
  const apps = names.size > 0 ? await findApps(tx, [...names]) : new Map<string, App>();
  const specs = new Map<string, { spec: JobSpec; place: number }>();
  const keys = requests.map((each, place) => {
    const { request, likeness } = each;
    const app = request.app === undefined ? undefined : apps.get(request.app);
    for (const fault of findRequestFaults(each, app)) {
      faults.push({ ...fault, loc: ['jobs', place, ...fault.loc] });
    }
    const key = `${request.app ?? ''} ${likeness}`;
    if (!specs.has(key)) specs.set(key, { spec: specOf(request, app), place });
    return key;
  });
  if (faults.length > 0) return { jobs: [], specs: [] };
  const kept = [...specs.values()];
  const ids = await keepSpecs(
    tx,
    kept.map(({ spec }) => spec),
  );
  const byKey = new Map(
    [...specs].map(([key, { spec }], index) => [key, { spec, id: ids[index] ?? 0 }]),
  );
  const jobs = requests.flatMap(({ request }, index) => {
    const known = byKey.get(keys[index] ?? '');
    return known === undefined ? [] : [jobOf(request, known)];
  });
  return { jobs, specs: kept };
}

function jobOf(request: JobRequest, { spec, id }: { spec: JobSpec; id: number }): PreparedJob {
  const { app, command, label, parameters, inputs, urgency, priority, deadlineAt, tags } = request;
  return {
    app: app ?? null,
    command: command ?? null,
    specId: id,
    cores: spec.resources.cores * spec.resources.nodes,
    mayUseHub: spec.mayUseHub,
    label,
    parameters,
    inputs,
    urgency,
    priority,
    deadlineAt,
    tags,
  };
}

const partsOf = new WeakMap<App, ReturnType<typeof appParts>>();

function specOf(request: JobRequest, app: App | undefined): JobSpec {
  const parts = app === undefined ? null : (partsOf.get(app) ?? appParts(app));
  if (app !== undefined && parts !== null) partsOf.set(app, parts);
  return {
    appVersion: app?.version ?? '',
    code: parts?.code ?? null,
    codeSeen: parts?.codeSeen ?? null,
    appSites: app?.sites ?? null,
    siteWish: request.site,
    outputRules: [...(app?.outputs ?? []), ...request.outputs],
    environment: request.environment,
    resources: { ...(app?.resources ?? plainResources), ...defined(request.resources) },
    onError: request.onError ?? app?.onError ?? noRetry,
    onTimeout: request.onTimeout ?? app?.onTimeout ?? noRetry,
    onParentFailure: request.onParentFailure,
    placement: request.placement,
    allocation: request.allocation,
    restartable: request.restartable ?? app?.restartable ?? false,
    mayUseHub: request.mayUseHub ?? app?.mayUseHub ?? false,
  };
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
