import { agentToHubSchema, type AgentToHub } from './agent-to-hub.ts';
import { hubToAgentSchema, type HubToAgent } from './hub-to-agent.ts';
import { answerSchema, questionSchema, type Answer, type Question } from './questions.ts';
import { readMessage } from './read-message.ts';

/** All that may travel from an agent to the hub on its session. */
export type FromAgent = AgentToHub | Answer;

/** Reads what an agent says. @throws ZodError as `readMessage`. */
export function readFromAgent(body: unknown): FromAgent {
  return has(body, 'answer')
    ? readMessage(answerSchema, body)
    : readMessage(agentToHubSchema, body);
}

/** All that may travel from the hub to an agent on its session. */
export type FromHub = HubToAgent | Question;

/** Reads what the hub says. @throws ZodError as `readMessage`. */
export function readFromHub(body: unknown): FromHub {
  return has(body, 'ask') ? readMessage(questionSchema, body) : readMessage(hubToAgentSchema, body);
}

function has(body: unknown, name: string): boolean {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name);
}
