import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { baseName } from '@interpulse/domain/location.ts';
import type { Context } from '../context.ts';
import { createProgressLine } from '../output/progress-bar.ts';

type Job = Schemas['Job'];

/** What `job get` is told: names of outputs (none means all), and where to. */
export interface GetOutputsOptions {
  names: string[];
  folder: string;
}

interface Fetched {
  job: string;
  output: string;
  path: string | null;
  /** Why it is not here; null when it is. */
  failure: string | null;
}

/** `job get`. @throws DomainError notFound, when the job left nothing of these names. */
export async function getJobFiles(
  context: Context,
  jobId: string,
  options: GetOutputsOptions,
): Promise<void> {
  const params = { path: { jobId } };
  const { job } = await unwrap(context.client.GET('/api/v1/jobs/{jobId}', { params }));
  if (outputsOf(job, options.names).length === 0) {
    const names = job.outputs.map(({ name }) => name).join(', ');
    const has = names === '' ? 'no outputs' : `the outputs ${names}`;
    throw new DomainError('notFound', `${jobId} is ${job.state} and has ${has}`);
  }
  report(context, await fetchOutputs(context, job, options));
}

/** `ensemble get`: a folder for each completed job, named by its label where it has one. */
export async function getEnsembleFiles(
  context: Context,
  ensemble: string,
  options: GetOutputsOptions,
): Promise<void> {
  const line = createProgressLine(context.out);
  const taken = new Set<string>();
  const fetched: Fetched[] = [];
  let cursor: string | null = null;
  do {
    const query = { ensemble, state: 'completed', ...(cursor === null ? {} : { cursor }) };
    const page: { items: Job[]; next: string | null } = await unwrap(
      context.client.GET('/api/v1/jobs', { params: { query } }),
    );
    for (const job of page.items) {
      line.show(`  ${fetched.length} files, now of ${job.label || job.id}`);
      const folder = join(options.folder, folderName(job, taken));
      fetched.push(...(await fetchOutputs(context, job, { ...options, folder })));
    }
    cursor = page.next;
  } while (cursor !== null);
  line.clear();
  report(context, fetched);
}

/** Labels may be alike, or be no names for files. */
function folderName({ id, label }: Job, taken: Set<string>): string {
  const name = label.replaceAll(/[^\w.,=+-]+/g, '_').replace(/^\.+/, '');
  const free = name === '' || taken.has(name) ? id : name;
  taken.add(free);
  return free;
}

function outputsOf(job: Job, names: readonly string[]): Job['outputs'] {
  return job.outputs.filter(({ name }) => names.length === 0 || names.includes(name));
}

async function fetchOutputs(
  context: Context,
  job: Job,
  { names, folder }: GetOutputsOptions,
): Promise<Fetched[]> {
  const fetched: Fetched[] = [];
  for (const output of outputsOf(job, names)) {
    const said = { job: job.id, output: output.name };
    try {
      fetched.push({
        ...said,
        path: await fetchOutput(context, { job, output, folder }),
        failure: null,
      });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      fetched.push({ ...said, path: null, failure: `${output.location}: ${error.message}` });
    }
  }
  return fetched;
}

async function fetchOutput(
  context: Context,
  { job, output, folder }: { job: Job; output: Job['outputs'][number]; folder: string },
): Promise<string> {
  const answer = context.client.GET('/api/v1/jobs/{jobId}/file', {
    params: { path: { jobId: job.id }, query: { file: output.location } },
    parseAs: 'arrayBuffer',
  });
  const content = Buffer.from(await unwrap(answer));
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (output.sha256 !== null && output.sha256 !== sha256) {
    throw new DomainError('conflict', 'the file is no longer what the job wrote');
  }
  await mkdir(folder, { recursive: true });
  const target = join(folder, baseName(output.location));
  await writeFile(`${target}.part`, content);
  await rename(`${target}.part`, target);
  return target;
}

function report(context: Context, fetched: readonly Fetched[]): void {
  const failures = fetched.flatMap(({ failure }) => (failure === null ? [] : [failure]));
  context.out.document(fetched, () => {
    const paths = fetched.flatMap(({ path }) => (path === null ? [] : [path]));
    return [...paths, ...failures.map((failure) => `not fetched: ${failure}`)].join('\n');
  });
  if (failures.length > 0) process.exitCode = 1;
}
