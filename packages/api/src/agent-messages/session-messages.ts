import { z } from 'zod';
import { agentToHubSchema } from './agent-to-hub.ts';
import { hubToAgentSchema } from './hub-to-agent.ts';
import { answerSchema, questionSchema } from './questions.ts';

/** All that may travel from an agent to the hub on its session. */
export const fromAgentSchema = z.union([agentToHubSchema, answerSchema]);

/** See {@link fromAgentSchema}. */
export type FromAgent = z.infer<typeof fromAgentSchema>;

/** All that may travel from the hub to an agent on its session. */
export const fromHubSchema = z.union([hubToAgentSchema, questionSchema]);

/** See {@link fromHubSchema}. */
export type FromHub = z.infer<typeof fromHubSchema>;
