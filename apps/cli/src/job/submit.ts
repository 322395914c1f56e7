import { randomUUID } from 'node:crypto';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { deadlineAt, defined, jsonPairs, oneOf, pairs, readJson } from '../read-input.ts';
import { followJob } from './follow.ts';

type JobRequests = Schemas['SubmitJobsBody']['jobs'];

/** What `job submit` is told: `app`, `command` or `file`. */
export interface SubmitOptions {
  command: string[];
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
  const body: Schemas['SubmitJobsBody'] = { jobs: jobRequests(options, context.nowAt) };
  const header = { 'Idempotency-Key': randomUUID() };
  const answer = await unwrap(context.client.POST('/api/v1/jobs', { params: { header }, body }));
  const { jobIds } = answer;
  if (options.follow !== true) {
    context.out.document(answer, () => jobIds.join('\n'));
    return;
  }
  for (const id of jobIds) await followJob(context, id);
}

/**
 * The requests that the options stand for; the hub checks them.
 * @throws DomainError invalid, when they do not say one thing.
 */
export function jobRequests(options: SubmitOptions, nowAt: string): JobRequests {
  const hasCommand = options.command.length > 0;
  const ways = [options.app !== undefined, hasCommand, options.file !== undefined];
  if (ways.filter(Boolean).length !== 1) {
    const message = 'say what to run: either --app NAME, or -- COMMAND ARGS, or --file FILE';
    throw new DomainError('invalid', message);
  }
  if (options.file !== undefined) return requestsOfFile(options.file);
  const sites = options.site.split(',');
  const outputs = Object.entries(pairs(options.output)).map(([name, path]) => ({ name, path }));
  return [
    defined({
      app: options.app,
      // Braces are the language of templates; a plain command means what it says.
      command: hasCommand
        ? options.command.map((word) => word.replaceAll(/[{}]/g, '$&$&'))
        : undefined,
      parameters: jsonPairs(options.parameter),
      inputs: pairs(options.input),
      outputs,
      site: sites.length === 1 ? sites[0] : sites,
      label: options.label,
      urgency: oneOf('--urgency', ['urgent', 'normal', 'backfill'])(options.urgency),
      deadlineAt: deadlineAt(options.deadline, nowAt),
      environment: pairs(options.environment),
      tags: pairs(options.tag),
      project: options.project,
      resources: defined({
        nodes: options.nodes,
        cores: options.cores,
        gpus: options.gpus,
        memoryBytes: options.memory === undefined ? undefined : options.memory * 2 ** 20,
        walltimeSeconds: options.walltime,
      }),
    }),
  ];
}

function requestsOfFile(file: string): JobRequests {
  const content = readJson(file);
  const list: unknown =
    typeof content === 'object' && content !== null && 'jobs' in content ? content.jobs : content;
  if (Array.isArray(list)) return list as JobRequests;
  throw new DomainError('invalid', `${file} is not a list of job requests`);
}
