import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { notifyDetailsSchema } from '@interpulse/domain/flow/notify-input.ts';
import type { FlowRun, FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { messageSettingsSchema, type MessageSettings } from '../messages/message-settings.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

interface Posted {
  headers: IncomingHttpHeaders;
  body: string;
  path: string;
}

const folder = mkdtempSync(join(tmpdir(), 'ip-notify-'));
const posted: Posted[] = [];
const mails: { to: string[]; text: string }[] = [];
/** What the takers answer next; 200 when nothing is left. */
const statuses: number[] = [];
const refusals: number[] = [];

const web = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts).toString();
    posted.push({ headers: request.headers, body, path: request.url ?? '' });
    response.writeHead(statuses.shift() ?? 200, { location: 'http://127.0.0.1:1/' }).end('{}');
  });
});

const post = new SMTPServer({
  hideSTARTTLS: true,
  onAuth: ({ username, password }, _, done) =>
    username === 'hub' && password === 'sesame'
      ? done(null, { user: username })
      : done(new Error('no')),
  onData(stream, session, done) {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      const refusal = refusals.shift();
      if (refusal !== undefined) {
        done(Object.assign(new Error('not now'), { responseCode: refusal }));
        return;
      }
      const to = session.envelope.rcptTo.map(({ address }) => address);
      mails.push({ to, text: Buffer.concat(parts).toString() });
      done();
    });
  },
});

const keep = (name: string, text: string): string => {
  writeFileSync(join(folder, name), `${text}\n`);
  return join(folder, name);
};

/** The hub's configuration for both takers. */
function settings(mailPort: number, webPort: number): MessageSettings {
  return messageSettingsSchema.parse({
    mail: {
      server: '127.0.0.1',
      port: mailPort,
      security: 'none',
      domains: ['example.org'],
      from: 'hub@example.org',
      user: 'hub',
      passwordFile: keep('password', 'sesame'),
    },
    chats: {
      'control-room': { urlFile: keep('room', `http://127.0.0.1:${webPort}/T0/secret-room`) },
      teams: { urlFile: keep('teams', `http://127.0.0.1:${webPort}/teams`), kind: 'teams' },
    },
    webhooks: {
      hosts: [`127.0.0.1:${webPort}`],
      secrets: { 'data-portal': { file: keep('secret', 'shared') } },
    },
  });
}

/** What the step left, as its schema says. */
function detailsOf({ flowRun, steps }: { flowRun: FlowRun; steps: FlowStep[] }) {
  assert.equal(flowRun.status, 'SUCCEEDED', flowRun.reason ?? '');
  const result = steps[0]?.result as JsonObject;
  return notifyDetailsSchema.parse(result['details']);
}

