import { computeInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import { jobRequestSchema, type JobRequest } from '@interpulse/domain/job/job.ts';
import type { JsonTrail } from '@interpulse/domain/json.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import {
  insertEnsemble,
  type NewEnsemble,
  type OwnOrigin,
} from '@interpulse/store/jobs/insert-jobs.ts';
import { findLocationFaults } from '../services/find-location-faults.ts';
import { prepareJobs, type PreparedJob } from '../services/prepare-jobs.ts';
import { asReadRequest, type ReadRequest } from '../services/read-job-requests.ts';
import type { CollectionWork } from '../services/refuse-collections.ts';
import { startJobs, type JobToStart } from '../services/start-jobs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import type { Action, ActionCall, ActionStart } from './action.ts';
import { orUnable } from './refusal-of.ts';

/**
 * `interpulse:compute`: a job, or several as an ensemble; the inputs of each are staged to
 * whichever site is chosen for it.
 */
export const compute: Action = {
  deferred: false,
  async startAll(calls) {
    const [{ hub, tx, at }] = calls;
    const read = calls.map((call) => ({ call, ...orUnable(call.state, () => askedBy(call)) }));
    const asked = read.flatMap(({ call, ...each }) => {
      const work = { project: call.run.project, by: call.run.ownerId };
      const requests = 'made' in each ? each.made.requests : [];
      return requests.map((request) => ({ request: asReadRequest(request), work }));
    });
    const requests = asked.map(({ request }) => request);
    const works = asked.map(({ work }) => work);
    const prepared = (await prepareEach(hub, tx, requests, works)).values();
    const batch = new Batch(hub);
    const starts = read.map((each): ActionStart => {
      if ('unable' in each) return each.unable;
      const jobs = each.made.requests.map(() => prepared.next().value ?? []);
      return batch.add(each.call, each.made, jobs);
    });
    await batch.write(tx, at);
    return starts;
  },
};

/** What one step asks for: one job, or with `label` an ensemble of them. */
interface Asked {
  requests: JobRequest[];
  label: string | null;
}

function askedBy({ run, state, provider, privatePaths, input }: ActionCall): Asked {
  const { label, tasks, urgency, deadlineAt, outputs, ...rest } = computeInputSchema.parse(input);
  const standard = `${state} of ${run.label || run.flowName}`.slice(0, limits.nameLength);
  const shared = {
    ...rest,
    ...(outputs ? { outputs } : {}),
    environment: { ...(rest.mayUseHub === true ? runVariables(run) : {}), ...rest.environment },
    label: label ?? standard,
    urgency: urgency ?? run.urgency,
    deadlineAt: deadlineAt === undefined ? run.deadlineAt : deadlineAt,
  };
  if (tasks === undefined) return { requests: [jobRequestSchema.parse(shared)], label: null };
  const requests = tasks.map((task, place) => {
    const parameters = { ...rest.parameters, ...task.parameters };
    const inputs = { ...rest.inputs, ...task.inputs };
    const resources = { ...rest.resources, ...task.resources };
    const number = ` (${place + 1} of ${tasks.length})`;
    const own = task.label ?? shared.label.slice(0, limits.nameLength - number.length) + number;
    return jobRequestSchema.parse({
      ...shared,
      ...task,
      parameters,
      inputs,
      resources,
      label: own,
    });
  });
  const isPrivate = jobPaths(provider, privatePaths, null).some(
    ([first]) => first === undefined || first === 'label',
  );
  return { requests, label: isPrivate ? standard : shared.label };
}

