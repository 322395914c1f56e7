import type { OperationId } from '@interpulse/api/routes/all-routes.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';

/** What a job may do with its own token, in its project: nothing else is open to it. */
const routesOfJobs: ReadonlySet<OperationId> = new Set<OperationId>([
  'getHealth',
  'whoAmI',
  'submitJobs',
  'listJobs',
  'countJobs',
  'getJob',
  'explainJob',
  'getJobLog',
  'getJobFile',
  'waitForJobs',
  'cancelJob',
  'cancelJobs',
  'listEnsembles',
  'getEnsemble',
  'getEnsembleGrid',
  'cancelEnsemble',
  'listTransfers',
  'getTransfer',
  'listDatasets',
  'getDataset',
  'getDatasetPreview',
  'getDatasetFile',
  'getHdf5Entity',
  'getHdf5Attributes',
  'getHdf5Value',
  'getRun',
  'reportRunResults',
]);

/** @throws DomainError forbidden, when a job asks for what is not for jobs. */
export function refuseForJobs(who: Principal, operationId: OperationId): void {
  if (who.jobId === null || routesOfJobs.has(operationId)) return;
  const may = 'it submits, reads and cancels jobs, reads data and reports results, of its project';
  const message = `the token of ${who.jobId} is not good for ${operationId}: ${may}`;
  throw new DomainError('forbidden', message);
}
