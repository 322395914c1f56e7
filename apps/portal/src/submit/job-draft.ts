import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { commandLine } from '../format/command-line.ts';
import { formatSpan } from '../format/duration.ts';
import { formatBytes } from '../format/quantity.ts';
import { environmentLines, outputLines } from './run-lines.ts';

type Job = Schemas['Job'];
type App = Schemas['RegisteredApp'];

/** Names of what a job asks of a site. */
export type ResourceName = keyof Job['resources'];

/** What stands in the form that submits a job, as it was typed. */
export interface JobDraft {
  kind: 'app' | 'command';
  app: string;
  command: string;
  label: string;
  parameters: JsonObject;
  /** Locations by the names of the app's inputs. */
  inputs: Record<string, string>;
  /** `any`, names with commas, or `label:NAME`. */
  site: string;
  urgency: Job['urgency'];
  /** A length of time from the submission on. */
  deadline: string;
  project: string;
  tags: string;
  /** What is empty is as the app says. */
  resources: Record<ResourceName, string>;
  parents: string;
  onParentFailure: Job['onParentFailure'];
  returnTo: string;
  allocation: string;
  priority: string;
  placement: NonNullable<Job['placement']> | '';
  /** Lines: see `run-lines.ts`. Outputs are those besides the app's. */
  environment: string;
  outputs: string;
  /** How many attempts more; the rest of a rule is as it was in the job that is edited. */
  retries: Record<RetryName, string>;
  rules: Partial<Pick<Job, RetryName>>;
  restartable: Choice;
  mayUseHub: Choice;
}

/** When a rule of retrying applies. */
export type RetryName = 'onError' | 'onTimeout';

/** Empty: as the app says. */
type Choice = '' | 'yes' | 'no';

/** The names of resources in the order in which they are asked for. */
export const resourceNames = [
  'nodes',
  'cores',
  'ranksPerNode',
  'threadsPerRank',
  'gpus',
  'memoryBytes',
  'walltimeSeconds',
] as const satisfies readonly ResourceName[];

const noResources: JobDraft['resources'] = {
  nodes: '',
  ranksPerNode: '',
  cores: '',
  threadsPerRank: '',
  gpus: '',
  memoryBytes: '',
  walltimeSeconds: '',
};

/** A form in which nothing has been typed. */
export const emptyDraft: JobDraft = {
  kind: 'app',
  app: '',
  command: '',
  label: '',
  parameters: {},
  inputs: {},
  site: 'any',
  urgency: 'normal',
  deadline: '',
  project: '',
  tags: '',
  resources: noResources,
  parents: '',
  onParentFailure: 'fail',
  returnTo: '',
  allocation: '',
  priority: '',
  placement: '',
  environment: '',
  outputs: '',
  retries: { onError: '', onTimeout: '' },
  rules: {},
  restartable: '',
  mayUseHub: '',
};

/** The form as it would have been filled in for a job: to change it and submit it anew. */
export function draftOfJob(job: Job, app: App | undefined): JobDraft {
  return {
    ...emptyDraft,
    kind: job.app === null ? 'command' : 'app',
    app: job.app ?? '',
    command: job.app === null ? commandLine(job.command.flat()) : '',
    label: job.label,
    parameters: { ...job.parameters } as JsonObject,
    inputs: { ...job.inputs },
    site: wishText(job.site),
    urgency: job.urgency,
    project: job.project,
    tags: Object.entries(job.tags)
      .map(([name, value]) => `${name}:${value}`)
      .join(', '),
    resources: resourceTexts(job.resources),
    parents: job.parents.join(' '),
    onParentFailure: job.onParentFailure,
    returnTo: job.returnTo ?? '',
    allocation: job.allocation ?? '',
    priority: job.priority === 0 ? '' : String(job.priority),
    placement: job.placement ?? '',
    ...deadlineOf(job),
    ...runOf(job, app),
  };
}

/** As long from now on as it was from its submission on. */
function deadlineOf({ deadlineAt, createdAt }: Job): Pick<JobDraft, 'deadline'> {
  if (deadlineAt === null) return { deadline: '' };
  const seconds = Math.round((Date.parse(deadlineAt) - Date.parse(createdAt)) / 1000);
  return { deadline: seconds > 0 ? exactSpan(seconds) : '' };
}

const noRetry = { retries: 0, delaySeconds: 0, backoffRate: 2, resources: {} };

/** What of a job is not as its app says. */
function runOf(job: Job, app: App | undefined) {
  const usual = app ?? {
    outputs: [],
    onError: noRetry,
    onTimeout: noRetry,
    restartable: false,
    mayUseHub: false,
  };
  const ofApp = new Set(usual.outputs.map(({ name }) => name));
  const rules = Object.fromEntries(
    (['onError', 'onTimeout'] as const)
      .filter((name) => sorted(job[name]) !== sorted(usual[name]))
      .map((name) => [name, job[name]]),
  ) as JobDraft['rules'];
  const choice = (name: 'restartable' | 'mayUseHub'): Choice =>
    job[name] === usual[name] ? '' : job[name] ? 'yes' : 'no';
  return {
    environment: environmentLines(job.environment),
    outputs: outputLines(job.outputRules.filter(({ name }) => !ofApp.has(name))),
    rules,
    retries: {
      onError: rules.onError === undefined ? '' : String(rules.onError.retries),
      onTimeout: rules.onTimeout === undefined ? '' : String(rules.onTimeout.retries),
    },
    restartable: choice('restartable'),
    mayUseHub: choice('mayUseHub'),
  };
}

/** The same text for rules that say the same. */
function sorted(rule: Job[RetryName]): string {
  return JSON.stringify(
    [
      ...Object.entries(rule).filter(([name]) => name !== 'resources'),
      ...Object.entries(rule.resources).map(([name, value]) => [`resources.${name}`, value]),
    ].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

function wishText(wish: Job['site']): string {
  if (typeof wish === 'string') return wish;
  return Array.isArray(wish) ? wish.join(', ') : `label:${wish.label}`;
}

/** Resources as the form shows them; what does not matter stays empty. */
export function resourceTexts(resources: Job['resources']): JobDraft['resources'] {
  const { nodes, ranksPerNode, cores, threadsPerRank, gpus, memoryBytes, walltimeSeconds } =
    resources;
  return {
    nodes: String(nodes),
    ranksPerNode: String(ranksPerNode),
    cores: String(cores),
    threadsPerRank: threadsPerRank === 0 ? '' : String(threadsPerRank),
    gpus: gpus === 0 ? '' : String(gpus),
    memoryBytes: memoryBytes === 0 ? '' : exactBytes(memoryBytes),
    walltimeSeconds: exactSpan(walltimeSeconds),
  };
}

/** Round sizes in units; others to the byte. */
function exactBytes(bytes: number): string {
  return bytes % 1e6 === 0 && bytes < 1e12 && bytes / 1e9 < 100 && (bytes / 1e8) % 1 === 0
    ? formatBytes(bytes)
    : String(bytes);
}

/** Whole minutes in words; others in seconds. */
function exactSpan(seconds: number): string {
  return seconds % 60 === 0 && seconds < 86_400 ? formatSpan(seconds) : `${seconds} s`;
}