/** The jobs of all steps that are started together, written at once. */
class Batch {
  readonly #hub: Hub;
  readonly #jobs: JobToStart[] = [];
  readonly #own: OwnOrigin[] = [];
  readonly #ensembles: NewEnsemble[] = [];

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** All jobs of a step, or what is wrong with any of them. */
  add(
    call: ActionCall,
    { requests, label }: Asked,
    prepared: readonly (PreparedJob | Fault[])[],
  ): ActionStart {
    const faults = prepared.map((each) => (Array.isArray(each) ? each : []));
    if (faults.some((each) => each.length > 0)) {
      return { kind: 'unable', reason: `${call.state}: ${sentenceOf(faults, label !== null)}` };
    }
    const ids: JobId[] = [];
    const ensembleId = label === null ? undefined : this.#hub.newId('ensemble');
    for (const [place, { returnTo }] of requests.entries()) {
      const job = prepared[place];
      if (job === undefined || Array.isArray(job)) continue;
      const id = this.#hub.newId('job');
      const folder = returnTo?.replace(/\/$/, '') ?? null;
      const own = folder === null || ensembleId === undefined ? folder : `${folder}/${id}`;
      ids.push(id);
      this.#jobs.push({ ...job, id, parents: [], returnTo: own });
      this.#own.push(originOf(call, ensembleId, place));
    }
    const [jobId] = ids;
    if (jobId === undefined) {
      return { kind: 'unable', reason: `${call.state}: it could not be prepared` };
    }
    if (ensembleId === undefined || label === null) return { kind: 'pending', jobId };
    const { project, ownerId } = call.run;
    const tags = requests[0]?.tags ?? {};
    this.#ensembles.push({ id: ensembleId, label, project, ownerId, tags, total: ids.length });
    return { kind: 'pending', ensembleId };
  }

  /** Writes what was added, and places it. */
  async write(tx: HubTransaction, at: string): Promise<void> {
    const [first] = this.#own;
    if (first === undefined) return;
    const origin = { ...first, createdByJobId: null, ensembleId: null, privatePaths: [] };
    for (const ensemble of this.#ensembles) tx.commitWith(insertEnsemble(tx, ensemble, at));
    await startJobs(this.#hub, tx, { jobs: this.#jobs, origin, own: this.#own }, at);
  }
}

/** Faults that a step is told; those of other jobs are mostly the same. */
const faultsTold = 5;

function sentenceOf(faults: readonly Fault[][], isSeveral: boolean): string {
  const all = faults.flatMap((each, place) =>
    each.map(({ msg }) => (isSeveral ? `task ${place + 1}: ${msg}` : msg)),
  );
  const more = all.length > faultsTold ? [`and ${all.length - faultsTold} more`] : [];
  return [...all.slice(0, faultsTold), ...more].join('; ');
}

/** Each request as a job, or what is wrong with it. */
async function prepareEach(
  hub: Hub,
  tx: HubTransaction,
  requests: readonly ReadRequest[],
  works: readonly CollectionWork[],
): Promise<(PreparedJob | Fault[])[]> {
  if (requests.length === 0) return [];
  const faults = await findLocationFaults(hub, tx, requests, works);
  const { jobs } = await prepareJobs(hub, tx, requests, faults);
  const faulty = Map.groupBy(faults, ({ loc: [, place] }) => place);
  return jobs.map((job, place) => job ?? faulty.get(place) ?? []);
}

function originOf(
  { run, step, provider, privatePaths }: ActionCall,
  ensembleId: OwnOrigin['ensembleId'],
  place: number,
): OwnOrigin {
  const paths = jobPaths(provider, privatePaths, ensembleId === undefined ? null : place);
  return {
    project: run.project,
    ownerId: run.ownerId,
    flowRunId: run.id,
    flowStep: step,
    ensembleId,
    place,
    privatePaths: paths.length === 0 ? undefined : paths,
  };
}

/** What is private of a step's input, as places in what a job is asked with. */
function jobPaths(
  provider: string,
  privatePaths: readonly JsonTrail[],
  task: number | null,
): readonly JsonTrail[] {
  // What was written for Globus has other names: what is private there may be anywhere here.
  if (!provider.startsWith('interpulse:') && privatePaths.length > 0) return [[]];
  return privatePaths.flatMap((path): JsonTrail[] => {
    const [first, place, ...inside] = path;
    if (first !== 'tasks') return [path];
    if (place === undefined) return [[]];
    return Number(place) === task ? [inside] : [];
  });
}

/**
 * Which run of an instrument a job is about, for jobs that may report results to it. Not for all:
 * jobs that differ in their environment share nothing of what is kept about them.
 */
function runVariables({ instrument, shotNumber }: LockedFlowRun): Record<string, string> {
  if (instrument === null || shotNumber === null) return {};
  return { INTERPULSE_INSTRUMENT: instrument, INTERPULSE_RUN: String(shotNumber) };
}
