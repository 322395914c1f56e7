import type { JobId } from '@interpulse/domain/id.ts';
import type { JobOutput } from '@interpulse/domain/job/job.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { baseName, collectionOf } from '@interpulse/domain/location.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { makeSecret } from '../secret.ts';
import { startTransfers } from './start-transfers.ts';

/** A job whose outputs are to be brought to a folder. */
export interface JobToReturn {
  jobId: JobId;
  attempt: number;
  outputs: readonly JobOutput[];
  returnTo: string;
  project: string;
  ownerId: string;
  flowRunId: string | null;
}

/**
 * Sets the outputs of jobs going to the folders to which they return, in the transaction in which
 * their runs ended.
 */
export function returnOutputs(hub: Hub, tx: HubTransaction, jobs: readonly JobToReturn[]): void {
  const transfers = jobs.flatMap((job) => transfersOf(hub, job));
  startTransfers(hub, tx, transfers, hub.now());
}

function transfersOf(hub: Hub, job: JobToReturn) {
  const bySource = Map.groupBy(job.outputs, ({ location }) => collectionOf(location));
  return [...bySource].flatMap(([source, outputs]) =>
    inPieces(outputs).map((piece) => ({
      id: hub.newId('transfer'),
      label: `outputs of ${job.jobId}`,
      project: job.project,
      ownerId: job.ownerId,
      jobId: job.jobId,
      flowRunId: job.flowRunId,
      flowStep: null,
      source,
      destination: collectionOf(job.returnTo),
      items: piece.map(({ location }) => {
        const recursive = location.endsWith('/');
        return { source: location, destination: targetOf(location, job), recursive };
      }),
      secret: makeSecret('ticket'),
    })),
  );
}

function inPieces(outputs: readonly JobOutput[]): JobOutput[][] {
  const pieces: JobOutput[][] = [];
  for (let first = 0; first < outputs.length; first += limits.outputsPerTransfer) {
    pieces.push(outputs.slice(first, first + limits.outputsPerTransfer));
  }
  return pieces;
}

/** The outputs of a job as they are once they have been brought back. */
export function returnedOutputs(job: Pick<JobToReturn, 'outputs' | keyof Target>): JobOutput[] {
  return job.outputs.map((output) => ({ ...output, location: targetOf(output.location, job) }));
}

type Target = Pick<JobToReturn, 'jobId' | 'attempt' | 'returnTo'>;

/** Files keep their paths below the work folder, so that no two of them meet. */
function targetOf(location: string, { jobId, attempt, returnTo }: Target): string {
  const folder = `/jobs/${jobId}/attempt-${attempt}/`;
  const start = location.indexOf(folder);
  const path = start < 0 ? baseName(location) : location.slice(start + folder.length);
  return `${returnTo.replace(/\/$/, '')}/${path}`;
}
