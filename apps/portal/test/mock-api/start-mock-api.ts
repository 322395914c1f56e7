import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allRoutes, apiPrefix, type OperationId } from '@interpulse/api/routes/all-routes.ts';
import type { RouteContract } from '@interpulse/api/routes/contract.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { EventStreams } from './event-streams.ts';
import { ada } from './answering.ts';
import { makeHandlers } from './handlers.ts';
import { readPortal, sendJson, sendPortalFile, sendProblem } from './send.ts';
import { World } from './world.ts';

const cookie = 'interpulse_session=mock';

/** A mock hub: the API of the contract over a pretend facility, and the built portal. */
export interface MockApi {
  url: string;
  /** The code that signs in, as often as one likes. */
  code: string;
  world: World;
  /** Cuts all event streams and refuses new ones until called with false. */
  cutStreams: (isCut: boolean) => void;
  stop: () => Promise<void>;
}

interface Route {
  id: OperationId;
  contract: RouteContract;
  pattern: RegExp;
}

const routes: Route[] = Object.entries(allRoutes).map(([id, contract]) => ({
  id: id as OperationId,
  contract,
  pattern: new RegExp(`^${apiPrefix}${contract.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
}));

interface Mock {
  code: string;
  streams: EventStreams;
  handlers: Record<string, ((input: unknown) => unknown) | undefined>;
}

/** Starts the mock on a loopback port (0 picks a free one). */
export async function startMockApi(
  options: { periodSeconds?: number; port?: number; code?: string } = {},
): Promise<MockApi> {
  const { periodSeconds = 20, port = 0, code = 'mock-code-1234' } = options;
  const world = new World(periodSeconds);
  const handlers = makeHandlers(world) as Mock['handlers'];
  const mock: Mock = { code, handlers, streams: new EventStreams(world) };
  const portal = readPortal();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/')) {
      sendPortalFile(response, portal, url.pathname);
      return;
    }
    serveApi(mock, request, response, url).catch((error: unknown) => sendProblem(response, error));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    code,
    world,
    cutStreams: (isCut) => mock.streams.cut(isCut),
    stop: () => {
      mock.streams.stop();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function serveApi(
  mock: Mock,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { method } = request;
  const fits = (route: Route) => route.contract.method === method;
  const route = routes.find((each) => fits(each) && each.pattern.test(url.pathname));
  if (route === undefined) throw new DomainError('notFound', `no route ${url.pathname}`);
  const isKnown = request.headers.cookie?.includes(cookie) ?? false;
  if (route.contract.auth !== 'none' && !isKnown) {
    throw new DomainError('unauthenticated', 'sign in with a one-time code or a token');
  }
  if (route.id === 'streamEvents') {
    mock.streams.open(request, response, url.searchParams.get('after'));
    return;
  }
  const body: unknown = JSON.parse((await readBody(request)) || 'null');
  if (route.id === 'signIn') {
    signIn(mock, response, body);
    return;
  }
  if (route.id === 'signOut') {
    response.setHeader('set-cookie', `${cookie}; Max-Age=0; Path=/`);
    response.writeHead(204).end();
    return;
  }
  const output = await answer(mock, route, url, body);
  if (output === undefined) response.writeHead(204).end();
  else if (Buffer.isBuffer(output)) response.writeHead(200).end(output);
  else sendJson(response, route.contract.status ?? 200, output);
}

function signIn(mock: Mock, response: ServerResponse, body: unknown): void {
  if ((body as { code?: unknown } | null)?.code !== mock.code) {
    const why = 'this code was used or is too old; ask for a new one';
    throw new DomainError('unauthenticated', why);
  }
  response.setHeader('set-cookie', `${cookie}; HttpOnly; SameSite=Lax; Path=/`);
  sendJson(response, 200, ada);
}

/** Both the question and the answer are held to the contract: the mock cannot teach a wrong one. */
async function answer(mock: Mock, route: Route, url: URL, body: unknown): Promise<unknown> {
  const { contract, id, pattern } = route;
  const handler = mock.handlers[id];
  if (handler === undefined) throw new DomainError('unavailable', `the mock has no ${id}`);
  const groups = Object.entries(pattern.exec(url.pathname)?.groups ?? {});
  const params = groups.map(([name, value]) => [name, decodeURIComponent(value)] as const);
  const output = await handler({
    params: parse(contract.params, Object.fromEntries(params)),
    query: parse(contract.query, Object.fromEntries(url.searchParams)),
    body: parse(contract.body, body),
  });
  if (contract.response && !Buffer.isBuffer(output)) contract.response.parse(output);
  return output;
}

function parse(schema: RouteContract['body'], value: unknown): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => ({
    loc: issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    msg: issue.message,
    type: issue.code,
  }));
  throw new DomainError('invalid', faults.map((fault) => fault.msg).join('; '), { faults });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
