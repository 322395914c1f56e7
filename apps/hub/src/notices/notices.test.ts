import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { noticeLimits } from '@interpulse/domain/notice/notice-limits.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { noticeClock } from '@interpulse/testing/database/notice-clock.ts';
import { messageSettingsSchema } from '../messages/message-settings.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';
import { until } from '../testing/until.ts';

interface Mail {
  to: string[];
  id: string;
  text: string;
}

const folder = mkdtempSync(join(tmpdir(), 'ip-notices-'));
const mails: Mail[] = [];
const said: { text: string; key: string }[] = [];
/** What the room answers next; 200 when nothing is left. */
const statuses: number[] = [];

const room = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const status = statuses.shift() ?? 200;
    const { text } = JSON.parse(Buffer.concat(parts).toString()) as { text: string };
    said.push({ text, key: String(request.headers['idempotency-key']) });
    response.writeHead(status).end();
  });
});

const post = new SMTPServer({
  hideSTARTTLS: true,
  authOptional: true,
  onData(stream, session, done) {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      // Lines that were folded for the journey are put together again.
      const text = Buffer.concat(parts).toString().replaceAll('=\r\n', '');
      const to = session.envelope.rcptTo.map(({ address }) => address);
      mails.push({ to, text, id: /^Message-ID: (.*)$/im.exec(text)?.[1] ?? '' });
      done();
    });
  },
});

const ending = (state: object) => ({ StartAt: 'Only', States: { Only: state } });
const fails = ending({ Type: 'Fail', Error: 'Broken', Cause: 'the beam was off' });
const works = ending({ Type: 'Pass', End: true });
const waits = ending({ Type: 'Wait', Seconds: 3600, End: true });
const asks = {
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'CreateWebInput',
      Parameters: {
        InputType: 'Selection',
        RespondentUrns: ['user:bob'],
        Context: { Title: 'Go on?' },
        Options: [{ Value: 'go', Label: 'Go' }],
      },
      ResultPath: '$.ask',
      Next: 'Answer',
    },
    Answer: {
      Type: 'AwaitWebInput',
      Parameters: { 'web_input_id.$': '$.ask.web_input_id' },
      ResultPath: '$.answer',
      End: true,
    },
  },
};

