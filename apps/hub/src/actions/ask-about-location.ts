import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import { findCollectionSite } from '@interpulse/store/sites/read-sites.ts';
import { askAgent } from '../agents/ask-agent.ts';
import type { AgentSession } from '../hub.ts';
import { demandCollections } from '../services/refuse-collections.ts';
import type { PerformCall } from './action.ts';
import { AgentElsewhere } from './agent-elsewhere.ts';

/** What each question does to a collection. */
const verbs = {
  listFolder: 'read',
  lookAt: 'read',
  makeFolder: 'write',
  deletePaths: 'write',
} as const;

type About = Extract<Question, { ask: 'listFolder' | 'lookAt' | 'makeFolder' | 'deletePaths' }>;

/**
 * Asks the agent that has a collection, and expects an answer of a kind.
 *
 * @throws AgentElsewhere while the agent is not connected to this hub: the one to which it is goes
 * on with the action; DomainError `notFound` for a collection that nobody has,
 * `forbidden` for one that is another project's; what the agent says.
 */
export async function askAboutLocation<A extends Answer['answer']>(
  { hub, run }: Pick<PerformCall, 'hub' | 'run'>,
  location: string,
  question: About,
  expected: A,
): Promise<Extract<Answer, { answer: A }>> {
  const { answer } = await askAgent(
    await sessionFor({ hub, run }, location, verbs[question.ask]),
    question,
  );
  if (isOf(answer, expected)) return answer;
  throw new DomainError('unavailable', `the agent answered ${question.ask} oddly`);
}

async function sessionFor(
  { hub, run: { project, ownerId: by } }: Pick<PerformCall, 'hub' | 'run'>,
  location: string,
  verb: 'read' | 'write',
): Promise<AgentSession> {
  await demandCollections(hub.db, { project, by }, verb, [location]);
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
