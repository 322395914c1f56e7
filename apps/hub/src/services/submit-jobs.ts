import type { RouteInput } from '@interpulse/api/routes/all-routes.ts';
import type { EnsembleId, JobId } from '@interpulse/domain/id.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/** Who submits. */
export interface Submitter {
  /** The user or service account. */
  id: string;
  /**
   * The project in which a job is made that names one, or none.
   * @throws DomainError for one in which the submitter may not run jobs.
   */
  projectOf: (named: string | undefined) => string;
  /** The job whose token is used; null for people. */
  createdByJobId: JobId | null;
}

/** What a submission came to. */
export interface Submitted {
  jobIds: JobId[];
  ensembleId: EnsembleId | null;
}

/** Submits jobs, all or none. */
export async function submitJobs(
  _hub: Hub,
  _tx: HubTransaction,
  _body: RouteInput<'submitJobs'>['body'],
  _submitter: Submitter,
): Promise<Submitted> {
  throw new Error('not yet');
}
