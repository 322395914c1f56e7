import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** A token for a job that may use the hub; only the SHA-256 of its secret is kept. */
export interface NewJobToken {
  id: string;
  jobId: string;
  /** The user for whom the job runs. */
  ownerId: string;
  /** The only project in which the token is worth something. */
  project: string;
  secretHash: Buffer;
  expiresAt: string;
}

const issue = statement<never, [string]>(
  'issue_job_tokens',
  `insert into tokens (id, kind, user_id, label, secret_hash, created_at, expires_at, job_id,
     project)
   select t.id, 'job', u.id, t.job_id, decode(t.hash, 'hex'), now(), t.expires_at, t.job_id,
     t.project
   from jsonb_to_recordset($1::jsonb) as t(id text, job_id text, owner_id text, project text,
     hash text, expires_at timestamptz) join users u on u.id = t.owner_id`,
);

/** Keeps tokens of jobs, each for one attempt: it ends with it, or when it expires. */
export async function issueJobTokens(tx: Executor, tokens: readonly NewJobToken[]): Promise<void> {
  if (tokens.length === 0) return;
  const rows = tokens.map((token) => ({
    id: token.id,
    job_id: token.jobId,
    owner_id: token.ownerId,
    project: token.project,
    hash: token.secretHash.toString('hex'),
    expires_at: token.expiresAt,
  }));
  await tx.run(issue, jsonb(rows));
}

const end = statement<never, [string[]]>(
  'end_job_tokens',
  `delete from tokens where job_id = any($1) and job_id is not null`,
);

/** Forgets the tokens of jobs whose attempts have ended. */
export async function endJobTokens(tx: Executor, jobIds: readonly string[]): Promise<void> {
  if (jobIds.length > 0) await tx.run(end, [...new Set(jobIds)]);
}
