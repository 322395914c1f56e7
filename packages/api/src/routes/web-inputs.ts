import { z } from 'zod';
import { idSchema } from '@interpulse/domain/id.ts';
import { jsonSchema } from '@interpulse/domain/json.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { webInputLimits } from '@interpulse/domain/web-input/web-input-limits.ts';
import { webInputSchema } from '@interpulse/domain/web-input/web-input.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const webInputParams = z.strictObject({ webInputId: idSchema('webinput') });
const commentSchema = z.string().max(webInputLimits.commentCharacters).default('');

/** The quick filters of the list of questions; `mine` are open ones that one may answer. */
export const webInputFilters = ['mine', 'open', 'ended', 'all'] as const;

/** Questions that flow runs ask people. */
export const webInputRoutes = {
  listWebInputs: {
    method: 'GET',
    path: '/web-inputs',
    tag: 'flows',
    summary: 'Questions of flow runs to people, newest first',
    auth: 'token',
    query: z.strictObject({
      ...pageQuery,
      filter: z.enum(webInputFilters).default('mine'),
      flowRun: idSchema('flowrun').optional(),
      flow: nameSchema.optional(),
      project: nameSchema.optional(),
    }),
    response: pageOf(webInputSchema),
  },
  getWebInput: {
    method: 'GET',
    path: '/web-inputs/:webInputId',
    tag: 'flows',
    summary: 'One question',
    auth: 'token',
    params: webInputParams,
    response: webInputSchema,
  },
  respondToWebInput: {
    method: 'POST',
    path: '/web-inputs/:webInputId/respond',
    tag: 'flows',
    summary: 'Answers a question; the flow run goes on',
    auth: 'token',
    idempotent: true,
    params: webInputParams,
    body: z.strictObject({
      /** The value of an option, those of the chosen rows, or the form's object. */
      response: jsonSchema,
      comment: commentSchema,
    }),
    response: webInputSchema,
  },
  closeWebInput: {
    method: 'POST',
    path: '/web-inputs/:webInputId/close',
    tag: 'flows',
    summary: 'Closes a question unanswered; for its flow run it has expired',
    auth: 'token',
    params: webInputParams,
    body: z.strictObject({ reason: commentSchema }),
    response: webInputSchema,
  },
} as const satisfies RouteContracts;
