import type { RouteInput, RouteOutput } from '@interpulse/api/routes/all-routes.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { JobAttempt } from '@interpulse/domain/job/job.ts';
import { isJobEnd } from '@interpulse/domain/job/job-state.ts';
import { privateWords } from '@interpulse/domain/job/hide-job.ts';
import type { JobRow } from '@interpulse/store/jobs/job-row.ts';
import { findJob, listAttempts } from '@interpulse/store/jobs/read-jobs.ts';
import { findSite } from '@interpulse/store/sites/read-sites.ts';
import { agentOf, askAgent } from '../../agents/ask-agent.ts';
import { attemptFolder } from '../../agents/lease-jobs.ts';
import type { Call } from '../handler.ts';
import { bytesBefore, hideInLog, wordsInLog } from '../hide-in-log.ts';
import { hold } from '../hold.ts';
import { existing } from './existing.ts';

type Wish = RouteInput<'getJobLog'>['query'];
type JobId = RouteInput<'getJobLog'>['params']['jobId'];
type Log = RouteOutput<'getJobLog'>;

/** A job, with what may not be read in its log. */
interface LoggedJob {
  id: JobId;
  words: readonly Buffer[];
}

/**
 * Reads what a job has written, asked of its site: the tail, or what comes `after` a byte. With
 * `wait` the answer is held until there is something, or the attempt has ended. What is private of
 * the job is hidden in it.
 */
export async function readJobLog(call: Call, row: JobRow, wish: Wish): Promise<Log> {
  const jobId = row.id;
  const job = { id: jobId, words: wordsInLog(privateWords(row, row.private_paths ?? [])) };
  const until = performance.now() + wish.wait * 1000;
  let attempt = await attemptOf(call, jobId, wish);
  if (attempt === null) return nothingYet(call, jobId, wish);
  if (wish.wait === 0) return askLog(call, job, attempt, wish, 0);
  const from = { ...wish, after: wish.after ?? 0 };
  for (;;) {
    const leftSeconds = (until - performance.now()) / 1000;
    const holdSeconds = Math.max(0, Math.min(limits.logHoldSeconds, leftSeconds));
    const askedMs = performance.now();
    const hasEnded = attempt.outcome !== null;
    const log = await askLog(call, job, attempt, from, hasEnded ? 0 : holdSeconds);
    const isOver = performance.now() >= until || call.reply.raw.destroyed;
    if (log.text !== '' || log.ended || isOver) return log;
    const heldSeconds = (performance.now() - askedMs) / 1000;
    attempt = await attemptAfter(call, jobId, attempt, holdSeconds - heldSeconds);
  }
}

/**
 * The attempt as it is now. Where the agent did not hold its answer, nothing more is written: the
 * word of the end is on its way, and is waited for.
 */
async function attemptAfter(
  call: Call,
  jobId: JobId,
  before: JobAttempt,
  notHeldSeconds: number,
): Promise<JobAttempt> {
  const find = async (): Promise<JobAttempt | undefined> => {
    const now = await findAttempt(call, jobId, before.number);
    return now !== undefined && now.outcome !== null ? now : undefined;
  };
  const ended = notHeldSeconds > 0.1 ? await hold(call, notHeldSeconds, find) : await find();
  return ended ?? before;
}

async function findAttempt(
  { hub }: Call,
  jobId: JobId,
  number: number | undefined,
): Promise<JobAttempt | undefined> {
  const attempts = await listAttempts(hub.db, jobId);
  return number === undefined ? attempts.at(-1) : attempts.find((it) => it.number === number);
}

/** The attempt that is asked for; with `wait` it is waited for. */
async function attemptOf(call: Call, jobId: JobId, wish: Wish): Promise<JobAttempt | null> {
  const now = await findAttempt(call, jobId, wish.attempt);
  if (now !== undefined) return now;
  if (wish.wait === 0) throw notBegun(jobId, wish);
  const later = await hold(call, wish.wait, async () => {
    const job = existing(await findJob(call.hub.db, jobId), `job ${jobId}`);
    if (isJobEnd(job.state)) return { attempt: null };
    const attempt = await findAttempt(call, jobId, wish.attempt);
    return attempt && { attempt };
  });
  return later?.attempt ?? null;
}

function notBegun(jobId: JobId, { attempt }: Wish): DomainError {
  const message =
    attempt === undefined
      ? `job ${jobId} has not begun; see: interpulse job explain ${jobId}`
      : `job ${jobId} has no attempt ${attempt} yet`;
  return new DomainError('notFound', message);
}

async function nothingYet(call: Call, jobId: JobId, wish: Wish): Promise<Log> {
  const job = existing(await findJob(call.hub.db, jobId), `job ${jobId}`);
  const next = wish.after ?? 0;
  return { text: '', next, sizeBytes: 0, attempt: 0, ended: isJobEnd(job.state) };
}

async function askLog(
  call: Call,
  job: LoggedJob,
  attempt: JobAttempt,
  { stream, after }: Wish,
  waitSeconds: number,
): Promise<Log> {
  const ask = await askingFor(call, job, attempt, stream);
  const { found, sizeBytes } = await ask({
    maxBytes: limits.logTailBytes,
    afterBytes: after ?? null,
    waitSeconds: after === undefined ? 0 : waitSeconds,
  });
  const from = after ?? Math.max(0, sizeBytes - found.length);
  const hasEnded = attempt.outcome !== null;
  const isLast = from + found.length >= sizeBytes;
  const whole = hasEnded && isLast ? found.length : wholeCharacters(found);
  const bytes = found.subarray(0, whole);
  const facts = { sizeBytes, attempt: attempt.number, ended: hasEnded && isLast };
  if (job.words.length === 0) {
    return { text: bytes.toString('utf8'), next: from + whole, ...facts };
  }
  const maxBytes = Math.min(from, bytesBefore(job.words));
  const known = { maxBytes, afterBytes: from - maxBytes, waitSeconds: 0 };
  const before = maxBytes === 0 ? Buffer.alloc(0) : (await ask(known)).found;
  const { shown, usedBytes } = hideInLog({ before, bytes, isLast: facts.ended }, job.words);
  return { text: shown.toString('utf8'), next: from + usedBytes, ...facts };
}

/** Asks the site for parts of one stream of an attempt. */
async function askingFor(
  { hub }: Call,
  { id: jobId }: LoggedJob,
  attempt: JobAttempt,
  stream: Wish['stream'],
) {
  const site = existing(await findSite(hub.db, attempt.siteName), 'site any more');
  const workFolder = attemptFolder(site.scratchCollection ?? '', jobId, attempt.number);
  return async (which: { maxBytes: number; afterBytes: number | null; waitSeconds: number }) => {
    const agent = agentOf(hub, site.id, site.name);
    const question = { ask: 'jobLog', jobId, workFolder, stream, ...which } as const;
    const { answer, bytes } = await askAgent(agent, question);
    const found = Buffer.from(bytes ?? new Uint8Array());
    return { found, sizeBytes: answer.answer === 'bytes' ? answer.sizeBytes : found.length };
  };
}

/** Bytes up to the last whole character of UTF-8: one that is cut comes with the next. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
