import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { JsonObject } from '@interpulse/domain/json.ts';

/** A request as the provider got it. */
export interface Asked {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: JsonObject;
}

/** What the provider shall answer: `undefined` never answers. */
export type Answer =
  { status: number; json?: unknown; text?: string; headers?: Record<string, string> } | undefined;

/** A small action provider that behaves as a test wants. */
export interface FakeProvider {
  url: string;
  asked: Asked[];
  /** The requests to one of its paths. */
  to(path: string): Asked[];
  close(): Promise<void>;
}

/** Starts a provider on a port of its own that answers what `answer` says. */
export async function startFakeProvider(
  answer: (asked: Asked, provider: FakeProvider) => Answer,
): Promise<FakeProvider> {
  const asked: Asked[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: body.startsWith('{') ? (JSON.parse(body) as JsonObject) : {},
    };
    asked.push(one);
    const said = answer(one, provider);
    if (said === undefined) return;
    response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers });
    response.end(said.text ?? JSON.stringify(said.json ?? {}));
  };
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const provider: FakeProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/act`,
    asked,
    to: (path) => asked.filter((one) => one.path === `/act${path}`),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
  return provider;
}

/** A status document of the contract. */
export function statusOf(status: string, more: JsonObject = {}): JsonObject {
  return {
    action_id: 'a1',
    status,
    creator_id: 'urn:globus:auth:identity:ae2a1750-d274-11e5-b867-e74762c29f57',
    details: {},
    ...more,
  };
}
