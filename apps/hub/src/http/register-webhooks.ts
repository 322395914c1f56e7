import type { FastifyInstance } from 'fastify';
import { triggerLimits } from '@interpulse/domain/trigger/trigger-limits.ts';
import type { Hub } from '../hub.ts';
import { receiveWebhook } from '../triggers/receive-webhook.ts';

/**
 * Where other programs send webhooks: `POST /hooks/:trigger`. Outside the API and its tokens: the
 * signature over the bytes says who sends, so they are taken as they are.
 */
export async function registerWebhooks(server: FastifyInstance, hub: Hub): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const parsing = { parseAs: 'buffer', bodyLimit: triggerLimits.webhookBytes } as const;
    scope.addContentTypeParser('*', parsing, (_request, body, done) => done(null, body));
    scope.post<{ Params: { trigger: string } }>('/hooks/:trigger', {
      bodyLimit: triggerLimits.webhookBytes,
      handler: async ({ params, headers, body }, reply) => {
        const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
        const fired = await receiveWebhook(hub, params.trigger, { headers, body: bytes });
        // Why it did not fire is for those who may see the trigger.
        const { outcome, flowRunId } = fired;
        return reply.code(202).send({ outcome, flowRunId });
      },
    });
  });
}
