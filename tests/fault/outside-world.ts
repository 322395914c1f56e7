import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What an action provider was asked to do. */
interface Carried {
  actionId: string;
  /** What flows gave it. */
  input: unknown;
  endsMs: number;
}

/** A web server outside that takes messages and carries out actions, and counts both. */
export interface OutsideWorld {
  url: string;
  /** Of each message, by its id, what it said. */
  messages: Map<string, unknown>;
  /** Each action that was carried out, by the id of its request. */
  carried: Map<string, Carried>;
  /** Questions to run that came again. */
  again(): number;
  /** Ids of requests to `/slow/run`, in their order; the first is never answered. */
  slow: string[];
  close(): Promise<void>;
}

/** How long its actions take. */
const takesMilliseconds = 400;

/** What a provider says of an action. */
function document({ actionId, input, endsMs }: Carried) {
  return {
    action_id: actionId,
    status: Date.now() < endsMs ? 'ACTIVE' : 'SUCCEEDED',
    creator_id: 'urn:globus:auth:identity:ae2a1750-d274-11e5-b867-e74762c29f57',
    details: { input },
  };
}

/** Starts it: `/notify` takes webhooks, `/act` and `/slow` are providers. */
export async function startOutsideWorld(): Promise<OutsideWorld> {
  const messages = new Map<string, unknown>();
  const carried = new Map<string, Carried>();
  const slow: string[] = [];
  let repeated = 0;

  const run = async (request: IncomingMessage) => {
    const asked = (await json(request)) as { request_id: string; body: unknown };
    const known = carried.get(asked.request_id);
    if (known !== undefined) {
      repeated += 1;
      return document(known);
    }
    const actionId = `a${carried.size + 1}`;
    const one = { actionId, input: asked.body, endsMs: Date.now() + takesMilliseconds };
    carried.set(asked.request_id, one);
    const { 'x-interpulse-callback': url, 'x-interpulse-callback-key': key } = request.headers;
    setTimeout(() => {
      callBack(String(url), String(key), actionId).catch(() => undefined);
    }, takesMilliseconds + 5);
    return document(one);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { url = '', headers } = request;
    const say = (body: unknown) => {
      const told = { 'content-type': 'application/json', 'x-interpulse-callback': 'accepted' };
      response.writeHead(200, told).end(JSON.stringify(body));
    };
    if (url === '/notify') {
      messages.set(String(headers['idempotency-key']), await json(request));
      return say({});
    }
    if (url === '/act/run') return say(await run(request));
    if (url === '/slow/run') {
      slow.push(((await json(request)) as { request_id: string }).request_id);
      if (slow.length === 1) return;
      return say(document({ actionId: 'slow', input: {}, endsMs: 0 }));
    }
    const actionId = /^\/act\/([^/]+)\/(?:status|release|cancel)$/.exec(url)?.[1];
    const one = [...carried.values()].find((each) => each.actionId === actionId);
    say(one === undefined ? { interpulse_callbacks: ['hmac-sha256'] } : document(one));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    carried,
    again: () => repeated,
    slow,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Says once that there is news; a hub that is down meanwhile asks by itself. */
async function callBack(url: string, key: string, actionId: string): Promise<void> {
  const body = JSON.stringify({ action_id: actionId, status: 'SUCCEEDED' });
  const milliseconds = Date.now();
  const digest = createHmac('sha256', key).update(`${milliseconds}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-interpulse-signature': `t=${milliseconds},v1=${digest}`,
  };
  await fetch(url, { method: 'POST', headers, body });
}
