import { jobStates, openJobStates, type JobState } from '@interpulse/domain/job/job-state.ts';
import type { JobFilter } from '../api/queries.ts';
import type { JobsSearch } from '../search-params.ts';

/** What may be done with many jobs at once. */
export type BulkAction = 'cancel' | 'retry';

/** States as people ask for them; the value is what stands in the address. */
export const stateGroups = [
  { value: '', label: 'All' },
  { value: 'open', label: 'Not ended' },
  { value: 'waiting,queued,placed,ready', label: 'Waiting' },
  { value: 'stagingIn,active,stagingOut', label: 'At work' },
  { value: 'completed', label: 'Completed' },
  { value: 'failed', label: 'Failed' },
  { value: 'canceled', label: 'Canceled' },
] as const;

const agesInHours = { '1h': 1, '24h': 24, '7d': 168 } as const;

/** The states that the `state` of a filter stands for. */
export function statesOf(state: string | undefined): JobState[] {
  if (state === undefined || state === '') return [...jobStates];
  if (state === 'open') return [...openJobStates];
  const wanted = new Set(state.split(','));
  return jobStates.filter((each) => wanted.has(each));
}

/** How many of the counted jobs are in the states that `state` stands for. */
export function countIn(counts: Partial<Record<JobState, number>>, state: string): number {
  return statesOf(state).reduce((sum, each) => sum + (counts[each] ?? 0), 0);
}

/** The hub's filter for what an address says, at an instant in milliseconds. */
export function toJobFilter(search: JobsSearch, nowMilliseconds: number): JobFilter {
  const { mine, since, ...words } = search;
  const hours = since === undefined ? null : agesInHours[since];
  return {
    ...words,
    ...(mine ? { mine: 'true' as const } : {}),
    ...(hours === null
      ? {}
      : { createdAfter: new Date(nowMilliseconds - hours * 3_600_000).toISOString() }),
  };
}

/** The states in which a job can be canceled, or run again. */
export function statesFor(action: BulkAction): JobState[] {
  return action === 'cancel' ? statesOf('open') : ['failed', 'canceled'];
}

/** The jobs of a filter with which an action can do something; null when there are none. */
export function narrowFilter(filter: JobFilter, action: BulkAction): JobFilter | null {
  const possible = new Set(statesFor(action));
  const states = statesOf(filter.state).filter((state) => possible.has(state));
  return states.length === 0 ? null : { ...filter, state: states.join(',') };
}
