import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** An action provider that never calls back: its actions have ended when somebody asks. */
export interface QuietProvider {
  url: string;
  /** How many actions it was asked for. */
  begun(): number;
  /** Lets those actions end. */
  endAll(): void;
  close(): Promise<void>;
}

/** Starts it on a free port of the loopback. */
export async function startQuietProvider(): Promise<QuietProvider> {
  const requests: string[] = [];
  let ended = 0;
  const document = (number: number) => ({
    action_id: String(number),
    status: number <= ended ? 'SUCCEEDED' : 'ACTIVE',
    creator_id: 'urn:globus:auth:identity:ae2a1750-d274-11e5-b867-e74762c29f57',
    details: {},
  });
  const server = createServer((request, response) => {
    const say = (body: unknown): void =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(body));
    const asked = /^\/(\d+|run)/.exec(request.url ?? '')?.[1];
    if (asked !== 'run') return say(asked === undefined ? {} : document(Number(asked)));
    json(request).then(
      (body) => {
        const { request_id: id } = body as { request_id: string };
        if (!requests.includes(id)) requests.push(id);
        say(document(requests.indexOf(id) + 1));
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begun: () => requests.length,
    endAll() {
      ended = requests.length;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