describe('the action notify', () => {
  let hub: TestHub;
  let port = 0;
  let flows = 0;

  before(async () => {
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const listening = post.listen(0, '127.0.0.1');
    await new Promise<void>((resolve) => listening.once('listening', resolve));
    port = (web.address() as AddressInfo).port;
    const messages = settings((listening.address() as AddressInfo).port, port);
    hub = await startTestHub(await openTestDatabase(), messages);
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
    await new Promise((resolve) => post.close(() => resolve(null)));
    web.closeAllConnections();
    web.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    for (const list of [posted, mails, statuses, refusals]) list.length = 0;
  });

  const send = async (Parameters: JsonObject, more: object = {}) => {
    flows += 1;
    const ActionUrl = 'interpulse:notify';
    const Tell = { Type: 'Action', ActionUrl, Parameters, ResultPath: '$.r', End: true, ...more };
    const body = { definition: { StartAt: 'Tell', States: { Tell } }, project: 'demo' };
    const saved = await hub.send('PUT', `/flows/notify-${flows}`, body);
    assert.equal(saved.status, 200, JSON.stringify(saved.body));
    const id = await hub.startFlow(`notify-${flows}`);
    return until('the end of the flow run', async () => {
      const answer = await hub.send('GET', `/flow-runs/${id}`);
      const found = answer.body as unknown as { flowRun: FlowRun; steps: FlowStep[] };
      const log = await hub.send('GET', `/flow-runs/${id}/log`);
      const words = JSON.stringify([found, log.body]);
      return found.flowRun.endedAt === null ? undefined : { ...found, words };
    });
  };
  const hook = (more: object = {}): JsonObject => ({
    by: 'webhook',
    url: `http://127.0.0.1:${port}/hook?key=hidden`,
    body: { run: 7 },
    ...more,
  });

  test('a mail goes to all, as plain text, and is the same one when it is sent again', async () => {
    refusals.push(451);
    const to = ['ada@example.org', 'ben@example.org'];
    const found = await send({ by: 'mail', to, subject: 'Run 7: größer', text: 'It is done.' });
    const { messageId, tries } = detailsOf(found);
    assert.equal(tries, 2);
    assert.deepEqual(mails[0]?.to, to);
    assert.ok(mails[0].text.includes(`Message-ID: <${messageId}@example.org>`), mails[0].text);
    assert.match(mails[0].text, /Content-Type: text\/plain/);
    assert.match(mails[0].text, /It is done\./);
    assert.equal(mails.length, 1);
  });

  test('a mail that is refused for good fails the step, once', async () => {
    refusals.push(554);
    const mail = { by: 'mail', to: ['ada@example.org'], subject: 'x', text: 'y' };
    const { flowRun } = await send(mail);
    assert.match(flowRun.reason ?? '', /ActionUnableToRun.*refuses the mail with 554/);
    const { subject: _, ...unnamed } = mail;
    const lines = { ...unnamed, 'subject.=': String.raw`'x\r\nBcc: all@example.org'` };
    assert.match((await send(lines)).flowRun.reason ?? '', /a subject is one line/);
    const elsewhere = { ...mail, cc: ['eve@evil.example'] };
    assert.match((await send(elsewhere)).flowRun.reason ?? '', /no mail may go to evil\.example/);
    assert.equal(mails.length, 0);
  });

  test('a webhook is signed, and tried again with the same key while it may work', async () => {
    statuses.push(503, 429);
    const details = detailsOf(await send(hook({ secret: 'data-portal' })));
    assert.deepEqual([details.tries, details.status], [3, 200]);
    assert.deepEqual(new Set(posted.map(({ headers }) => headers['idempotency-key'])).size, 1);
    assert.equal(posted[0]?.headers['idempotency-key'], details.messageId);
    const [, , third] = posted;
    assert.ok(third);
    const { headers, body } = third;
    const signature = String(headers['interpulse-signature']);
    const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    const right = createHmac('sha256', 'shared').update(`${seconds}.${body}`).digest('hex');
    assert.equal(digest, right);
    assert.deepEqual(JSON.parse(body), { run: 7 });
  });

  test('a webhook goes nowhere else, and follows nobody', async () => {
    const reason = async (more: object) => (await send(hook(more))).flowRun.reason ?? '';
    assert.match(await reason({ url: 'https://169.254.169.254/x' }), /no webhook may go to/);
    assert.match(await reason({ url: `http://127.0.0.1:${port + 1}/` }), /no webhook may go to/);
    assert.match(await reason({ url: `http://u:p@127.0.0.1:${port}/` }), /no webhook may go to/);
    assert.match(await reason({ secret: 'none' }), /there is no secret "none"/);
    statuses.push(302);
    assert.match(await reason({}), /127\.0\.0\.1:\d+ answered 302/);
    assert.equal(posted.length, 1);
  });

  test('a taker that is down for good times the step out', async () => {
    statuses.push(...Array.from({ length: 1000 }, () => 500));
    const { flowRun } = await send(hook(), { WaitTime: 1 });
    assert.match(flowRun.reason ?? '', /ActionTimeout/);
    assert.ok(posted.length >= 2 && posted.length < 20, `${posted.length} tries`);
  });

  test('a chat gets a line; its address is told to nobody', async () => {
    detailsOf(await send({ by: 'chat', chat: 'control-room', text: 'beam is back' }));
    detailsOf(await send({ by: 'chat', chat: 'teams', text: 'beam is back' }));
    assert.deepEqual(JSON.parse(posted[0]?.body ?? ''), { text: 'beam is back' });
    assert.match(posted[1]?.body ?? '', /adaptive.*"text":"beam is back"/);
    statuses.push(404);
    const gone = await send({ by: 'chat', chat: 'control-room', text: 'again' });
    assert.match(gone.flowRun.reason ?? '', /answered 404/);
    assert.doesNotMatch(gone.words, /secret-room/);
    const none = await send({ by: 'chat', chat: 'nobody', text: 'x' });
    assert.match(none.flowRun.reason ?? '', /has no chat "nobody"/);
  });

  test('private parameters stand in no log, also when it fails', async () => {
    statuses.push(400);
    const parameters = {
      ...hook({ body: { password: 'hidden-body' } }),
      __Private_Parameters: ['body', 'url'],
    };
    const { words, flowRun } = await send(parameters);
    assert.match(flowRun.reason ?? '', /answered 400/);
    assert.doesNotMatch(words, /hidden-body|key=hidden/);
  });
});
