import type { JobExplanation } from './explain-job.ts';
import { isJobEnd, type JobState } from './job-state.ts';
import type { Job } from './job.ts';

/** A job on which another one depends. */
export interface ParentSeen {
  id: string;
  label: string;
  state: JobState;
}

/** Names of that many parents are said, the others are counted. */
const namedParents = 5;

/** Says for which parents a job waits. */
export function explainWaiting(job: Job, parents: readonly ParentSeen[]): JobExplanation {
  const open = parents.filter(({ state }) => !isJobEnd(state));
  if (parents.length === 0) {
    return { summary: 'Waits for the jobs that it depends on.', unblock: 'Their end.' };
  }
  if (open.length === 0) {
    const summary = 'All that it depends on has ended; it goes on in a moment.';
    return { summary, unblock: null };
  }
  const named = open
    .slice(0, namedParents)
    .map(({ id, label, state }) => `${label === '' ? id : `${label} (${id})`} is ${state}`);
  const more = open.length > namedParents ? [`${open.length - namedParents} more`] : [];
  const whole = parents.length === 1 ? 'the job' : `${open.length} of the ${parents.length} jobs`;
  const summary = `Waits for ${whole} that it depends on: ${[...named, ...more].join(', ')}.`;
  const otherwise =
    job.onParentFailure === 'fail'
      ? 'it fails when one of them fails or is canceled.'
      : 'it runs even when one of them fails.';
  return { summary, unblock: `Their end; ${otherwise}` };
}
