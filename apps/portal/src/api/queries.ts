import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { paths } from '@interpulse/api/client/schema.ts';
import { hub } from './hub.ts';
import { cursorOf, paged, pageLimit } from './paged.ts';
import { queryKeys } from './query-keys.ts';

/** Steps read together of a flow run with many: enough for all items that are drawn. */
const stepsAtOnce = 200;

type Query<P extends keyof paths> = paths[P] extends {
  get: { parameters: { query?: infer Q } };
}
  ? Omit<NonNullable<Q>, 'limit' | 'cursor'>
  : never;

/** Filters of the list of flow runs. */
export type FlowRunFilter = Query<'/api/v1/flow-runs'>;
/** Filters of the list of questions. */
export type WebInputFilter = Query<'/api/v1/web-inputs'>;
/** Filters of the list of jobs. */
export type JobFilter = Query<'/api/v1/jobs'>;
/** Filters of the list of ensembles. */
export type EnsembleFilter = Query<'/api/v1/ensembles'>;
/** Filters of the catalog. */
export type DatasetFilter = Query<'/api/v1/datasets'>;

/** Shots on the strip of the live page. */
const stripShots = 50;
/** Rows of a list beside something else. */
const fewRows = 12;
/** Flow runs from which it is told how a flow fares. */
const fewRuns = 20;
/** Samples of a plot of use over time: more than a screen has columns for is not seen. */
const usageSamples = 480;
/** A plot of use is asked for anew so often; no event tells of a new sample. */
const usageRefreshMilliseconds = 30_000;
/** Rows of lists that are short everywhere (sites, instruments, apps). */
const wholeList = 500;

