import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { askAgent, askCollection } from '../agents/ask-agent.ts';
import type { Hub } from '../hub.ts';

type About = Extract<Question, { ask: 'listFolder' | 'lookAt' | 'makeFolder' | 'deletePaths' }>;

/**
 * Asks the agent that has a collection, and expects an answer of a kind.
 *
 * @throws DomainError `unavailable` while the agent is not connected to this hub: the action is
 * carried out again, by any hub; `notFound` for a collection that nobody has; what the agent says.
 */
export async function askAboutLocation<A extends Answer['answer']>(
  hub: Hub,
  location: string,
  question: About,
  expected: A,
): Promise<Extract<Answer, { answer: A }>> {
  const { answer } = await askAgent(await askCollection(hub, location), question);
  if (isOf(answer, expected)) return answer;
  throw new DomainError('unavailable', `the agent answered ${question.ask} oddly`);
}

function isOf<A extends Answer['answer']>(
  answer: Answer,
  expected: A,
): answer is Extract<Answer, { answer: A }> {
  return answer.answer === expected;
}
