import { hideWords } from '@interpulse/domain/hide-words.ts';
import { hideArguments, privateWords } from '@interpulse/domain/job/hide-job.ts';
import type { JobAttempt } from '@interpulse/domain/job/job.ts';
import { isJobEnd, openJobStates } from '@interpulse/domain/job/job-state.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { jobOf, type JobRow } from '@interpulse/store/jobs/job-row.ts';
import { countJobs, findJob, listAttempts, listJobs } from '@interpulse/store/jobs/read-jobs.ts';
import { endedJobs } from '@interpulse/store/jobs/wait-jobs.ts';
import { cancelJobs } from '../../services/cancel-jobs.ts';
import { explainJobNow } from '../../services/explain-job-now.ts';
import { retryJobs } from '../../services/retry-jobs.ts';
import { submitJobs } from '../../services/submit-jobs.ts';
import { demand, page, projectFor, type Call, type Handlers } from '../handler.ts';
import { hold } from '../hold.ts';
import { idempotently } from '../idempotently.ts';
import { existing } from './existing.ts';
import { readJobLog } from './read-job-log.ts';
import { demandJobs, forSelectedJobs, jobFilterOf } from './select-jobs.ts';

type JobOperation =
  | 'submitJobs'
  | 'listJobs'
  | 'countJobs'
  | 'cancelJobs'
  | 'retryJobs'
  | 'waitForJobs'
  | 'getJob'
  | 'explainJob'
  | 'getJobLog'
  | 'cancelJob'
  | 'retryJob';

/** Jobs. */
export const jobHandlers: Handlers<JobOperation> = {
  submitJobs: ({ body }, call) =>
    idempotently(call, body, async (tx) => {
      const { hub, who } = call;
      return submitJobs(hub, tx, body, {
        id: who.id,
        projectOf: (named) => projectFor(who, named, 'run'),
        createdByJobId: who.jobId,
      });
    }),

  async listJobs({ query }, call) {
    const { cursor, limit, ...filter } = query;
    const wanted = { ...jobFilterOf(call, filter), before: cursor, limit: limit + 1 };
    return page(await listJobs(call.hub.db, wanted), limit, (job) => job.id);
  },

  async countJobs({ query }, call) {
    const counts = await countJobs(call.hub.db, jobFilterOf(call, query));
    return { total: Object.values(counts).reduce((sum, count) => sum + count, 0), counts };
  },

  async cancelJobs({ body }, call) {
    const { hub, who } = call;
    const canceled = await hub.transaction((tx) =>
      forSelectedJobs(call, tx, body, {
        states: openJobStates,
        act: (ids) => cancelJobs(hub, tx, ids, who.id, reasonOf(call)),
      }),
    );
    return { canceled };
  },

  async retryJobs({ body }, call) {
    const { hub, who } = call;
    const retried = await hub.transaction((tx) =>
      forSelectedJobs(call, tx, body, {
        states: ['failed', 'canceled'],
        act: (ids) => retryJobs(hub, tx, ids, who.id),
      }),
    );
    return { retried };
  },

  async waitForJobs({ body }, call) {
    const { db } = call.hub;
    const jobIds = [...new Set(body.jobIds)];
    await demandJobs(call, db, body.jobIds, 'read');
    const ended = await hold(call, body.waitSeconds, async () => {
      const ids = await endedJobs(db, jobIds);
      return ids.length > 0 ? ids : undefined;
    });
    if (ended === undefined) return { ended: [] };
    const found = { projects: null, jobIds: ended, limit: ended.length };
    const jobs = await listJobs(db, found);
    // A person may have had one of them run again in between.
    return { ended: jobs.filter((job) => isJobEnd(job.state)) };
  },

  async getJob({ params }, call) {
    const row = await seenJob(call, params.jobId, 'read');
    const attempts = await listAttempts(call.hub.db, params.jobId);
    const words = privateWords(row, row.private_paths ?? []);
    if (words.length === 0) return { job: jobOf(row), attempts };
    return { job: jobOf(row), attempts: attempts.map((attempt) => hideAttempt(attempt, words)) };
  },

  async explainJob({ params }, call) {
    const row = await seenJob(call, params.jobId, 'read');
    return explainJobNow(call.hub.db, row);
  },

  async getJobLog({ params, query }, call) {
    return readJobLog(call, await seenJob(call, params.jobId, 'read'), query);
  },

  async cancelJob({ params }, call) {
    const { hub, who } = call;
    await seenJob(call, params.jobId, 'run');
    await hub.transaction((tx) => cancelJobs(hub, tx, [params.jobId], who.id, reasonOf(call)));
    return jobOf(await seenJob(call, params.jobId, 'read'));
  },

  async retryJob({ params }, call) {
    const { hub, who } = call;
    const { jobId } = params;
    const { state } = await seenJob(call, jobId, 'run');
    const retried = await hub.transaction((tx) => retryJobs(hub, tx, [jobId], who.id));
    if (retried === 0) {
      const hint = 'only failed and canceled jobs run again';
      throw new DomainError('conflict', `running ${jobId} again: it is ${state}; ${hint}`);
    }
    return jobOf(await seenJob(call, jobId, 'read'));
  },
};

/** Why jobs are canceled by this caller. */
export function reasonOf({ who }: Pick<Call, 'who'>): string {
  return who.jobId === null ? `canceled by ${who.name}` : `canceled by the job ${who.jobId}`;
}

async function seenJob({ hub, who }: Call, jobId: string, verb: 'read' | 'run'): Promise<JobRow> {
  const row = existing(await findJob(hub.db, jobId), `job ${jobId}`);
  demand(who, verb, { project: row.project, ownerId: row.owner_id }, `job ${jobId}`);
  return row;
}

function hideAttempt(attempt: JobAttempt, words: readonly string[]): JobAttempt {
  const { argv, reason, stderrTail } = attempt;
  return {
    ...attempt,
    argv: hideArguments(argv, words),
    reason: reason === null ? null : hideWords(reason, words),
    stderrTail: stderrTail === null ? null : hideWords(stderrTail, words),
  };
}
