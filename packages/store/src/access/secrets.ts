import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import type { SecretKind } from './access.ts';

/** A secret to be kept: only its SHA-256. */
export interface NewSecret {
  id: string;
  kind: SecretKind;
  userId: string | null;
  agentId: string | null;
  label: string;
  hash: Buffer;
  createdAt: string;
  expiresAt: string | null;
}

/** Keeps a secret. */
export async function insertSecret(tx: Executor, secret: NewSecret): Promise<void> {
  await tx.query(
    `insert into tokens (id, kind, user_id, agent_id, label, secret_hash, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      secret.id,
      secret.kind,
      secret.userId,
      secret.agentId,
      secret.label,
      secret.hash,
      secret.createdAt,
      secret.expiresAt,
    ],
  );
}

/** A token as it is listed. */
export interface StoredToken {
  id: string;
  label: string;
  owner: string;
  createdAt: string;
  usedAt: string | null;
  expiresAt: string | null;
}

/** The tokens of a user, newest first. */
export async function listTokens(db: Executor, userId: string): Promise<StoredToken[]> {
  return db.query<StoredToken>(
    `select t.id, t.label, u.name as owner, t.created_at as "createdAt", t.used_at as "usedAt",
       t.expires_at as "expiresAt"
     from tokens t join users u on u.id = t.user_id
     where t.user_id = $1 and t.kind = 'token' order by t.id desc`,
    [userId],
  );
}

/** Forgets a token of a user (of anyone when `userId` is null); false when there is none. */
export async function deleteSecret(
  tx: Executor,
  tokenId: string,
  userId: string | null,
): Promise<boolean> {
  const rows = await tx.query(
    'delete from tokens where id = $1 and ($2::text is null or user_id = $2) returning id',
    [tokenId, userId],
  );
  return rows.length > 0;
}

/** Whose token it is, or undefined when there is none. */
export async function ownerOfToken(
  db: Executor,
  tokenId: string,
): Promise<{ id: string; project: string | null } | undefined> {
  const [owner] = await db.query<{ id: string; project: string | null }>(
    `select u.id, u.project from tokens t join users u on u.id = t.user_id where t.id = $1`,
    [tokenId],
  );
  return owner;
}

/** Notes that tokens were used; browser sessions live on from there. */
export async function noteSecretsUsed(
  tx: Executor,
  tokenIds: readonly string[],
  at: string,
  sessionExpiresAt: string,
): Promise<void> {
  await tx.query(
    `update tokens set used_at = $2::timestamptz,
       expires_at = case when kind = 'session' then $3::timestamptz else expires_at end
     where id = any($1)`,
    [tokenIds, at, sessionExpiresAt],
  );
}

/** A one-time code to be kept. */
export interface NewOneTimeCode {
  hash: Buffer;
  purpose: 'signIn' | 'enrol';
  userId: string | null;
  siteName: string | null;
  expiresAt: string;
}

/** Keeps a one-time code; old ones are swept away. */
export async function insertOneTimeCode(
  tx: Executor,
  code: NewOneTimeCode,
  now: string,
): Promise<void> {
  await tx.query('delete from one_time_codes where expires_at < $1', [now]);
  await tx.query(
    `insert into one_time_codes (code_hash, purpose, user_id, site_name, expires_at)
     values ($1, $2, $3, $4, $5)`,
    [code.hash, code.purpose, code.userId, code.siteName, code.expiresAt],
  );
}

/** Uses a one-time code up; undefined when there is none, or it is too late. */
export async function takeOneTimeCode(
  tx: Executor,
  hash: Buffer,
  purpose: 'signIn' | 'enrol',
  now: string,
): Promise<{ userId: string | null; siteName: string | null } | undefined> {
  const [row] = await tx.query<{ userId: string | null; siteName: string | null }>(
    `delete from one_time_codes where code_hash = $1 and purpose = $2 and expires_at > $3
     returning user_id as "userId", site_name as "siteName"`,
    [hash, purpose, now],
  );
  return row;
}

/** Makes a site, or gives an existing one a new agent; the old agent's secret is forgotten. */
export async function bindAgentToSite(
  tx: Executor,
  site: { id: string; name: string; agentId: string; createdAt: string },
): Promise<void> {
  await tx.query(
    `with was as (select agent_id from sites where name = $2)
     delete from tokens where kind = 'agent' and agent_id in (select agent_id from was)
       and $1::text is not null`,
    [site.id, site.name],
  );
  await tx.query(
    `insert into sites (id, name, title, agent_id, created_at) values ($1, $2, '', $3, $4)
     on conflict (name) do update set agent_id = excluded.agent_id`,
    [site.id, site.name, site.agentId, site.createdAt],
  );
}

/** A submission that was made before under the same key. */
export interface KnownAnswer {
  requestHash: Buffer;
  status: number;
  answer: unknown;
}

/** What a key answered before, or undefined. Locks the key against a request beside this one. */
export async function findIdempotentAnswer(
  tx: Executor,
  principalId: string,
  key: string,
  since: string,
): Promise<KnownAnswer | undefined> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${principalId} ${key}`,
  ]);
  const [row] = await tx.query<KnownAnswer>(
    `select request_hash as "requestHash", status, answer from idempotency_keys
     where principal_id = $1 and key = $2 and created_at > $3`,
    [principalId, key, since],
  );
  return row;
}

/** Remembers what a key answered. */
export async function keepIdempotentAnswer(
  tx: Executor,
  principalId: string,
  key: string,
  known: KnownAnswer,
  at: string,
): Promise<void> {
  await tx.query(
    `insert into idempotency_keys (principal_id, key, request_hash, status, answer, created_at)
     values ($1, $2, $3, $4, $5::jsonb, $6)
     on conflict (principal_id, key) do update set request_hash = excluded.request_hash,
       status = excluded.status, answer = excluded.answer, created_at = excluded.created_at`,
    [principalId, key, known.requestHash, known.status, jsonb(known.answer), at],
  );
}

/** Forgets secrets and codes that have expired, and old idempotent answers. */
export async function forgetOldSecrets(
  tx: Executor,
  now: string,
  answersBefore: string,
): Promise<void> {
  await tx.query('delete from tokens where expires_at < $1', [now]);
  await tx.query('delete from one_time_codes where expires_at < $1', [now]);
  await tx.query('delete from idempotency_keys where created_at < $1', [answersBefore]);
}

/** Forgets the secret with this SHA-256. */
export async function deleteSecretByHash(tx: Executor, hash: Buffer): Promise<void> {
  await tx.query('delete from tokens where secret_hash = $1', [hash]);
}
