import {
  answerSchema,
  type Answer,
  type Question,
} from '@interpulse/api/agent-messages/questions.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { parseLocation, type Location } from '@interpulse/domain/location.ts';
import { findCollectionSite } from '@interpulse/store/sites/read-sites.ts';
import type { AgentSession, Hub } from '../hub.ts';

/**
 * The session with the agent that holds a location's collection.
 * @throws DomainError notFound or unavailable.
 */
export async function askCollection(hub: Hub, location: Location): Promise<AgentSession> {
  const { collection } = parseLocation(location);
  const site = await findCollectionSite(hub.db, collection);
  if (!site) throw new DomainError('notFound', `there is no collection "${collection}"`);
  return agentOf(hub, site.siteId, site.siteName);
}

/** The session with a site's agent. @throws DomainError unavailable, when it is not here. */
export function agentOf(hub: Hub, siteId: string, siteName: string): AgentSession {
  const session = hub.agents.get(siteId);
  if (session?.state.status === 'connected') return session;
  const message = `the agent of site ${siteName} is not connected; try again when it is back`;
  throw new DomainError('unavailable', message);
}

/**
 * Asks an agent and waits a limited time.
 * @throws DomainError of the kind that the agent names; unavailable when it does not answer.
 */
export async function askAgent(
  session: AgentSession,
  question: Question,
  attachment: Uint8Array | null = null,
): Promise<{ answer: Answer; bytes: Uint8Array | null }> {
  const timeoutMs = limits.agentAnswerSeconds * 1000;
  const options = {
    timeoutMs,
    lane: 'bulk',
    ...(attachment === null ? {} : { attachment }),
  } as const;
  const { message, attachment: bytes } = await session.request(question, options);
  const answer = answerSchema.parse(message);
  if (answer.answer === 'problem') throw new DomainError(answer.kind, answer.message);
  return { answer, bytes };
}
