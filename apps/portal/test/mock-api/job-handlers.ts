import { setTimeout as delay } from 'node:timers/promises';
import type { RouteInput, RouteOutput } from '@interpulse/api/routes/all-routes.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { jobRequestSchema, type Job } from '@interpulse/domain/job/job.ts';
import { ada, page, type Handlers } from './answering.ts';
import { blankJob, plainResources, type KnownJob } from './blank-job.ts';
import { fixedId } from './shot-story.ts';
import type { World } from './world.ts';

type JobQuery = RouteInput<'countJobs'>['query'];
type Selection = RouteInput<'cancelJobs'>['body'];
/** A filter as it stands in a query, or in a selection: there what is left out may be undefined. */
type LooseFilter = { [K in keyof JobQuery]?: JobQuery[K] | undefined };

function finds(filter: LooseFilter, { job }: KnownJob): boolean {
  const states = filter.state?.split(',') ?? [];
  const tags = filter.tags?.split(',').map((tag) => tag.split(':') as [string, string]) ?? [];
  const isWanted = (wanted: unknown, is: unknown) => wanted === undefined || wanted === is;
  return (
    (states.length === 0 ||
      states.includes(job.state) ||
      (filter.state === 'open' && job.endedAt === null)) &&
    isWanted(filter.site, job.siteName) &&
    isWanted(filter.app, job.app) &&
    isWanted(filter.project, job.project) &&
    isWanted(filter.flowRun, job.flowRunId) &&
    isWanted(filter.ensemble, job.ensembleId) &&
    isWanted(filter.pilot, job.pilotId) &&
    isWanted(filter.urgency, job.urgency) &&
    isWanted(filter.createdBy, job.createdByJobId) &&
    isWanted(filter.reasonIs, job.reason) &&
    (filter.parent === undefined || job.parents.includes(filter.parent)) &&
    (filter.mine !== true || job.owner === ada.name) &&
    (filter.createdAfter === undefined || job.createdAt > filter.createdAfter) &&
    (filter.createdBefore === undefined || job.createdAt < filter.createdBefore) &&
    tags.every(([name, value]) => job.tags[name] === value) &&
    (job.reason ?? '').includes(filter.reason ?? '') &&
    job.label.includes(filter.label ?? '')
  );
}

function chosen(world: World, { jobIds, filter }: Selection): KnownJob[] {
  if (filter !== undefined) return world.jobs().filter((known) => finds(filter, known));
  const ids = new Set<string>(jobIds);
  return world.jobs().filter(({ job }) => ids.has(job.id));
}

/** Ends the open ones of these jobs; answers how many. */
export function cancelAll(world: World, jobs: KnownJob[]): number {
  const open = jobs.filter(({ job }) => job.endedAt === null);
  for (const { job } of open) world.canceled.set(job.id, world.now());
  // One event is enough for the portal: lists are asked for as a whole.
  if (open[0]) world.note('job.canceled', 'job', open[0].job.id);
  return open.length;
}

function retryAll(world: World, jobs: KnownJob[]): number {
  const ended = jobs.filter(({ job }) => job.state === 'failed' || job.state === 'canceled');
  for (const { job } of ended) world.retried.set(job.id, world.now());
  if (ended[0]) world.note('job.retried', 'job', ended[0].job.id);
  return ended.length;
}

/** Jobs: lists, one, its log, and what people do with them. */
export function jobHandlers(world: World): Handlers {
  return {
    submitJobs: ({ body }) => submit(world, body),
    listJobs: ({ query }) => {
      const rows = world.jobs().filter((known) => finds(query, known));
      return page(
        rows.map(({ job }) => job),
        query,
      );
    },
    countJobs: ({ query }) => {
      const counts: RouteOutput<'countJobs'>['counts'] = {};
      const found = world.jobs().filter((known) => finds(query, known));
      for (const { job } of found) counts[job.state] = (counts[job.state] ?? 0) + 1;
      return { total: found.length, counts };
    },
    cancelJobs: ({ body }) => ({ canceled: cancelAll(world, chosen(world, body)) }),
    retryJobs: ({ body }) => ({ retried: retryAll(world, chosen(world, body)) }),
    getJob: ({ params }) => {
      const { job, attempts } = world.job(params.jobId);
      return { job, attempts };
    },
    explainJob: ({ params }) => world.job(params.jobId).explanation,
    getJobFile: () => Buffer.from('pretend bytes'),
    getJobLog: (input) => followLog(world, input),
    cancelJob: ({ params }) => {
      cancelAll(world, [world.job(params.jobId)]);
      return world.job(params.jobId).job;
    },
    retryJob: ({ params }) => {
      retryAll(world, [world.job(params.jobId)]);
      return world.job(params.jobId).job;
    },
  };
}

const lookMilliseconds = 200;
const tailBytes = 4096;

async function followLog(
  world: World,
  { params, query }: RouteInput<'getJobLog'>,
): Promise<RouteOutput<'getJobLog'>> {
  const until = Date.now() + query.wait * 1000;
  for (;;) {
    const known = world.job(params.jobId);
    const attempt = query.attempt ?? known.attempts.at(-1)?.number ?? 1;
    const run = known.attempts.find((each) => each.number === attempt);
    if (run === undefined) throw new DomainError('notFound', `there is no attempt ${attempt}`);
    const bytes = Buffer.from(known[query.stream]);
    const from = query.after ?? Math.max(0, bytes.length - tailBytes);
    const ended = run.endedAt !== null;
    const hasNews = bytes.length > from || ended || Date.now() >= until;
    if (hasNews) {
      const text = bytes.subarray(from).toString();
      return { text, next: bytes.length, sizeBytes: bytes.length, attempt, ended };
    }
    await delay(lookMilliseconds);
  }
}

function submit(world: World, body: RouteInput<'submitJobs'>['body']): RouteOutput<'submitJobs'> {
  const jobs = body.jobs.map((each, place) => {
    const parsed = jobRequestSchema.safeParse({ ...body.common, ...each });
    if (!parsed.success) {
      const faults = parsed.error.issues.map((issue) => ({
        loc: ['jobs', place, ...issue.path.map(String)],
        msg: issue.message,
        type: issue.code,
      }));
      throw new DomainError('invalid', 'the request is not what a job needs', { faults });
    }
    const { app } = parsed.data;
    if (app !== undefined && !world.apps.some(({ name }) => name === app)) {
      throw new DomainError('notFound', `there is no app "${app}"`);
    }
    return parsed.data;
  });
  const known = jobs.map((request, place): KnownJob => {
    const { label, site, parameters, inputs, urgency, priority, deadlineAt, tags } = request;
    const seed = world.submitted.length + place + 500;
    const job: Job = {
      ...blankJob(world.now()),
      id: fixedId('job', Date.now(), seed),
      app: request.app ?? null,
      command: request.command ?? blankJob('').command,
      ...{ label, site, parameters, inputs, urgency, priority, deadlineAt, tags },
      resources: { ...plainResources, ...(request.resources as Partial<Job['resources']>) },
      outputRules: request.outputs,
      environment: request.environment,
      restartable: request.restartable ?? false,
      mayUseHub: request.mayUseHub ?? false,
      reason: 'waits to be placed',
    };
    const explanation = { summary: 'It waits to be placed.', unblock: null, sites: [] };
    return { job, attempts: [], explanation, stdout: '', stderr: '' };
  });
  world.submitted.push(...known);
  for (const { job } of known) world.note('job.submitted', 'job', job.id);
  return { jobIds: known.map(({ job }) => job.id), ensembleId: null };
}
