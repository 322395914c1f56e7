import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { paths } from '@interpulse/api/client/schema.ts';
import { hub } from './hub.ts';
import { queryKeys } from './query-keys.ts';

type Query<P extends keyof paths> = paths[P] extends {
  get: { parameters: { query?: infer Q } };
}
  ? Omit<NonNullable<Q>, 'limit' | 'cursor'>
  : never;

/** Filters of the list of flow runs. */
export type FlowRunFilter = Query<'/api/v1/flow-runs'>;
/** Filters of the list of jobs. */
export type JobFilter = Query<'/api/v1/jobs'>;
/** Filters of the catalog. */
export type DatasetFilter = Query<'/api/v1/datasets'>;

/** Rows of one page of a list. */
const pageLimit = 50;
/** Shots on the strip of the live page. */
const stripShots = 50;
/** Rows of lists that are short everywhere (sites, instruments, apps). */
const wholeList = 500;

const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next: string | null }) => page.next ?? undefined,
  // A new filter keeps the old rows until its own are there: no flicker.
  placeholderData: keepPreviousData,
};

const cursorOf = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

/** Every question the portal asks the hub, as TanStack Query wants it. */
export const queries = {
  me: () => queryOptions({ queryKey: queryKeys.me, queryFn: () => unwrap(hub.GET('/api/v1/me')) }),
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
  flowRunLog: (flowRunId: string) =>
    infiniteQueryOptions({
      queryKey: queryKeys.flowRunLog(flowRunId),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/flow-runs/{flowRunId}/log', {
            params: { path: { flowRunId }, query: { limit: wholeList, ...cursorOf(pageParam) } },
          }),
        ),
      ...paged,
    }),
  jobs: (filter: JobFilter) =>
    infiniteQueryOptions({
      queryKey: queryKeys.jobs(filter),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/jobs', {
            params: { query: { ...filter, limit: pageLimit, ...cursorOf(pageParam) } },
          }),
        ),
      ...paged,
    }),
  job: (jobId: string) =>
    queryOptions({
      queryKey: queryKeys.job(jobId),
      queryFn: () => unwrap(hub.GET('/api/v1/jobs/{jobId}', { params: { path: { jobId } } })),
    }),
  jobExplanation: (jobId: string) =>
    queryOptions({
      queryKey: [...queryKeys.job(jobId), 'explain'],
      queryFn: () =>
        unwrap(hub.GET('/api/v1/jobs/{jobId}/explain', { params: { path: { jobId } } })),
    }),
  jobLog: (jobId: string, stream: 'stdout' | 'stderr', attempt: number) =>
    queryOptions({
      queryKey: [...queryKeys.job(jobId), 'log', stream, attempt],
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/jobs/{jobId}/log', {
            params: { path: { jobId }, query: { stream, attempt } },
          }),
        ),
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
  pilots: (site: string) =>
    queryOptions({
      queryKey: queryKeys.pilots(site),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/pilots', { params: { query: { site, limit: pageLimit } } })),
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
  flows: () =>
    queryOptions({
      queryKey: queryKeys.flows,
      queryFn: () => unwrap(hub.GET('/api/v1/flows', { params: { query: { limit: wholeList } } })),
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
