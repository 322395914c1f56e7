import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from './hub.ts';
import { cursorOf, paged, pageLimit } from './paged.ts';
import type { FlowRunFilter } from './queries.ts';
import { queryKeys } from './query-keys.ts';

/** What became of an event, as a filter. */
export type FiringOutcome = Schemas['TriggerFiring']['outcome'];

/** Rows of lists that are short everywhere. */
const wholeList = 500;

/** Questions about triggers, flow runs started many at a time, and accounts. */
export const triggerQueries = {
  flowRunCounts: (filter: FlowRunFilter) =>
    queryOptions({
      queryKey: queryKeys.flowRunCounts(filter),
      queryFn: () => unwrap(hub.GET('/api/v1/flow-runs/counts', { params: { query: filter } })),
      placeholderData: keepPreviousData,
    }),
  trigger: (trigger: string) =>
    queryOptions({
      queryKey: queryKeys.trigger(trigger),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/triggers/{trigger}', { params: { path: { trigger } } })),
    }),
  /** The last event that a trigger or a source listens to. */
  lastEvent: (body: Schemas['LastTriggerEventBody']) =>
    queryOptions({
      queryKey: queryKeys.lastEvent(body),
      queryFn: () => unwrap(hub.POST('/api/v1/triggers/last-event', { body })),
      retry: false,
    }),
  triggerFirings: (trigger: string, filter: { outcome?: FiringOutcome }) =>
    infiniteQueryOptions({
      queryKey: queryKeys.triggerFirings(trigger, filter),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/triggers/{trigger}/firings', {
            params: {
              path: { trigger },
              query: { ...filter, limit: pageLimit, ...cursorOf(pageParam) },
            },
          }),
        ),
      ...paged,
    }),
  flowBatches: (filter: { flow?: string }) =>
    infiniteQueryOptions({
      queryKey: queryKeys.flowBatches(filter),
      queryFn: ({ pageParam }) =>
        unwrap(
          hub.GET('/api/v1/flow-batches', {
            params: { query: { ...filter, limit: pageLimit, ...cursorOf(pageParam) } },
          }),
        ),
      ...paged,
    }),
  flowBatch: (batchId: string) =>
    queryOptions({
      queryKey: queryKeys.flowBatch(batchId),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/flow-batches/{batchId}', { params: { path: { batchId } } })),
    }),
  serviceAccounts: () =>
    queryOptions({
      queryKey: queryKeys.serviceAccounts,
      queryFn: () =>
        unwrap(hub.GET('/api/v1/service-accounts', { params: { query: { limit: wholeList } } })),
    }),
  tokensOf: (user: string) =>
    queryOptions({
      queryKey: queryKeys.tokensOf(user),
      queryFn: () =>
        unwrap(hub.GET('/api/v1/tokens', { params: { query: { user, limit: wholeList } } })),
    }),
};
