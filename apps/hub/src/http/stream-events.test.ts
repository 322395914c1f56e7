import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { startTestHub, type TestHub } from '../testing/start-test-hub.ts';

interface Streamed {
  id: string;
  subject: string;
}

type Enough = (seen: Streamed[]) => boolean;

/** Reads events until enough came, then hangs up. */
async function readStream(
  url: string,
  token: string,
  last: string | null,
  enough: Enough,
  onOpen: () => void = () => undefined,
): Promise<Streamed[]> {
  const abort = new AbortController();
  const answer = await fetch(`${url}/api/v1/events/stream?subjectType=dataset`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(last === null ? {} : { 'last-event-id': last }),
    },
    signal: abort.signal,
  });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  const seen: Streamed[] = [];
  let text = '';
  onOpen();
  for await (const bytes of answer.body ?? []) {
    text += Buffer.from(bytes).toString('utf8');
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const id = /^id: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (id === undefined || data === undefined) continue;
      seen.push({ id, subject: (JSON.parse(data) as { subjectId: string }).subjectId });
    }
    if (enough(seen)) break;
  }
  abort.abort();
  return seen;
}

describe('the stream of events', () => {
  let hub: TestHub;

  before(async () => {
    hub = await startTestHub(await openTestDatabase());
    await hub.send('POST', '/projects', { name: 'other' });
  });
  after(async () => {
    await hub.stop();
    await hub.hub.db.close();
  });

  const write = (subject: string, project: string | null): Promise<void> =>
    hub.hub.transaction(async (tx) => {
      await appendEvents(tx, [
        {
          at: hub.hub.now(),
          kind: 'test.happened',
          subjectType: 'dataset',
          subjectId: subject,
          project,
          flowRunId: null,
          actor: null,
          data: {},
        },
      ]);
      tx.notify([eventsTopic]);
    });

  const read = (token: string, last: string | null, enough: Enough, onOpen?: () => void) =>
    readStream(hub.url, token, last, enough, onOpen);

  test('resumes with none missed and none doubled while 500 are written', async () => {
    const subjects = Array.from({ length: 500 }, (_, index) => `dataset-${index}`);
    const start = (await hub.send('GET', '/events?limit=500')).body['items'] as {
      cursor: string;
    }[];
    const waiting = [...subjects];
    const writer = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await write(next, 'demo');
      }
    };
    const writing = Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(writer));
    const seen: Streamed[] = [];
    let last = start.at(-1)?.cursor ?? '0-0';
    while (seen.length < subjects.length) {
      const some = await read(hub.adminToken, last, (now) => {
        return now.length >= 37 || seen.length + now.length >= subjects.length;
      });
      seen.push(...some);
      last = some.at(-1)?.id ?? last;
    }
    await writing;
    assert.deepEqual(seen.map(({ subject }) => subject).toSorted(), subjects.toSorted());
  });

  test('shows a reader only what it may see', async () => {
    const token = await hub.addUser('reader', 'reader');
    const opened = Promise.withResolvers<void>();
    const reading = read(token, null, (seen) => seen.length >= 2, opened.resolve);
    await opened.promise;
    await write('hidden', 'other');
    await write('seen', 'demo');
    await write('everybody', null);
    assert.deepEqual(
      (await reading).map(({ subject }) => subject),
      ['seen', 'everybody'],
    );
  });

  test('a cursor that is none is refused before the stream begins', async () => {
    const headers = { authorization: `Bearer ${hub.adminToken}`, 'last-event-id': 'yesterday' };
    const answer = await fetch(`${hub.url}/api/v1/events/stream`, { headers });
    assert.equal(answer.status, 422);
  });
});
