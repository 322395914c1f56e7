import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { allRoutes, apiPrefix, type OperationId } from '@interpulse/api/routes/all-routes.ts';
import type { RouteContract } from '@interpulse/api/routes/contract.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { ada, makeHandlers } from './handlers.ts';
import { World } from './world.ts';

const distFolder = join(import.meta.dirname, '..', '..', 'dist');
const cookie = 'interpulse_session=mock';
const tickMilliseconds = 100;

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const statusOfKind = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  exhausted: 429,
  unavailable: 503,
} as const;

/** A mock hub: the API of the contract over a pretend facility, and the built portal. */
export interface MockApi {
  url: string;
  /** Codes that sign in, once each. */
  code: string;
  world: World;
  /** Cuts all event streams and refuses new ones until called with false. */
  cutStreams: (isCut: boolean) => void;
  stop: () => Promise<void>;
}

interface MatchedRoute {
  id: OperationId;
  contract: RouteContract;
  pattern: RegExp;
}

const routes: MatchedRoute[] = Object.entries(allRoutes).map(([id, contract]) => ({
  id: id as OperationId,
  contract,
  pattern: new RegExp(`^${apiPrefix}${contract.path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`),
}));

/** Starts the mock on a loopback port (0 picks a free one). */
export async function startMockApi(
  options: { periodSeconds?: number; port?: number; code?: string } = {},
): Promise<MockApi> {
  const { periodSeconds = 20, port = 0, code = 'mock-code-1234' } = options;
  const world = new World(periodSeconds);
  const handlers = makeHandlers(world) as Record<string, ((input: unknown) => unknown) | undefined>;
  const streams = new Set<ServerResponse>();
  let isCut = false;
  let told = world.now();

  const timer = setInterval(() => {
    const now = world.now();
    const events = world.eventsBetween(told, now);
    told = now;
    for (const event of events) {
      for (const stream of streams)
        stream.write(`id: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`);
    }
  }, tickMilliseconds);

  function openStream(request: IncomingMessage, response: ServerResponse, after: string | null) {
    if (isCut) {
      request.socket.destroy();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 500\n\n');
    const last = request.headers['last-event-id'] ?? after;
    if (typeof last === 'string') {
      const from = fromMilliseconds(Number(last.split('.')[0]));
      for (const event of world.eventsBetween(from, world.now())) {
        response.write(`id: ${event.cursor}\ndata: ${JSON.stringify(event)}\n\n`);
      }
    }
    streams.add(response);
    response.on('close', () => streams.delete(response));
  }

  function answer(matched: MatchedRoute, params: object, query: object, body: unknown): unknown {
    const { contract, id } = matched;
    const handler = handlers[id];
    if (handler === undefined) throw new DomainError('unavailable', `the mock has no ${id}`);
    const input = {
      params: parse(contract.params, params),
      query: parse(contract.query, query),
      body: parse(contract.body, body),
    };
    const output = handler(input);
    // What the mock says is held to the contract, so that the portal cannot learn a wrong one.
    if (contract.response && !Buffer.isBuffer(output)) contract.response.parse(output);
    return output;
  }

  async function serveApi(request: IncomingMessage, response: ServerResponse, url: URL) {
    const matched = routes.find(
      (route) => route.contract.method === request.method && route.pattern.test(url.pathname),
    );
    if (matched === undefined) throw new DomainError('notFound', `no route ${url.pathname}`);
    const isKnown = request.headers.cookie?.includes(cookie) ?? false;
    if (matched.contract.auth !== 'none' && !isKnown) {
      throw new DomainError('unauthenticated', 'sign in with a one-time code or a token');
    }
    if (matched.id === 'streamEvents') {
      openStream(request, response, url.searchParams.get('after'));
      return;
    }
    const body: unknown = JSON.parse((await readBody(request)) || 'null');
    if (matched.id === 'signIn') {
      if ((body as { code?: unknown } | null)?.code !== code) {
        throw new DomainError(
          'unauthenticated',
          'this code was used or is too old; ask for a new one',
        );
      }
      response.setHeader('set-cookie', `${cookie}; HttpOnly; SameSite=Lax; Path=/`);
      sendJson(response, 200, ada);
      return;
    }
    if (matched.id === 'signOut') {
      response.setHeader('set-cookie', `${cookie}; Max-Age=0; Path=/`);
      response.writeHead(204).end();
      return;
    }
    const groups = matched.pattern.exec(url.pathname)?.groups ?? {};
    const params = Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
    const output = answer(matched, params, Object.fromEntries(url.searchParams), body);
    if (output === undefined) response.writeHead(204).end();
    else if (Buffer.isBuffer(output)) response.writeHead(200).end(output);
    else sendJson(response, matched.contract.status ?? 200, output);
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    const served = url.pathname.startsWith('/api/')
      ? serveApi(request, response, url)
      : serveFile(response, url.pathname);
    served.catch((error: unknown) => sendProblem(response, error));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    code,
    world,
    cutStreams: (cut) => {
      isCut = cut;
      if (cut) for (const stream of streams) stream.destroy();
    },
    stop: () => {
      clearInterval(timer);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
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

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const known = error instanceof DomainError;
  if (!known) console.error(error);
  const kind = known ? error.kind : 'unavailable';
  const status = known ? statusOfKind[kind] : 500;
  const detail = error instanceof Error ? error.message : String(error);
  const problem = { type: `urn:interpulse:problem/${kind}`, title: kind, status, detail };
  if (response.headersSent) response.destroy();
  else {
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(known ? { ...problem, errors: error.faults } : problem));
  }
}

async function serveFile(response: ServerResponse, path: string): Promise<void> {
  const wanted = normalize(path).replace(/^\/+/, '');
  const isAsset = extname(wanted) !== '';
  const file = join(distFolder, isAsset ? wanted : 'index.html');
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) throw new DomainError('notFound', `there is no ${path}`);
  const headers = { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream' };
  response.writeHead(200, headers).end(bytes);
}
