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

const runFilters = ['all', 'active', 'waiting', 'failed', 'completed'] as const;

/** The live page: which instrument. */
export function liveSearch(raw: Raw): { instrument?: string } {
  return text(raw, 'instrument');
}

/** The list of flow runs. */
export function flowRunsSearch(raw: Raw): {
  filter?: NonNullable<FlowRunFilter['filter']>;
  mine?: true;
  label?: string;
  flow?: string;
} {
  const filter = runFilters.find((each) => each === raw['filter']);
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(raw['mine'] === true ? { mine: true } : {}),
    ...text(raw, 'label'),
    ...text(raw, 'flow'),
  };
}

/** The list of jobs. */
export function jobsSearch(raw: Raw): {
  state?: string;
  site?: string;
  app?: string;
  mine?: true;
  label?: string;
  flowRun?: string;
} {
  return {
    ...text(raw, 'state'),
    ...text(raw, 'site'),
    ...text(raw, 'app'),
    ...(raw['mine'] === true ? { mine: true } : {}),
    ...text(raw, 'label'),
    ...text(raw, 'flowRun'),
  };
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
