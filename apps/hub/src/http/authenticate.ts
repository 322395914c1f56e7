import type { FastifyRequest } from 'fastify';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds, secondsBetween } from '@interpulse/domain/time.ts';
import { findSecretHolder, type SecretHolder } from '@interpulse/store/access/access.ts';
import { noteSecretsUsed } from '@interpulse/store/access/secrets.ts';
import { hashSecret } from '../secret.ts';
import type { Hub } from '../hub.ts';

/** The cookie of a browser's session. */
export const sessionCookie = 'interpulse_session';

/** The use of a token is written down at most this often, in seconds. */
const usedEverySeconds = 60;

/** Finds out who asks. */
export interface Authenticator {
  /** @throws DomainError unauthenticated. */
  principal(request: FastifyRequest): Promise<{ who: Principal; tokenId: string }>;
  /** The site whose agent asks. @throws DomainError unauthenticated. */
  agent(request: FastifyRequest): Promise<{ agentId: string; siteId: string }>;
}

/** Makes the authenticator: bearer tokens, and cookies of browsers from our own pages. */
export function createAuthenticator(hub: Hub): Authenticator {
  const usedAt = new Map<string, string>();
  const noteUse = (tokenId: string): void => {
    const now = hub.now();
    const before = usedAt.get(tokenId);
    if (before !== undefined && secondsBetween(before, now) < usedEverySeconds) return;
    if (usedAt.size > 10_000) usedAt.clear();
    usedAt.set(tokenId, now);
    const expiresAt = addSeconds(now, limits.browserSessionSeconds);
    noteSecretsUsed(hub.db, [tokenId], now, expiresAt).catch((error: unknown) => {
      hub.log.warn({ err: error }, 'the use of a token could not be written down');
    });
  };
  const holder = async (request: FastifyRequest): Promise<SecretHolder> => {
    const secret = secretOf(request);
    const found = secret && (await findSecretHolder(hub.db, hashSecret(secret), hub.now()));
    if (found) return found;
    const isSent = secret !== null || request.headers.authorization !== undefined;
    const hint = isSent ? 'the token is unknown, revoked or expired' : 'send a token';
    throw new DomainError('unauthenticated', `${hint}; \`interpulse open\` signs a browser in`);
  };
  return {
    async principal(request) {
      const { principal: who, tokenId } = await holder(request);
      if (!who)
        throw new DomainError('unauthenticated', 'this token is an agent’s, not a person’s');
      noteUse(tokenId);
      return { who, tokenId };
    },
    async agent(request) {
      const { kind, agentId, siteId } = await holder(request);
      if (kind !== 'agent' || agentId === null || siteId === null) {
        const how = '`interpulse agent enrol --hub URL --folder DIR --code CODE`';
        throw new DomainError('unauthenticated', `this is no agent’s secret; enrol with ${how}`);
      }
      return { agentId, siteId };
    },
  };
}

function secretOf(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  if (header !== undefined) return /^Bearer ([!-~]{10,200})$/i.exec(header)?.[1] ?? null;
  const cookie = request.cookies[sessionCookie];
  if (cookie === undefined) return null;
  if (request.method !== 'GET') refuseForeignOrigin(request);
  return cookie;
}

/** Ports share cookies, so SameSite alone does not keep other local pages out. */
function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  // A sandboxed page says "null", which is no address.
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)) return;
  throw new DomainError('forbidden', `a page of ${origin} may not act in the name of this session`);
}
