import { decideRetry } from '@interpulse/domain/job/decide-retry.ts';
import type { Resources } from '@interpulse/domain/app/app.ts';
import type { Database } from '@interpulse/store/database.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { keepSpecs, readSpecs } from '@interpulse/store/jobs/job-specs.ts';
import {
  retryStates,
  type AttemptRetry,
  type AttemptWord,
  type RetryState,
} from '@interpulse/store/jobs/report-jobs.ts';

/** Decides which of the attempts that ended badly are tried again, and says so in their words. */
export async function decideRetries(
  db: Database,
  tx: Executor,
  words: readonly AttemptWord[],
  now: string,
): Promise<AttemptWord[]> {
  const bad = words.filter(({ event }) => event === 'failed' || event === 'timedOut');
  if (bad.length === 0) return [...words];
  const jobIds = bad.map(({ jobId }) => jobId);
  const states = new Map((await retryStates(tx, jobIds)).map((state) => [state.jobId, state]));
  const decided: AttemptWord[] = [];
  for (const word of words) {
    const state = states.get(word.jobId);
    const isBad = word.event === 'failed' || word.event === 'timedOut';
    decided.push(isBad && state ? await decide(db, tx, word, state, now) : word);
  }
  return decided;
}

async function decide(
  db: Database,
  tx: Executor,
  word: AttemptWord,
  state: RetryState,
  now: string,
): Promise<AttemptWord> {
  const { onError, onTimeout, resources, errorRetries, timeoutRetries } = state;
  const outcome = word.event === 'timedOut' ? 'timedOut' : 'failed';
  const isTimeout = outcome === 'timedOut';
  const rule = isTimeout ? onTimeout : onError;
  const decision = decideRetry({
    onError,
    onTimeout,
    resources,
    outcome,
    exitCode: word.exitCode,
    endedSoBefore: isTimeout ? timeoutRetries : errorRetries,
    endedAt: now,
  });
  // The pilot knows more of what happened; the rule, of what follows.
  const told = word.reason === null ? '' : `: ${word.reason}`;
  const reason = rule.retries === 0 ? (word.reason ?? decision.reason) : decision.reason + told;
  if (!decision.retry) return { ...word, reason };
  const specId = await specWith(db, state, decision.resources);
  const retry: AttemptRetry = {
    notBeforeAt: decision.notBeforeAt,
    specId,
    cores: decision.resources.cores * decision.resources.nodes,
  };
  return { ...word, reason, retry };
}

/** The same spec with other resources; null when they are the same. */
async function specWith(
  db: Database,
  { specId, resources }: RetryState,
  wanted: Resources,
): Promise<number | null> {
  const names = Object.keys(wanted) as (keyof Resources)[];
  if (names.every((name) => wanted[name] === resources[name])) return null;
  const spec = (await readSpecs(db, [specId])).get(specId);
  if (spec === undefined) return null;
  const [id] = await keepSpecs(db, [{ ...spec, resources: wanted }]);
  return id ?? null;
}
