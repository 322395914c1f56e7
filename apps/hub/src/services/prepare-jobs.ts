import { resourcesSchema, retryRuleSchema, type App } from '@interpulse/domain/app/app.ts';
import { defaultParameters } from '@interpulse/domain/app/default-parameters.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import type { JobRequest } from '@interpulse/domain/job/job.ts';
import { keepSpecs, type JobSpec } from '@interpulse/store/jobs/job-specs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { appParts } from './app-parts.ts';
import { findRequestFaults } from './find-request-faults.ts';
import type { ReadRequest } from './read-job-requests.ts';
import type { JobToStart } from './start-jobs.ts';

/** A job that lacks only its id, and what depends on the others. */
export type PreparedJob = Omit<JobToStart, 'id' | 'parents' | 'returnTo'>;

/** What requests came to, each for itself. */
export interface PreparedJobs {
  /** By place; null where the request has a fault. */
  jobs: (PreparedJob | null)[];
  /** What they share, each once, with the place of the first job that has it. */
  specs: { spec: JobSpec; place: number }[];
}

/** A spec with its number in the store. */
interface KeptSpec {
  spec: JobSpec;
  id: number;
}

const plainResources = resourcesSchema.parse({});
const noRetry = retryRuleSchema.parse({});

/**
 * Turns requests into jobs: apps found, parameters and inputs checked against them. Faults are
 * added to those that are known, each with its path from `jobs` on.
 */
export async function prepareJobs(
  hub: Hub,
  tx: HubTransaction,
  given: readonly ReadRequest[],
  faults: Fault[],
): Promise<PreparedJobs> {
  const names = given.flatMap(({ request: { app } }) => (app === undefined ? [] : app));
  const apps = await hub.kept.apps.get(tx, names);
  const requests = given.map((each) => withDefaults(each, apps.get(each.request.app ?? '')));
  const faulty = new Set(faults.map(({ loc: [, place] }) => place));
  const alike = new Map<string, Alike>();
  const keys = requests.map((each, place) => {
    const { request, likeness } = each;
    const app = request.app === undefined ? undefined : apps.get(request.app);
    for (const fault of findRequestFaults(each, app)) {
      faults.push({ ...fault, loc: ['jobs', place, ...fault.loc] });
      faulty.add(place);
    }
    if (faulty.has(place)) return null;
    const key = `${request.app ?? ''} ${likeness}`;
    if (!alike.has(key)) alike.set(key, { request, likeness, app, place });
    return key;
  });
  const kept = await keepAlike(hub, alike);
  const jobs = requests.map(({ request }, place) => {
    const known = kept.get(keys[place] ?? '');
    return known === undefined ? null : jobOf(request, known);
  });
  const specs = [...alike].flatMap(([key, { place }]) => {
    const spec = kept.get(key)?.spec;
    return spec === undefined ? [] : [{ spec, place }];
  });
  return { jobs, specs };
}

const defaultsOf = new WeakMap<App, JsonObject | null>();

/** With the values that the app names for what the request leaves out. */
function withDefaults(each: ReadRequest, app: App | undefined): ReadRequest {
  if (app === undefined) return each;
  let defaults = defaultsOf.get(app);
  if (defaults === undefined) {
    defaults = defaultParameters(app);
    if (Object.keys(defaults).length === 0) defaults = null;
    defaultsOf.set(app, defaults);
  }
  if (defaults === null) return each;
  const { request } = each;
  return { ...each, request: { ...request, parameters: { ...defaults, ...request.parameters } } };
}

/** The first of the requests that share a spec. */
interface Alike {
  request: JobRequest;
  likeness: string;
  app: App | undefined;
  place: number;
}

/** Specs of an app by what jobs ask for; an app that changes is another object. */
const specsOfApps = new WeakMap<App, Map<string, KeptSpec>>();
/** Of one app; beyond, it is begun anew. */
const mostSpecsOfApp = 1000;

async function keepAlike(
  hub: Hub,
  alike: ReadonlyMap<string, Alike>,
): Promise<ReadonlyMap<string, KeptSpec>> {
  const kept = new Map<string, KeptSpec>();
  const unknown: { key: string; spec: JobSpec; each: Alike }[] = [];
  for (const [key, each] of alike) {
    const known = each.app && specsOfApps.get(each.app)?.get(each.likeness);
    if (known) kept.set(key, known);
    else unknown.push({ key, spec: specOf(each.request, each.app), each });
  }
  if (unknown.length === 0) return kept;
  const ids = await keepSpecs(
    hub.db,
    unknown.map(({ spec }) => spec),
  );
  for (const [index, { key, spec, each }] of unknown.entries()) {
    const known = { spec, id: ids[index] ?? 0 };
    kept.set(key, known);
    remember(each, known);
  }
  return kept;
}

function remember({ app, likeness }: Alike, known: KeptSpec): void {
  if (app === undefined) return;
  let specs = specsOfApps.get(app);
  if (specs === undefined || specs.size >= mostSpecsOfApp) specs = new Map();
  specsOfApps.set(app, specs.set(likeness, known));
}

function jobOf(request: JobRequest, { spec, id }: KeptSpec): PreparedJob {
  const { app, command, label, parameters, inputs, urgency, priority, deadlineAt, tags } = request;
  return {
    app: app ?? null,
    command: command ?? null,
    specId: id,
    spec,
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
