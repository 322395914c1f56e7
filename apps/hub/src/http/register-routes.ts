import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { z } from 'zod';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { allRoutes, apiPrefix, type OperationId } from '@interpulse/api/routes/all-routes.ts';
import type { RouteContract } from '@interpulse/api/routes/contract.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Hub } from '../hub.ts';
import type { Authenticator } from './authenticate.ts';
import type { Call, Handlers } from './handler.ts';
import { refuseForJobs } from './routes-of-jobs.ts';

/** Who calls routes that anybody may call. */
const nobody: Principal = {
  id: '',
  name: 'nobody',
  kind: 'user',
  admin: false,
  projects: {},
  jobId: null,
};

type AnyHandler = (input: unknown, call: Call) => Promise<unknown>;

/** Registers every route of the contract: authenticated, parsed, handled, answered. */
export function registerRoutes(
  server: FastifyInstance,
  hub: Hub,
  authenticator: Authenticator,
  handlers: Handlers<OperationId>,
): void {
  for (const [operationId, route] of Object.entries<RouteContract>(allRoutes)) {
    const handler = handlers[operationId as OperationId] as AnyHandler;
    const options: RouteOptions = {
      method: route.method,
      url: apiPrefix + route.path,
      bodyLimit: limits.bodyBytes,
      handler: async (request, reply) => {
        const who = await whoAsks(route, request, authenticator);
        refuseForJobs(who, operationId as OperationId);
        const input = parseInput(route, request);
        const answer = await handler(input, { hub, who, request, reply });
        return answerWith(route, reply, answer);
      },
    };
    if (route.consumes === undefined) server.route(options);
    else registerBytes(server, options, route.consumes);
  }
}

/** In a scope of its own: other routes take bytes in ways of theirs. */
function registerBytes(server: FastifyInstance, options: RouteOptions, type: string): void {
  void server.register(async (scope) => {
    const parsing = { parseAs: 'buffer', bodyLimit: limits.sessionFileBytes } as const;
    scope.addContentTypeParser(type, parsing, (_request, body, done) => done(null, body));
    scope.route({ ...options, bodyLimit: limits.sessionFileBytes });
  });
}

async function whoAsks(
  route: RouteContract,
  request: FastifyRequest,
  authenticator: Authenticator,
): Promise<Principal> {
  return route.auth === 'none' ? nobody : (await authenticator.principal(request)).who;
}

function parseInput(route: RouteContract, request: FastifyRequest) {
  const parts = z.object({
    params: route.params ?? z.unknown(),
    query: route.query ?? z.unknown(),
    body: route.body ?? z.unknown(),
  });
  const { params, query, body } = request;
  const parsed = parts.safeParse({ params, query, body: route.body ? (body ?? {}) : undefined });
  if (parsed.success) return parsed.data;
  throw new z.ZodError(parsed.error.issues.map(fromBodyOn));
}

/** What people wrote into a body is found there: nobody wrote the word `body`. */
function fromBodyOn(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  return issue.path[0] === 'body' ? { ...issue, path: issue.path.slice(1) } : issue;
}

function answerWith(route: RouteContract, reply: FastifyReply, answer: unknown): unknown {
  if (reply.sent || route.produces !== undefined) return reply;
  if (route.status === 204) return reply.code(204).send();
  return reply.code(route.status ?? 200).send(answer);
}
