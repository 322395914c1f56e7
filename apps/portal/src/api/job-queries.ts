import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { hub } from './hub.ts';
import { cursorOf, paged, pageLimit } from './paged.ts';
import type { EnsembleFilter, JobFilter } from './queries.ts';
import { queryKeys } from './query-keys.ts';

/** Rows of a list beside something else. */
const fewRows = 12;
/** Jobs that are at work at a site, as far as they are told one by one. */
const wholeList = 500;

/** Questions about jobs and ensembles. */
export const jobQueries = {
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
  /** The end of what a job wrote to stderr, or where that is empty to stdout. */
  logEnd: (jobId: string) =>
    queryOptions({
      queryKey: [...queryKeys.job(jobId), 'logEnd'],
      queryFn: async () => {
        const read = async (stream: 'stdout' | 'stderr') => {
          const params = { path: { jobId }, query: { stream } };
          return { stream, ...(await unwrap(hub.GET('/api/v1/jobs/{jobId}/log', { params }))) };
        };
        const errors = await read('stderr');
        return errors.text === '' ? await read('stdout') : errors;
      },
    }),
  jobCounts: (filter: JobFilter) =>
    queryOptions({
      queryKey: queryKeys.jobCounts(filter),
      queryFn: () => unwrap(hub.GET('/api/v1/jobs/counts', { params: { query: filter } })),
      placeholderData: keepPreviousData,
    }),
  /** Jobs that wait, or waited, for this one. */
  children: (parent: string) =>
    queryOptions({
      queryKey: queryKeys.jobs({ parent, few: true }),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/jobs', { params: { query: { parent, limit: fewRows } } })),
    }),
  /** What is at a site now: to say who uses it. */
  workAtSite: (site: string) =>
    queryOptions({
      queryKey: queryKeys.jobs({ site, atWork: true }),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/jobs', {
            params: { query: { site, state: 'placed,stagingIn,ready,active', limit: wholeList } },
          }),
        ),
    }),
  ensembles: (filter: EnsembleFilter) =>
    infiniteQueryOptions({
      queryKey: queryKeys.ensembles(filter),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/ensembles', {
            params: { query: { ...filter, limit: pageLimit, ...cursorOf(pageParam) } },
          }),
        ),
      ...paged,
    }),
  ensemble: (ensembleId: string) =>
    queryOptions({
      queryKey: queryKeys.ensemble(ensembleId),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/ensembles/{ensembleId}', { params: { path: { ensembleId } } })),
    }),
  ensembleGrid: (ensembleId: string) =>
    queryOptions({
      queryKey: queryKeys.ensembleGrid(ensembleId),
      queryFn: () =>
        unwrap(
          hub.GET('/api/v1/ensembles/{ensembleId}/grid', { params: { path: { ensembleId } } }),
        ),
    }),
};
