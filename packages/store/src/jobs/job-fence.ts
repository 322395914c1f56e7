import { statesAccepting, type JobEvent } from '@interpulse/domain/job/job-state.ts';

/**
 * SQL that is true for jobs in a state in which the table of a job's life accepts an event. The
 * table in the domain is the only one: statements take their fences from it.
 */
export function acceptsSql(column: string, event: JobEvent): string {
  const states = statesAccepting(event).map((state) => `'${state}'`);
  return `${column} in (${states.join(', ')})`;
}
