import { namesInCommand } from '@interpulse/domain/app/render-command.ts';
import { resourcesSchema, type App } from '@interpulse/domain/app/app.ts';
import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import type { JobRequest } from '@interpulse/domain/job/job.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import { knownCollections } from '@interpulse/store/sites/read-sites.ts';
import { findApps } from '@interpulse/store/apps/apps.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import type { NewJob } from '@interpulse/store/jobs/insert-jobs.ts';

/** For whom jobs are made. */
export interface JobOwner {
  id: string;
  project: string;
  flowRunId: string | null;
  flowStep: number | null;
}

/**
 * Turns requests into jobs: app found, parameters checked against its schema, inputs there.
 * @throws DomainError invalid with every fault and its path; nothing is half done.
 */
export async function prepareJobs(
  db: Executor,
  requests: readonly JobRequest[],
  owner: JobOwner,
  newId: () => JobId,
): Promise<NewJob[]> {
  const names = requests.flatMap((request) => (request.app === undefined ? [] : [request.app]));
  const [apps, faults] = await Promise.all([
    names.length > 0 ? findApps(db, names) : new Map<string, App>(),
    unknownCollections(db, requests),
  ]);
  const jobs = requests.map((request, index) => {
    const app = request.app === undefined ? undefined : apps.get(request.app);
    for (const fault of findFaults(request, app)) {
      faults.push({ ...fault, loc: ['jobs', index, ...fault.loc] });
    }
    return jobOf(request, app, owner, newId());
  });
  const [first] = faults;
  if (first) {
    const message = `job ${String(first.loc[1])} cannot be submitted: ${first.msg}`;
    throw new DomainError('invalid', message, { faults: faults.slice(0, 100) });
  }
  return jobs;
}

function jobOf(request: JobRequest, app: App | undefined, owner: JobOwner, id: JobId): NewJob {
  const { project: _project, app: _app, command, ...rest } = request;
  return {
    ...rest,
    id,
    app: app?.name ?? null,
    command: app?.command ?? command ?? [],
    outputs: [...(app?.outputs ?? []), ...request.outputs],
    environment: { ...app?.environment, ...request.environment },
    resources: { ...(app?.resources ?? resourcesSchema.parse({})), ...defined(request.resources) },
    project: owner.project,
    ownerId: owner.id,
    flowRunId: owner.flowRunId,
    flowStep: owner.flowStep,
  };
}

function toKib(bytes: number): number {
  return Math.ceil(bytes / 1024);
}

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function findFaults(request: JobRequest, app: App | undefined): Fault[] {
  const bytes = Buffer.byteLength(JSON.stringify(request));
  if (bytes > limits.jobBytes) {
    const most = toKib(limits.jobBytes);
    const msg = `${toKib(bytes)} KiB are too much for one job (${most}); use files`;
    return [{ loc: [], msg, type: 'too_big' }];
  }
  if (request.app === undefined) return [];
  if (app === undefined) {
    const msg = `there is no app "${request.app}"; see \`interpulse app list\``;
    return [{ loc: ['app'], msg, type: 'unknown_app' }];
  }
  const faults: Fault[] = [];
  const known = new Set(app.inputs.map((input) => input.name));
  for (const input of app.inputs) {
    if (input.required && request.inputs[input.name] === undefined) {
      const msg = `app ${app.name} needs the input "${input.name}" (collection:/path)`;
      faults.push({ loc: ['inputs', input.name], msg, type: 'missing' });
    }
  }
  for (const name of Object.keys(request.inputs)) {
    if (known.has(name)) continue;
    const msg = `app ${app.name} has no input "${name}"; it has ${[...known].join(', ') || 'none'}`;
    faults.push({ loc: ['inputs', name], msg, type: 'unknown_input' });
  }
  if (Object.keys(app.parameters).length > 0) {
    const found = validateInput(app.parameters, request.parameters);
    faults.push(...found.map((fault) => ({ ...fault, loc: ['parameters', ...fault.loc] })));
  } else {
    const used = new Set(namesInCommand(app.command));
    for (const name of Object.keys(request.parameters)) {
      if (used.has(name)) continue;
      const msg = `app ${app.name} has no parameter "${name}"`;
      faults.push({ loc: ['parameters', name], msg, type: 'unknown_parameter' });
    }
  }
  return faults;
}

/** Inputs in collections that nobody offers would wait for ever. */
async function unknownCollections(db: Executor, requests: readonly JobRequest[]): Promise<Fault[]> {
  const used = requests.flatMap((request, index) =>
    Object.entries(request.inputs).map(([name, location]) => ({
      loc: ['jobs', index, 'inputs', name],
      collection: parseLocation(location).collection,
    })),
  );
  const known = await knownCollections(db, [...new Set(used.map((each) => each.collection))]);
  return used
    .filter(({ collection }) => !known.has(collection))
    .map(({ loc, collection }) => {
      const msg = `there is no collection "${collection}"; see \`interpulse collection list\``;
      return { loc, msg, type: 'unknown_collection' };
    });
}
