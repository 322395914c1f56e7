import { collectionOf } from '@interpulse/domain/location.ts';
import type { JobToPlace } from '@interpulse/domain/placement/snapshot.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { sizesOfLocations, type QueuedJob } from '@interpulse/store/jobs/place-jobs.ts';
import type { Hub } from '../hub.ts';

/** Until the catalog knows a file's size: bytes. */
const assumedInputBytes = 1_000_000;

/** What placing sees of a job, made of what is stored. */
type Sized<J extends QueuedJob> = Omit<J, 'strategy'> & JobToPlace;

/** Adds how large the inputs of jobs are, where outputs return to, and how a site is chosen. */
export async function sizeJobs<J extends QueuedJob>(
  hub: Hub,
  db: Executor,
  jobs: readonly J[],
): Promise<Sized<J>[]> {
  const sizes = await sizesOfLocations(
    db,
    jobs.flatMap((job) => Object.values(job.inputs)),
  );
  return jobs.map((job) => {
    const inputBytes: Record<string, number> = {};
    for (const location of Object.values(job.inputs)) {
      const collection = collectionOf(location);
      const bytes = sizes.get(location) ?? assumedInputBytes;
      inputBytes[collection] = (inputBytes[collection] ?? 0) + bytes;
    }
    const returnCollection = job.returnTo === null ? null : collectionOf(job.returnTo);
    return { ...job, strategy: job.strategy ?? hub.strategy, inputBytes, returnCollection };
  });
}
