import assert from 'node:assert/strict';
import { findUser } from '@interpulse/store/access/access.ts';
import type { Hub } from '../hub.ts';
import { submitJobs } from '../services/submit-jobs.ts';

/** Jobs that are written in a transaction of the test's, which is held open until `end`. */
export interface OpenSubmission {
  jobIds: string[];
  end: (how?: Error) => Promise<void>;
}

/** Submits jobs of the administrator, and holds the transaction open. */
export async function openSubmission(
  hub: Hub,
  { count = 1, ...fields }: { count?: number },
): Promise<OpenSubmission> {
  const by = (await findUser(hub.db, 'admin'))?.id ?? assert.fail('no administrator');
  const written = Promise.withResolvers<string[]>();
  const over = Promise.withResolvers<void>();
  const whole = hub.transaction(async (tx) => {
    const job = { command: ['true'], project: 'demo', ...fields };
    const body = { jobs: Array.from({ length: count }, () => job) };
    const submitter = { id: by, projectOf: () => 'demo', createdByJobId: null };
    const { jobIds } = await submitJobs(hub, tx, body, submitter);
    written.resolve(jobIds);
    await over.promise;
  });
  whole.catch(written.reject);
  return {
    jobIds: await written.promise,
    async end(how) {
      if (how === undefined) over.resolve();
      else over.reject(how);
      await whole.catch((error: unknown) => assert.equal(error, how));
    },
  };
}
