import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { buildOpenApi } from '@interpulse/api/openapi/build-openapi.ts';
import { apiPrefix } from '@interpulse/api/routes/all-routes.ts';
import { LongRequestServer } from '@interpulse/api/session/long-request-server.ts';
import { sessionLimits } from '@interpulse/api/session/session-limits.ts';
import { createWebSocketLink } from '@interpulse/api/session/websocket-link.ts';
import { registerActionProviders } from '../action-providers/register-action-providers.ts';
import type { AgentSessions } from '../agents/agent-sessions.ts';
import type { Hub } from '../hub.ts';
import { counters } from '../metrics.ts';
import { hubVersion } from '../version.ts';
import { createAuthenticator, type Authenticator } from './authenticate.ts';
import { accessHandlers } from './handlers/access.ts';
import { agentHandlers } from './handlers/agents.ts';
import { appHandlers } from './handlers/apps.ts';
import { collectionHandlers } from './handlers/collections.ts';
import { datasetHandlers } from './handlers/datasets.ts';
import { ensembleHandlers } from './handlers/ensembles.ts';
import { fileHandlers } from './handlers/files.ts';
import { flowBatchHandlers } from './handlers/flow-batches.ts';
import { flowRunHandlers } from './handlers/flow-runs.ts';
import { flowHandlers } from './handlers/flows.ts';
import { instrumentRunHandlers } from './handlers/instrument-runs.ts';
import { instrumentHandlers } from './handlers/instruments.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { limitHandlers } from './handlers/limits.ts';
import { siteHandlers } from './handlers/sites.ts';
import { transferHandlers } from './handlers/transfers.ts';
import { noticeHandlers } from './handlers/notices.ts';
import { triggerHandlers } from './handlers/triggers.ts';
import { webInputHandlers } from './handlers/web-inputs.ts';
import { problemOf } from './problem.ts';
import { readJsonBodies } from './read-json-bodies.ts';
import { registerRoutes } from './register-routes.ts';
import { registerWebhooks } from './register-webhooks.ts';

/** What the hub serves besides its API. */
export interface ServerOptions {
  hub: Hub;
  sessions: AgentSessions;
  /** The folder of the built portal; null without one. */
  portalFolder: string | null;
}

/**
 * The portal's pages run our own code only. H5Web's array library compiles its loops in the page,
 * hence 'unsafe-eval'; the component library sets styles.
 */
const contentPolicy =
  "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data: blob:; " +
  "worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'";

/** Every handler by operation id; the contract decides which there must be. */
export const allHandlers = {
  ...accessHandlers,
  ...agentHandlers,
  ...siteHandlers,
  ...limitHandlers,
  ...collectionHandlers,
  ...appHandlers,
  ...instrumentHandlers,
  ...instrumentRunHandlers,
  ...jobHandlers,
  ...ensembleHandlers,
  ...transferHandlers,
  ...flowHandlers,
  ...flowRunHandlers,
  ...flowBatchHandlers,
  ...triggerHandlers,
  ...noticeHandlers,
  ...webInputHandlers,
  ...datasetHandlers,
  ...fileHandlers,
};

/** Makes the hub's HTTP server: API, agents' sessions, documentation, portal. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { hub, sessions, portalFolder } = options;
  const answerProblem = async (error: unknown, reply: FastifyReply): Promise<void> => {
    const problem = problemOf(error);
    if (problem.status >= 500) hub.log.error({ err: error }, 'a request failed');
    await reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
  const server = fastify({
    forceCloseConnections: true,
    trustProxy: 'loopback',
    // What fails before a route is found: addresses that cannot be decoded.
    frameworkErrors: (error, _request, reply) => void answerProblem(error, reply),
  });
  server.addHook('onRequest', async () => {
    counters.httpRequests += 1;
  });
  server.setErrorHandler((error, _request, reply) => answerProblem(error, reply));
  readJsonBodies(server);
  await server.register(cookie);
  await server.register(compress, { encodings: ['gzip', 'identity'], threshold: 4096 });
  await server.register(websocket, {
    options: { maxPayload: sessionLimits.frameBytes, perMessageDeflate: false },
  });
  const authenticator = createAuthenticator(hub);
  await registerDocumentation(server);
  registerRoutes(server, hub, authenticator, allHandlers);
  await registerActionProviders(server, hub, authenticator);
  await registerAgentSessions(server, sessions, authenticator);
  await registerWebhooks(server, hub);
  await registerPortal(server, portalFolder);
  return server;
}

async function registerDocumentation(server: FastifyInstance): Promise<void> {
  const document = buildOpenApi(hubVersion);
  await server.register(swagger, {
    mode: 'static',
    specification: { document: document as never },
  });
  await server.register(swaggerUi, {
    routePrefix: '/api/docs',
    theme: {
      title: 'Interpulse API',
      css: [{ filename: 'interpulse.css', content: '.swagger-ui .topbar { display: none }' }],
    },
  });
  server.get(`${apiPrefix}/openapi.json`, () => document);
}

/** An agent's session: a WebSocket, or long requests that carry the same frames. */
async function registerAgentSessions(
  server: FastifyInstance,
  sessions: AgentSessions,
  authenticator: Authenticator,
): Promise<void> {
  const longRequests = new LongRequestServer({
    onLink: (link, agentId) => sessions.accept(link, agentId),
  });
  server.addHook('preClose', async () => longRequests.close());
  await server.register(async (scope) => {
    const agents = new WeakMap<object, string>();
    scope.get(
      `${apiPrefix}/agents/session`,
      {
        websocket: true,
        preValidation: async (request) => {
          const { agentId, siteId } = await authenticator.agent(request);
          sessions.bind(agentId, siteId);
          agents.set(request.raw, agentId);
        },
      },
      (socket, request) => {
        sessions.accept(createWebSocketLink(socket, request.ip), agents.get(request.raw) ?? '');
      },
    );
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: sessionLimits.frameBytes * 2 },
      (_request, body, done) => done(null, body),
    );
    scope.post(`${apiPrefix}/agents/session/long`, async (request, reply) => {
      const { agentId, siteId } = await authenticator.agent(request);
      sessions.bind(agentId, siteId);
      const answer = await longRequests.handleLongRequest(request.body as Buffer, agentId);
      return reply.type('application/octet-stream').send(Buffer.from(answer));
    });
  });
}

/** The portal's files; every path that is not a file of it shows the portal. */
async function registerPortal(server: FastifyInstance, folder: string | null): Promise<void> {
  if (folder !== null) {
    await server.register(fastifyStatic, {
      root: folder,
      setHeaders: (reply, path) => {
        const cache = path.includes('/assets/')
          ? 'public, max-age=31536000, immutable'
          : 'no-cache';
        reply.header('cache-control', cache);
        reply.header('content-security-policy', contentPolicy);
        reply.header('x-content-type-options', 'nosniff');
      },
    });
  }
  server.setNotFoundHandler(async (request, reply) => {
    // A part of an older portal that is gone must not come back as a page.
    const isPage = request.method === 'GET' && !/^\/(api|assets)\//.test(request.url);
    if (isPage && folder !== null) return reply.sendFile('index.html');
    const detail = `there is no ${request.method} ${request.url.split('?')[0] ?? ''}`;
    const problem = { type: '/problems/notFound', title: 'Not found', status: 404, detail };
    return reply.code(404).type('application/problem+json').send(JSON.stringify(problem));
  });
}
