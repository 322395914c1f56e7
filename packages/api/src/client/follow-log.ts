import { DomainError } from '@interpulse/domain/error.ts';
import { isJobEnd } from '@interpulse/domain/job/job-state.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { unwrap, type InterpulseClient } from './create-client.ts';
import { pause, retryPauses } from './retrying-fetch.ts';

/** Which log, and until when. */
export interface LogOptions {
  stream?: 'stdout' | 'stderr';
  signal?: AbortSignal;
}

/** A job's output as it is written, until its end; a later attempt begins anew. */
export async function* followLog(
  client: InterpulseClient,
  jobId: string,
  { stream = 'stdout', signal }: LogOptions = {},
): AsyncGenerator<string> {
  const pauses = retryPauses();
  let at: { after: number; attempt?: number } = { after: 0 };
  while (!signal?.aborted) {
    const piece = await readPiece(client, jobId, { stream, ...at }, signal);
    if (piece === null) {
      // It has not begun: the hub answers at once, so who asks must pause.
      const { state } = await readJob(client, jobId);
      if (isJobEnd(state)) return;
      await pause(pauses.next().value, signal);
      continue;
    }
    // Before the first attempt there is none to ask for.
    at = { after: piece.next, ...(piece.attempt > 0 ? { attempt: piece.attempt } : {}) };
    if (piece.text !== '') yield piece.text;
    if (!piece.ended || piece.text !== '') continue;
    const job = await readJob(client, jobId);
    if (job.attempt > piece.attempt) at = { after: 0, attempt: job.attempt };
    else if (isJobEnd(job.state)) return;
    else await pause(pauses.next().value, signal);
  }
}

async function readPiece(
  client: InterpulseClient,
  jobId: string,
  at: { stream: 'stdout' | 'stderr'; after: number; attempt?: number },
  signal: AbortSignal | undefined,
) {
  const params = { path: { jobId }, query: { ...at, wait: limits.logWaitSeconds } };
  const options = { params, ...(signal === undefined ? {} : { signal }) };
  try {
    return await unwrap(client.GET('/api/v1/jobs/{jobId}/log', options));
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'notFound') return null;
    throw error;
  }
}

async function readJob(client: InterpulseClient, jobId: string) {
  const params = { path: { jobId } };
  return (await unwrap(client.GET('/api/v1/jobs/{jobId}', { params }))).job;
}
