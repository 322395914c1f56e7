import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import { findCollectionSite } from '@interpulse/store/sites/read-sites.ts';
import { askAgent } from '../agents/ask-agent.ts';
import type { AgentSession, Hub } from '../hub.ts';
import { AgentElsewhere } from './agent-elsewhere.ts';

type About = Extract<Question, { ask: 'listFolder' | 'lookAt' | 'makeFolder' | 'deletePaths' }>;

/**
 * Asks the agent that has a collection, and expects an answer of a kind.
 *
 * @throws AgentElsewhere while the agent is not connected to this hub: the one to which it is goes
 * on with the action; DomainError `notFound` for a collection that nobody has; what the agent says.
 */
export async function askAboutLocation<A extends Answer['answer']>(
  hub: Hub,
  location: string,
  question: About,
  expected: A,
): Promise<Extract<Answer, { answer: A }>> {
  const { answer } = await askAgent(await sessionFor(hub, location), question);
  if (isOf(answer, expected)) return answer;
  throw new DomainError('unavailable', `the agent answered ${question.ask} oddly`);
}

async function sessionFor(hub: Hub, location: string): Promise<AgentSession> {
  const { collection } = parseLocation(location);
  const site = await findCollectionSite(hub.db, collection);
  if (!site) throw new DomainError('notFound', `there is no collection "${collection}"`);
  const session = hub.agents.get(site.siteId);
  if (session === undefined) throw new AgentElsewhere(site.siteId, site.siteName);
  return session;
}

function isOf<A extends Answer['answer']>(
  answer: Answer,
  expected: A,
): answer is Extract<Answer, { answer: A }> {
  return answer.answer === expected;
}
