import { randomUUID } from 'node:crypto';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Context } from '../context.ts';
import { inWords } from '../output/in-words.ts';
import { readDocument } from '../read-document.ts';
import { defined, jsonPairs, pairs, readUrgency } from '../read-input.ts';
import { deadlineAt } from '../read-time.ts';
import { followEnsemble } from '../ensemble/ensembles.ts';
import { followJob } from './follow.ts';
import { sweepParameters } from './sweep.ts';
import { waitForJobs } from './wait.ts';

type SubmitBody = Schemas['SubmitJobsBody'];

/** What `job submit` is told: `app`, `command` or `file`. */
export interface SubmitOptions {
  command: string[];
  /** One job for each set of these parameters. */
  sweep?: string[] | undefined;
  /** Makes an ensemble under this label. */
  ensemble?: string | undefined;
  parent?: string[] | undefined;
  onParentFailure?: string | undefined;
  priority?: number | undefined;
  returnTo?: string | undefined;
  allocation?: string | undefined;
  placement?: string | undefined;
  retries?: number | undefined;
  timeoutRetries?: number | undefined;
  restartable?: boolean | undefined;
  mayUseHub?: boolean | undefined;
  ranks?: number | undefined;
  threads?: number | undefined;
  app?: string | undefined;
  file?: string | undefined;
  parameter?: string[] | undefined;
  input?: string[] | undefined;
  output?: string[] | undefined;
  site: string;
  label?: string | undefined;
  urgency: string;
  deadline?: string | undefined;
  nodes?: number | undefined;
  cores?: number | undefined;
  gpus?: number | undefined;
  /** In MiB. */
  memory?: number | undefined;
  /** In seconds. */
  walltime?: number | undefined;
  environment?: string[] | undefined;
  tag?: string[] | undefined;
  project?: string | undefined;
  follow?: boolean | undefined;
}

/** `job submit`. */
export async function submitJobs(context: Context, options: SubmitOptions): Promise<void> {
  const body = submitBody(options, context.nowAt);
  const header = { 'Idempotency-Key': randomUUID() };
  const answer = await unwrap(context.client.POST('/api/v1/jobs', { params: { header }, body }));
  const { jobIds, ensembleId } = answer;
  if (options.follow !== true) {
    const lines = ensembleId === null ? jobIds : [`${ensembleId} (${jobIds.length} jobs)`];
    context.out.document(answer, () => lines.join('\n'));
    return;
  }
  const [only] = jobIds;
  if (ensembleId !== null) await followEnsemble(context, ensembleId);
  else if (jobIds.length === 1 && only !== undefined) await followJob(context, only);
  else await waitForJobs(context, jobIds);
}

/**
 * The request that the options stand for; the hub checks it.
 * @throws DomainError invalid, when they do not say one thing.
 */
export function submitBody(options: SubmitOptions, nowAt: string): SubmitBody {
  const hasCommand = options.command.length > 0;
  const ways = [options.app !== undefined, hasCommand, options.file !== undefined];
  if (ways.filter(Boolean).length !== 1) {
    const message = 'say what to run: either --app NAME, or -- COMMAND ARGS, or --file FILE';
    throw new DomainError('invalid', message);
  }
  const ensemble = options.ensemble === undefined ? {} : { ensemble: { label: options.ensemble } };
  if (options.file !== undefined) return { ...bodyOfFile(options.file), ...ensemble };
  const common = defined({
    app: options.app,
    // Braces are the language of templates; a plain command means what it says.
    command: hasCommand
      ? options.command.map((word) =>
          options.sweep === undefined ? word.replaceAll(/[{}]/g, '$&$&') : word,
        )
      : undefined,
    ...requestOf(options, nowAt),
  });
  const parameters = jsonPairs(options.parameter);
  const sets = sweepParameters(options.sweep ?? []);
  // In a list of jobs that differ in nothing else, people look for the value.
  const isToBeNamed = options.sweep !== undefined && options.label === undefined;
  return {
    common,
    ...ensemble,
    jobs: sets.map((set) => ({
      ...(isToBeNamed ? { label: labelOf(set) } : {}),
      parameters: { ...parameters, ...set },
    })),
  };
}

function labelOf(set: Record<string, unknown>): string {
  const words = Object.entries(set).map(([name, value]) => `${name}=${inWords(value)}`);
  return words.join(' ').slice(0, limits.nameLength);
}

function requestOf(options: SubmitOptions, nowAt: string): Record<string, unknown> {
  const outputs = Object.entries(pairs(options.output)).map(([name, path]) => ({ name, path }));
  return defined({
    inputs: pairs(options.input),
    outputs,
    site: siteWish(options.site),
    label: options.label,
    urgency: readUrgency(options.urgency),
    priority: options.priority,
    deadlineAt: deadlineAt(options.deadline, nowAt),
    parents: options.parent,
    onParentFailure: options.onParentFailure,
    returnTo: options.returnTo,
    allocation: options.allocation,
    placement: options.placement,
    onError: options.retries === undefined ? undefined : { retries: options.retries },
    onTimeout:
      options.timeoutRetries === undefined ? undefined : { retries: options.timeoutRetries },
    restartable: options.restartable,
    mayUseHub: options.mayUseHub,
    environment: pairs(options.environment),
    tags: pairs(options.tag),
    project: options.project,
    resources: defined({
      nodes: options.nodes,
      ranksPerNode: options.ranks,
      cores: options.cores,
      threadsPerRank: options.threads,
      gpus: options.gpus,
      memoryBytes: options.memory === undefined ? undefined : options.memory * 2 ** 20,
      walltimeSeconds: options.walltime,
    }),
  });
}

/** `any`, a name, names with commas, or `label:NAME`. */
function siteWish(text: string): unknown {
  if (text.startsWith('label:')) return { label: text.slice('label:'.length) };
  const sites = text.split(',');
  return sites.length === 1 ? sites[0] : sites;
}

function bodyOfFile(file: string): SubmitBody {
  const content = readDocument(file);
  const body: unknown = Array.isArray(content) ? { jobs: content } : content;
  if (typeof body === 'object' && body !== null && 'jobs' in body) return body as SubmitBody;
  throw new DomainError('invalid', `${file} is not a list of job requests`);
}