/** Every question the portal asks the hub, as TanStack Query wants it. */
export const queries = {
  me: () => queryOptions({ queryKey: queryKeys.me, queryFn: () => unwrap(hub.GET('/api/v1/me')) }),
  notices: () =>
    queryOptions({
      queryKey: queryKeys.notices,
      queryFn: () => unwrap(hub.GET('/api/v1/me/notices')),
    }),
  tokens: () =>
    queryOptions({
      queryKey: queryKeys.tokens,
      queryFn: () => unwrap(hub.GET('/api/v1/tokens', { params: { query: { limit: wholeList } } })),
    }),
  instruments: () =>
    queryOptions({
      queryKey: queryKeys.instruments,
      queryFn: () =>
        unwrap(hub.GET('/api/v1/instruments', { params: { query: { limit: wholeList } } })),
    }),
  shots: (instrument: string) =>
    queryOptions({
      queryKey: queryKeys.shots(instrument),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/instruments/{instrument}/shots', {
            params: { path: { instrument }, query: { limit: stripShots } },
          }),
        ),
    }),
  /** Of as many shots as the strip has. */
  instrumentTiming: (instrument: string) =>
    queryOptions({
      queryKey: queryKeys.instrumentTiming(instrument),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/instruments/{instrument}/timing', {
            params: { path: { instrument }, query: { shots: stripShots } },
          }),
        ),
      placeholderData: keepPreviousData,
    }),
  runs: (instrument: string) =>
    infiniteQueryOptions({
      queryKey: queryKeys.runs(instrument),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/instruments/{instrument}/runs', {
            params: { path: { instrument }, query: { limit: pageLimit, ...cursorOf(pageParam) } },
          }),
        ),
      ...paged,
    }),
  flowRuns: (filter: FlowRunFilter) =>
    infiniteQueryOptions({
      queryKey: queryKeys.flowRuns(filter),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/flow-runs', {
            params: { query: { ...filter, limit: pageLimit, ...cursorOf(pageParam) } },
          }),
        ),
      ...paged,
    }),
  flowRun: (flowRunId: string) =>
    queryOptions({
      queryKey: queryKeys.flowRun(flowRunId),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/flow-runs/{flowRunId}', { params: { path: { flowRunId } } })),
    }),
  /** The newest steps of a flow run: of one state, of one status, or all. */
  someSteps: (flowRunId: string, status?: Schemas['FlowStep']['status'], state?: string) => {
    const filter = { ...(status && { status }), ...(state && { state }) };
    return queryOptions({
      queryKey: queryKeys.flowRunSteps(flowRunId, filter),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/flow-runs/{flowRunId}/steps', {
            params: {
              path: { flowRunId },
              query: { ...filter, limit: stepsAtOnce, newestFirst: 'true' },
            },
          }),
        ),
    });
  },
  /** One step with all that it was given and gave. */
  step: (flowRunId: string, sequence: number) =>
    queryOptions({
      queryKey: queryKeys.flowRunSteps(flowRunId, { sequence }),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/flow-runs/{flowRunId}/steps/{sequence}', {
            params: { path: { flowRunId, sequence } },
          }),
        ),
    }),
  /** The first line of a flow run's log, which says with what it began. */
  flowRunStart: (flowRunId: string) =>
    queryOptions({
      queryKey: queryKeys.flowRunStart(flowRunId),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/flow-runs/{flowRunId}/log', {
            params: { path: { flowRunId }, query: { limit: 1 } },
          }),
        ),
    }),
  flowRunLog: (flowRunId: string) =>
    infiniteQueryOptions({
      queryKey: queryKeys.flowRunLog(flowRunId),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/flow-runs/{flowRunId}/log', {
            params: {
              path: { flowRunId },
              query: { limit: wholeList, newestFirst: 'true', ...cursorOf(pageParam) },
            },
          }),
        ),
      ...paged,
    }),
  webInputs: (filter: WebInputFilter) =>
    infiniteQueryOptions({
      queryKey: queryKeys.webInputs(filter),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/web-inputs', {
            params: { query: { ...filter, limit: pageLimit, ...cursorOf(pageParam) } },
          }),
        ),
      ...paged,
    }),
  /** For the badge: as many as it counts. */
  openWebInputsForMe: () =>
    queryOptions({
      queryKey: queryKeys.webInputs({ forMe: true }),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/web-inputs', { params: { query: { filter: 'mine', limit: 99 } } })),
    }),
  openWebInputsOfRun: (flowRun: string) =>
    queryOptions({
      queryKey: queryKeys.webInputs({ openOf: flowRun }),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/web-inputs', {
            params: { query: { filter: 'open', flowRun, limit: fewRows } },
          }),
        ),
    }),
  webInput: (webInputId: string) =>
    queryOptions({
      queryKey: queryKeys.webInput(webInputId),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/web-inputs/{webInputId}', { params: { path: { webInputId } } })),
    }),
  transfersOfRun: (flowRun: string) =>
    queryOptions({
      queryKey: queryKeys.transfers({ flowRun }),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/transfers', { params: { query: { flowRun, limit: wholeList } } })),
    }),
  jobsOfRun: (flowRun: string) =>
    queryOptions({
      queryKey: queryKeys.jobs({ flowRun, all: true }),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/jobs', { params: { query: { flowRun, limit: wholeList } } })),
    }),
  sites: () =>
    queryOptions({
      queryKey: queryKeys.sites,
      queryFn: () => unwrap(hub.GET('/api/v1/sites', { params: { query: { limit: wholeList } } })),
    }),
  site: (site: string) =>
    queryOptions({
      queryKey: queryKeys.site(site),
      queryFn: () => unwrap(hub.GET('/api/v1/sites/{site}', { params: { path: { site } } })),
    }),
  pilots: (site: string, isAlive: boolean) =>
    queryOptions({
      queryKey: queryKeys.pilots(site, isAlive),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/pilots', {
            params: {
              query: { site, limit: pageLimit, ...(isAlive ? { alive: 'true' as const } : {}) },
            },
          }),
        ),
      placeholderData: keepPreviousData,
    }),
  siteUsage: (site: string, hours: number) =>
    queryOptions({
      queryKey: queryKeys.siteUsage(site, hours),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/sites/{site}/usage', {
            params: { path: { site }, query: { hours, samples: usageSamples } },
          }),
        ),
      refetchInterval: usageRefreshMilliseconds,
      placeholderData: keepPreviousData,
    }),
  limits: () =>
    queryOptions({
      queryKey: queryKeys.limits,
      queryFn: () => unwrap(hub.GET('/api/v1/placement-limits')),
    }),
  collections: () =>
    queryOptions({
      queryKey: queryKeys.collections,
      queryFn: () =>
        unwrap(hub.GET('/api/v1/collections', { params: { query: { limit: wholeList } } })),
    }),
  apps: () =>
    queryOptions({
      queryKey: queryKeys.apps,
      queryFn: () => unwrap(hub.GET('/api/v1/apps', { params: { query: { limit: wholeList } } })),
    }),
  app: (app: string) =>
    queryOptions({
      queryKey: queryKeys.app(app),
      queryFn: () => unwrap(hub.GET('/api/v1/apps/{app}', { params: { path: { app } } })),
    }),
  flows: () =>
    queryOptions({
      queryKey: queryKeys.flows,
      queryFn: () => unwrap(hub.GET('/api/v1/flows', { params: { query: { limit: wholeList } } })),
    }),
  flow: (flow: string, version?: number) =>
    queryOptions({
      queryKey: [...queryKeys.flow(flow), version ?? 'newest'],
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/flows/{flow}', {
            params: { path: { flow }, query: version === undefined ? {} : { version } },
          }),
        ),
    }),
  /** What is worth a look in a flow, with what the hub has now. */
  flowCheck: ({ name, version, definition, inputSchema }: Schemas['Flow']) =>
    queryOptions({
      queryKey: [...queryKeys.flow(name), version, 'check'],
      queryFn: () => unwrap(hub.POST('/api/v1/flows/check', { body: { definition, inputSchema } })),
    }),
  flowVersions: (flow: string) =>
    queryOptions({
      queryKey: [...queryKeys.flow(flow), 'versions'],
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/flows/{flow}/versions', {
            params: { path: { flow }, query: { limit: pageLimit } },
          }),
        ),
    }),
  /** The last runs of a flow: what a library says of how it fares. */
  lastRunsOfFlow: (flow: string) =>
    queryOptions({
      queryKey: queryKeys.lastRuns(flow),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/flow-runs', { params: { query: { flow, limit: fewRuns } } })),
    }),
  triggers: () =>
    queryOptions({
      queryKey: queryKeys.triggers,
      queryFn: () =>
        unwrap(hub.GET('/api/v1/triggers', { params: { query: { limit: wholeList } } })),
    }),
  folder: (location: string) =>
    queryOptions({
      queryKey: queryKeys.folder(location),
      queryFn: () => unwrap(hub.GET('/api/v1/folder', { params: { query: { location } } })),
    }),
  datasets: (filter: DatasetFilter) =>
    infiniteQueryOptions({
      queryKey: queryKeys.datasets(filter),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/datasets', {
            params: { query: { ...filter, limit: pageLimit, ...cursorOf(pageParam) } },
          }),
        ),
      ...paged,
    }),
  dataset: (datasetId: string) =>
    queryOptions({
      queryKey: queryKeys.dataset(datasetId),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/datasets/{datasetId}', { params: { path: { datasetId } } })),
    }),
  preview: (datasetId: string) =>
    queryOptions({
      queryKey: queryKeys.preview(datasetId),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/datasets/{datasetId}/preview', { params: { path: { datasetId } } }),
        ),
      staleTime: 600_000,
    }),
  history: (subjectType: 'job', subjectId: string) =>
    queryOptions({
      queryKey: queryKeys.history(subjectId),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/events', {
            params: { query: { subjectType, subjectId, limit: wholeList } },
          }),
        ),
    }),
};
