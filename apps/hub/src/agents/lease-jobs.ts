import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { FromHub } from '@interpulse/api/agent-messages/session-messages.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { issueJobTokens } from '@interpulse/store/access/job-tokens.ts';
import {
  leaseReadyJobs,
  type LeaseHow,
  type LeasedJob,
  type LeasedSpec,
} from '@interpulse/store/jobs/lease-jobs.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { hashSecret, makeSecret } from '../secret.ts';
import { noteHeld } from './lease-pace.ts';
import { releasePausesOf } from './release-pauses.ts';
import { noteLeasing } from './see-room.ts';

type Leases = FromHub & { type: 'leases' };

/**
 * The messages that give leased jobs to their pilots, none too large for the session. Tokens of
 * attempts that may use the hub are made here: only their hashes are kept.
 */
export async function leaseMessages(
  hub: Hub,
  tx: HubTransaction,
  jobs: readonly LeasedJob[],
): Promise<Leases[]> {
  const tokens = await issueTokens(hub, tx, jobs);
  const messages: Leases[] = [];
  const open = new Map<PilotId, { jobs: Lease[]; bytes: number }>();
  const shared = new Map<LeasedSpec, { bytes: number; part: SharedPart }>();
  for (const job of jobs) {
    const { spec, pilotId } = job;
    const known = shared.get(spec) ?? sharedOf(spec);
    shared.set(spec, known);
    const own = ownPart(job, tokens.get(job.jobId) ?? null);
    const lease: Lease = { ...known.part, ...own, code: codeOf(job) };
    const bytes = known.bytes + Buffer.byteLength(JSON.stringify([own, job.command]));
    const last = open.get(pilotId);
    if (last && last.bytes + bytes <= limits.leaseMessageBytes) {
      last.jobs.push(lease);
      last.bytes += bytes;
      continue;
    }
    const next = { jobs: [lease], bytes };
    open.set(pilotId, next);
    messages.push({ type: 'leases', pilotId, jobs: next.jobs });
  }
  return messages;
}

type SharedPart = Pick<Lease, 'outputs' | 'environment' | 'resources' | 'restartable'>;

function sharedOf(spec: LeasedSpec): { bytes: number; part: SharedPart } {
  const { outputs, environment, resources, restartable } = spec;
  return {
    bytes: Buffer.byteLength(JSON.stringify(spec)),
    part: { outputs, environment, resources, restartable },
  };
}

function ownPart(job: LeasedJob, token: string | null) {
  const { jobId, attempt, app, parameters, inputs, spec, scratchCollection } = job;
  const { urgency, priority, deadlineAt } = job;
  return {
    jobId,
    attempt,
    app: app === null ? null : { name: app, version: spec.appVersion },
    parameters,
    inputs,
    token,
    urgency,
    priority,
    deadlineAt,
    workFolder: attemptFolder(scratchCollection, jobId, attempt),
  };
}

/** A plain command is code of which a command is all. */
function codeOf({ spec, command }: LeasedJob): Lease['code'] {
  const plain = { shell: false, preamble: [], pre: [], post: [], environment: {} };
  return spec.code ?? { ...plain, command: command ?? [] };
}

/** Secrets of attempts that may use the hub, by job; none is worth anything after its attempt. */
async function issueTokens(
  hub: Hub,
  tx: HubTransaction,
  jobs: readonly LeasedJob[],
): Promise<Map<string, string>> {
  const wanting = jobs.filter(({ spec }) => spec.mayUseHub);
  const secrets = new Map(wanting.map(({ jobId }) => [jobId as string, makeSecret('ip')]));
  const now = hub.now();
  await issueJobTokens(
    tx,
    wanting.map(({ jobId, ownerId, project }) => ({
      id: hub.newId('token'),
      jobId,
      ownerId,
      project,
      secretHash: hashSecret(secrets.get(jobId) ?? ''),
      expiresAt: addSeconds(now, limits.jobTokenSeconds),
    })),
  );
  return secrets;
}

/** The work directory of one attempt: no two attempts share one. */
export function attemptFolder(scratchCollection: string, jobId: string, attempt: number): string {
  return `${scratchCollection}:/jobs/${jobId}/attempt-${attempt}`;
}

/**
 * Leases what is ready at a site to its pilots, and tells the agent after the commit. Where the
 * agent's session is at another hub, that hub is woken to do it.
 */
export async function leaseAtSite(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  how: Omit<LeaseHow, 'except'> = { wait: false },
): Promise<void> {
  if (hub.agents.get(siteId) === undefined) {
    tx.notify([topics.leases(siteId)]);
    return;
  }
  // What was asked ahead is not so any more.
  void tx.ahead.take('room');
  noteLeasing(hub, tx, siteId);
  const except = releasePausesOf(hub).paused(performance.now());
  const came = await leaseReadyJobs(tx, siteId, hub.now(), { ...how, except });
  // Who leases there now has not seen what is ready by this transaction: look again after it.
  if (came === undefined) tx.notify([topics.leases(siteId)]);
  if (came === undefined) return;
  tx.afterCommit(() => noteHeld(hub, came.held));
  for (const message of await leaseMessages(hub, tx, came.leased)) {
    tx.afterCommit(() => void hub.tell(siteId, message));
  }
}
