import { jobStates, type JobState } from '@interpulse/domain/job/job-state.ts';
import type { jobRoutes } from '@interpulse/api/routes/jobs.ts';
import { consideredSiteSchema } from '@interpulse/api/routes/jobs.ts';
import { explainJob } from '@interpulse/domain/job/explain-job.ts';
import type { Job } from '@interpulse/domain/job/job.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { insertJobs } from '@interpulse/store/jobs/insert-jobs.ts';
import { jobOf } from '@interpulse/store/jobs/job-row.ts';
import { findJob, listAttempts, listJobs } from '@interpulse/store/jobs/read-jobs.ts';
import { findSite } from '@interpulse/store/sites/read-sites.ts';
import {
  findTransfer,
  insertTransfers,
  listTransfers,
} from '@interpulse/store/transfers/transfers.ts';
import { agentOf, askAgent } from '../../agents/ask-agent.ts';
import { attemptFolder } from '../../agents/lease-jobs.ts';
import { topics } from '../../hub.ts';
import { cancelJobsNow } from '../../services/cancel-jobs.ts';
import { cancelTransferNow } from '../../services/cancel-transfer.ts';
import { noticeEndedJobs } from '../../services/notice-ended-jobs.ts';
import { noticeEndedTransfer } from '../../services/notice-ended-transfer.ts';
import { prepareJobs } from '../../services/prepare-jobs.ts';
import { prepareTransfer } from '../../services/prepare-transfer.ts';
import { demand, page, projectFor, visibleProjects, type Call, type Handlers } from '../handler.ts';
import { idempotently } from '../idempotently.ts';
import { existing } from './sites.ts';

/** Jobs and transfers. */
export const jobHandlers: Handlers<keyof typeof jobRoutes> = {
  submitJobs: ({ body }, call) =>
    idempotently(call, body, async (tx) => {
      const { hub, who } = call;
      const byProject = Map.groupBy(body.jobs, (job) => projectFor(who, job.project, 'run'));
      const jobIds: JobId[] = [];
      for (const [project, requests] of byProject) {
        const owner = { id: who.id, project, flowRunId: null, flowStep: null };
        const jobs = await prepareJobs(tx, requests, owner, () => hub.newId('job'));
        await insertJobs(tx, jobs, hub.now());
        jobIds.push(...jobs.map((job) => job.id));
      }
      tx.notify([topics.queuedJobs, eventsTopic]);
      return { jobIds };
    }),

  async listJobs({ query }, { hub, who }) {
    const rows = await listJobs(hub.db, {
      projects: visibleProjects(who),
      states: statesOf(query.state),
      site: query.site,
      app: query.app,
      project: query.project,
      flowRunId: query.flowRun,
      ownerId: query.mine ? who.id : undefined,
      label: query.label,
      before: query.cursor,
      limit: query.limit + 1,
    });
    return page(rows, query.limit, (job) => job.id);
  },

  async getJob({ params }, call) {
    const { job } = await seenJob(call, params.jobId, 'read');
    return { job, attempts: await listAttempts(call.hub.db, params.jobId) };
  },

  async explainJob({ params }, call) {
    const { job, considered } = await seenJob(call, params.jobId, 'read');
    const sites = consideredSiteSchema.array().catch([]).parse(considered);
    const open = await listTransfers(call.hub.db, { projects: null, jobId: job.id, limit: 10 });
    return { ...explainJob(job, sites, open), sites };
  },

  async getJobLog({ params, query }, call) {
    const { job } = await seenJob(call, params.jobId, 'read');
    const attempts = await listAttempts(call.hub.db, params.jobId);
    const attempt = attempts.find(({ number }) => number === (query.attempt ?? job.attempt));
    if (!attempt) throw new DomainError('notFound', `job ${job.id} has no such attempt yet`);
    const site = existing(await findSite(call.hub.db, attempt.siteName), 'site any more');
    const { answer, bytes } = await askAgent(agentOf(call.hub, site.id, site.name), {
      ask: 'jobLog',
      jobId: params.jobId,
      workFolder: attemptFolder(site.scratchCollection ?? '', params.jobId, attempt.number),
      stream: query.stream,
      maxBytes: limits.logTailBytes,
    });
    const text = bytes === null ? '' : Buffer.from(bytes).toString('utf8');
    const sizeBytes = answer.answer === 'bytes' ? answer.sizeBytes : text.length;
    return { text, sizeBytes, attempt: attempt.number };
  },

  async cancelJob({ params }, call) {
    const { hub, who } = call;
    await seenJob(call, params.jobId, 'run');
    await hub.transaction(async (tx) => {
      const reason = `canceled by ${who.name}`;
      const canceled = await cancelJobsNow(hub, tx, [params.jobId], hub.now(), who.id, reason);
      await noticeEndedJobs(
        hub,
        tx,
        canceled.map((job) => ({ ...job, state: 'canceled' })),
      );
    });
    return (await seenJob(call, params.jobId, 'read')).job;
  },

  submitTransfer: ({ body }, call) =>
    idempotently(call, body, async (tx) => {
      const { hub, who } = call;
      const transfer = await prepareTransfer(tx, body.items, {
        id: hub.newId('transfer'),
        label: body.label,
        project: projectFor(who, body.project, 'run'),
        ownerId: who.id,
        jobId: null,
        flowRunId: null,
        flowStep: null,
      });
      await insertTransfers(tx, [transfer], hub.now());
      tx.notify([topics.transfers, eventsTopic]);
      return existing(await findTransfer(tx, transfer.id), 'transfer');
    }),

  async listTransfers({ query }, { hub, who }) {
    const rows = await listTransfers(hub.db, {
      projects: visibleProjects(who),
      state: query.state,
      flowRunId: query.flowRun,
      jobId: query.job,
      before: query.cursor,
      limit: query.limit + 1,
    });
    return page(rows, query.limit, (transfer) => transfer.id);
  },

  getTransfer: ({ params }, call) => seenTransfer(call, params.transferId, 'read'),

  async cancelTransfer({ params }, call) {
    const { hub, who } = call;
    await seenTransfer(call, params.transferId, 'run');
    await hub.transaction(async (tx) => {
      const reason = `canceled by ${who.name}`;
      const id = params.transferId;
      const canceled = await cancelTransferNow(hub, tx, id, hub.now(), who.id, reason);
      if (canceled) await noticeEndedTransfer(hub, tx, canceled);
    });
    return seenTransfer(call, params.transferId, 'read');
  },
};

function statesOf(text: string | undefined): JobState[] | undefined {
  if (text === undefined) return undefined;
  if (text === 'open') {
    return jobStates.filter((state) => !['completed', 'failed', 'canceled'].includes(state));
  }
  return text.split(',') as JobState[];
}

async function seenJob(
  { hub, who }: Call,
  jobId: string,
  verb: 'read' | 'run',
): Promise<{ job: Job; considered: unknown[] }> {
  const row = existing(await findJob(hub.db, jobId), `job ${jobId}`);
  demand(who, verb, { project: row.project, ownerId: row.owner_id }, `job ${jobId}`);
  return { job: jobOf(row), considered: row.considered };
}

async function seenTransfer({ hub, who }: Call, id: string, verb: 'read' | 'run') {
  const transfer = existing(await findTransfer(hub.db, id), `transfer ${id}`);
  demand(who, verb, { project: transfer.project, ownerId: null }, `transfer ${id}`);
  return transfer;
}
