import type { FlowRunFilter } from './api/queries.ts';

/** What a page's address may say after `?`; anything else in it is ignored. */
type Raw = Record<string, unknown>;

function text<K extends string>(raw: Raw, key: K): { [P in K]?: string } {
  const value = raw[key];
  if (typeof value === 'number') return { [key]: String(value) } as { [P in K]?: string };
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as {
    [P in K]?: string;
  };
}

const runFilters = [
  'all',
  'active',
  'waiting',
  'failed',
  'completed',
  'willBeLate',
  'late',
] as const;

/** The live page: which instrument. */
export function liveSearch(raw: Raw): { instrument?: string } {
  return text(raw, 'instrument');
}

/** The run table: columns that are left out. */
export function runsSearch(raw: Raw): { hide?: string } {
  return text(raw, 'hide');
}

/** The list of flow runs. */
export function flowRunsSearch(raw: Raw): {
  filter?: NonNullable<FlowRunFilter['filter']>;
  order?: 'deadline';
  mine?: true;
  label?: string;
  flow?: string;
  trigger?: string;
  batch?: string;
  tags?: string;
} {
  const filter = runFilters.find((each) => each === raw['filter']);
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(raw['order'] === 'deadline' ? { order: 'deadline' } : {}),
    ...(raw['mine'] === true ? { mine: true } : {}),
    ...text(raw, 'label'),
    ...text(raw, 'flow'),
    ...text(raw, 'trigger'),
    ...text(raw, 'batch'),
    ...text(raw, 'tags'),
  };
}

/** One flow run: which state of its diagram is chosen. */
export function flowRunSearch(raw: Raw): { state?: string } {
  return text(raw, 'state');
}

/** One flow: which version, and which state of its diagram is chosen. */
export function flowSearch(raw: Raw): { version?: number; state?: string } {
  const version = Number(raw['version']);
  return { ...(version >= 1 ? { version } : {}), ...text(raw, 'state') };
}

/** The list of triggers. */
export function triggersSearch(raw: Raw): {
  q?: string;
  kind?: string;
  state?: string;
  flow?: string;
  instrument?: string;
} {
  return {
    ...text(raw, 'q'),
    ...text(raw, 'kind'),
    ...text(raw, 'state'),
    ...text(raw, 'flow'),
    ...text(raw, 'instrument'),
  };
}

/** One trigger: `dry` runs it dry at once. */
export function triggerSearch(raw: Raw): { dry?: true } {
  return raw['dry'] === true ? { dry: true } : {};
}

/** The form of a new trigger: for which flow or instrument. */
export function newTriggerSearch(raw: Raw): { flow?: string; instrument?: string } {
  return { ...text(raw, 'flow'), ...text(raw, 'instrument') };
}

/** The form that starts a flow: with the input of another flow run. */
export function startFlowSearch(raw: Raw): { from?: string } {
  return text(raw, 'from');
}

/** The editor of a new flow: as a copy of another. */
export function newFlowSearch(raw: Raw): { from?: string } {
  return text(raw, 'from');
}

const urgencies = ['urgent', 'normal', 'backfill'] as const;
const agesOfJobs = ['1h', '24h', '7d'] as const;

/** What a list of jobs is limited to, as its address says it. */
export interface JobsSearch {
  state?: string;
  site?: string;
  app?: string;
  project?: string;
  ensemble?: string;
  flowRun?: string;
  createdBy?: string;
  parent?: string;
  pilot?: string;
  urgency?: (typeof urgencies)[number];
  mine?: true;
  label?: string;
  tags?: string;
  reason?: string;
  reasonIs?: string;
  /** Submitted within this time before now. */
  since?: (typeof agesOfJobs)[number];
}

/** The list of jobs. */
export function jobsSearch(raw: Raw): JobsSearch {
  const urgency = urgencies.find((each) => each === raw['urgency']);
  const since = agesOfJobs.find((each) => each === raw['since']);
  return {
    ...text(raw, 'state'),
    ...text(raw, 'site'),
    ...text(raw, 'app'),
    ...text(raw, 'project'),
    ...text(raw, 'ensemble'),
    ...text(raw, 'flowRun'),
    ...text(raw, 'createdBy'),
    ...text(raw, 'parent'),
    ...text(raw, 'pilot'),
    ...(urgency === undefined ? {} : { urgency }),
    ...(raw['mine'] === true ? { mine: true } : {}),
    ...text(raw, 'label'),
    ...text(raw, 'tags'),
    ...text(raw, 'reason'),
    ...text(raw, 'reasonIs'),
    ...(since === undefined ? {} : { since }),
  };
}

/** The form that submits a job: which app, or which job it starts from. */
export function submitSearch(raw: Raw): { app?: string; from?: string } {
  return { ...text(raw, 'app'), ...text(raw, 'from') };
}

/** The list of ensembles. */
export function ensemblesSearch(raw: Raw): { open?: true; mine?: true; label?: string } {
  return {
    ...(raw['open'] === true ? { open: true } : {}),
    ...(raw['mine'] === true ? { mine: true } : {}),
    ...text(raw, 'label'),
  };
}

/** One site: how many hours its plot of use goes back. */
export function siteSearch(raw: Raw): { hours?: number } {
  const hours = [6, 24, 168, 336].find((each) => each === raw['hours']);
  return hours === undefined ? {} : { hours };
}

/** Questions to people: those for oneself when nothing is said. */
export function questionsSearch(raw: Raw): { filter?: 'open' | 'ended' | 'all' } {
  const filter = (['open', 'ended', 'all'] as const).find((each) => each === raw['filter']);
  return filter === undefined ? {} : { filter };
}

/** The catalog. */
export function catalogSearch(raw: Raw): {
  q?: string;
  kind?: 'raw' | 'result';
  instrument?: string;
} {
  const kind = raw['kind'];
  return {
    ...text(raw, 'q'),
    ...(kind === 'raw' || kind === 'result' ? { kind } : {}),
    ...text(raw, 'instrument'),
  };
}

/** One dataset: which of its HDF5 files is open. */
export function datasetSearch(raw: Raw): { open?: string } {
  return text(raw, 'open');
}