describe('notices', () => {
  let hub: TestHub;
  let ada = '';
  let bob = '';

  before(async () => {
    await new Promise<void>((resolve) => room.listen(0, '127.0.0.1', resolve));
    const listening = post.listen(0, '127.0.0.1');
    await new Promise<void>((resolve) => listening.once('listening', resolve));
    const { port } = listening.address() as AddressInfo;
    const urlFile = join(folder, 'room');
    writeFileSync(urlFile, `http://127.0.0.1:${(room.address() as AddressInfo).port}/`);
    const messages = messageSettingsSchema.parse({
      mail: { server: '127.0.0.1', port, security: 'none', from: 'hub@example.org' },
      chats: { ops: { urlFile }, alarm: { urlFile } },
    });
    const publicUrl = 'https://hub.example.org';
    hub = await startTestHub(await openTestDatabase(), { ...messages, publicUrl });
    ada = await hub.addUser('ada', 'member');
    bob = await hub.addUser('bob', 'reader');
    for (const [name, definition] of Object.entries({ fails, works, waits, asks })) {
      const body = { definition, project: 'demo' };
      assert.equal((await hub.send('PUT', `/flows/${name}`, body, ada)).status, 200);
    }
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
    await new Promise((resolve) => post.close(() => resolve(null)));
    room.closeAllConnections();
    room.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    for (const token of [ada, bob]) await hub.send('PATCH', '/me/notices', { to: [] }, token);
    await noticeClock.forgetSent(hub.hub.db);
    for (const list of [mails, said, statuses]) list.length = 0;
  });

  const wish = (token: string, settings: object) =>
    hub.send('PATCH', '/me/notices', settings, token);
  const start = async (flow: string, fields: object = {}): Promise<string> => {
    const body = { flow, input: {}, project: 'demo', ...fields };
    const sent = await hub.send('POST', '/flow-runs', body, ada);
    assert.equal(sent.status, 201, JSON.stringify(sent.body));
    return String(sent.body['id']);
  };
  const mailed = (pattern: RegExp): Promise<Mail> =>
    until(`a mail like ${pattern}`, async () => mails.find(({ text }) => pattern.test(text)));

  test('who started a flow run hears that it failed, why, and where to look', async () => {
    await wish(ada, { to: ['mail:ada@example.org'] });
    const id = await start('fails', { label: 'shot 41' });
    const { to, text } = await mailed(/shot 41/);
    assert.deepEqual(to, ['ada@example.org']);
    assert.match(text, /Subject: fails: shot 41 failed/);
    assert.match(text, /the beam was off/);
    assert.ok(text.includes(`https://hub.example.org/flow-runs/${id}`));
  });

  test('nobody hears of what it did not ask for, and of what others do', async () => {
    await wish(ada, { to: ['mail:ada@example.org'], on: ['canceled'] });
    await wish(bob, { to: ['mail:bob@example.org'], on: ['failed', 'succeeded', 'canceled'] });
    await start('fails');
    const id = await start('waits', { label: 'the last one' });
    await hub.send('POST', `/flow-runs/${id}/cancel`, {}, ada);
    await mailed(/the last one was canceled/);
    assert.deepEqual(
      mails.map(({ to }) => to),
      [['ada@example.org']],
    );
  });

  test('managers of a flow run, and who is asked, are told that it waits', async () => {
    const on = ['waiting'];
    await wish(ada, { to: ['mail:ada@example.org'], on });
    await wish(bob, { to: ['mail:bob@example.org'], on });
    await start('asks', { label: 'sample 3' });
    await until('both mails', async () => (mails.length >= 2 ? true : undefined));
    assert.deepEqual(mails.flatMap(({ to }) => to).toSorted(), [
      'ada@example.org',
      'bob@example.org',
    ]);
    assert.match(mails[0]?.text ?? '', /sample 3 waits for a person: Go on\?/);
    assert.match(mails[0]?.text ?? '', /https:\/\/hub\.example\.org\/questions\/webinput_/);
  });

  test('a flow run that passes its deadline is told once, also when it ends late', async () => {
    await wish(ada, { to: ['mail:ada@example.org'], on: ['late'] });
    const deadlineAt = new Date(Date.now() + 300).toISOString();
    const id = await start('waits', { label: 'slow one', deadlineAt });
    await mailed(/slow one is late/);
    await hub.send('POST', `/flow-runs/${id}/cancel`, {}, ada);
    await start('waits', { label: 'later one', deadlineAt });
    await mailed(/later one is late/);
    assert.equal(mails.filter(({ text }) => text.includes('slow one')).length, 1);
  });

  test('rules of a flow tell a room, and are refused where nothing can be sent', async () => {
    const notify = [{ on: ['succeeded'], to: ['chat:ops', 'owner'] }];
    await wish(ada, { to: ['mail:ada@example.org'], on: [] });
    assert.equal((await hub.send('PATCH', '/flows/works', { notify }, ada)).status, 200);
    await start('works', { label: 'good' });
    await until('a word', async () => said.find(({ text }) => text.includes('good succeeded')));
    await mailed(/good succeeded/);
    for (const place of ['chat:nowhere', 'user:nobody', 'webhook:https://evil.example.org/']) {
      const wrong = { notify: [{ on: ['failed'], to: [place] }] };
      const { status, body } = await hub.send('PATCH', '/flows/works', wrong, ada);
      assert.equal(status, 422, place);
      assert.match(String(body['detail']), /^notify\.0\.to\.0: /);
    }
    await hub.send('PATCH', '/flows/works', { notify: [] }, ada);
  });

  test('a trigger tells of its flow runs, and that it could not start one', async () => {
    const trigger = {
      source: { kind: 'webhook' },
      flowName: 'fails',
      notify: [{ on: ['failed'], to: ['chat:alarm'] }],
      project: 'demo',
    };
    assert.equal((await hub.send('PUT', '/triggers/hook', trigger, ada)).status, 200);
    await hub.send('POST', '/triggers/hook/fire', { event: { n: 1 } }, ada);
    await until('a failure', async () => said.find(({ text }) => /^fails: .* failed/.test(text)));
    const label = 'no.such.thing';
    await hub.send('PUT', '/triggers/hook', { ...trigger, label }, ada);
    await hub.send('POST', '/triggers/hook/fire', { event: { n: 2 } }, ada);
    await until('a failing trigger', async () =>
      said.find(({ text }) => text.startsWith('The trigger hook started no flow run')),
    );
  });

  test('a message that is not taken is sent again as it was, under its name', async () => {
    await wish(ada, { to: ['chat:ops'], on: ['failed'] });
    statuses.push(503);
    await start('fails', { label: 'first' });
    await until('a try', async () => (said.length === 1 ? true : undefined));
    const standing = await until('the fault', async () => {
      const { body } = await hub.send('GET', '/me/notices', undefined, ada);
      const [found] = body['standings'] as { lastError: string | null; waiting: number }[];
      return found?.lastError === null ? undefined : found;
    });
    assert.match(standing?.lastError ?? '', /answered 503/);
    assert.equal(standing?.waiting, 1);
    await start('fails', { label: 'second' });
    await until('both to be kept', async () => {
      const { body } = await hub.send('GET', '/me/notices', undefined, ada);
      const [found] = body['standings'] as { waiting: number }[];
      return found?.waiting === 2 ? true : undefined;
    });
    await noticeClock.hurry(hub.hub.db);
    await until('three messages', async () => (said.length === 3 ? true : undefined));
    const [one, two, three] = said;
    assert.deepEqual([one?.key === two?.key, one?.text === two?.text], [true, true]);
    assert.notEqual(three?.key, one?.key);
    assert.match(three?.text ?? '', /second/);
  });

  test('what is refused for good is given up, and said', async () => {
    await wish(ada, { to: ['chat:alarm'], on: ['failed'] });
    statuses.push(404);
    await start('fails');
    await until('the fault', async () => {
      const { body } = await hub.send('GET', '/me/notices', undefined, ada);
      const [found] = body['standings'] as { lastError: string | null; waiting: number }[];
      return found?.lastError?.includes('404') && found.waiting === 0 ? true : undefined;
    });
    assert.equal(said.length, 1);
  });

  test('a storm is a few messages, and the last of them tells how many there were', async () => {
    await wish(ada, { to: ['chat:ops'], on: ['failed'] });
    const inputs = Array.from({ length: 60 }, (_, n) => ({ n }));
    const body = { flow: 'fails', inputs, project: 'demo' };
    assert.equal((await hub.send('POST', '/flow-runs/bulk', body, ada)).status, 201);
    await until('all to be written', async () => {
      const { ofBatches } = await noticeClock.counts(hub.hub.db);
      return ofBatches === 60 ? true : undefined;
    });
    await until('all to be told', async () => {
      await noticeClock.hurry(hub.hub.db);
      return (await noticeClock.counts(hub.hub.db)).unsent === 0 ? true : undefined;
    });
    assert.ok(said.length <= noticeLimits.messages + 1, String(said.length));
  });

  test('a test is sent to where one hears of things, and to no place that is none', async () => {
    assert.equal((await hub.send('POST', '/me/notices/test', {}, ada)).status, 409);
    assert.equal((await wish(ada, { to: ['owner'] })).status, 422);
    assert.equal((await wish(ada, { to: ['mail:ada@example.org'] })).status, 200);
    assert.equal((await hub.send('POST', '/me/notices/test', {}, ada)).status, 200);
    await mailed(/A test/);
  });
});
