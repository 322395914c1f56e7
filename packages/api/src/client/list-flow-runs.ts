import { unwrap, type InterpulseClient, type Schemas } from './create-client.ts';
import { readPages } from './read-pages.ts';
import type { operations } from './schema.ts';

/** Which flow runs, and in which order. */
export type FlowRunQuery = Omit<
  NonNullable<operations['listFlowRuns']['parameters']['query']>,
  'cursor' | 'limit'
>;

/** Flow runs, newest first unless the query says otherwise. */
export function listFlowRuns(
  client: InterpulseClient,
  wanted: FlowRunQuery,
): AsyncGenerator<Schemas['FlowRun']> {
  return readPages((page) => {
    const params = { query: { ...wanted, ...page } };
    return unwrap(client.GET('/api/v1/flow-runs', { params }));
  });
}
