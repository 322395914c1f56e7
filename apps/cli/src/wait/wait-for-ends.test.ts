import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Context } from '../context.ts';
import { connect } from '../connection/connect.ts';
import { waitForFlowRuns } from '../flow-run/wait.ts';

const startedAt = '2026-11-21T12:00:00.000Z';
const endOf = (id: string, status: string) => ({
  ...{ id, status, startedAt, endedAt: '2026-11-21T12:00:07.000Z' },
  reason: status === 'FAILED' ? 'no beam' : null,
});

/** What the hub answers next; the last one again and again. */
let answers: ((response: ServerResponse) => void)[] = [];
const ended =
  (...runs: object[]) =>
  (response: ServerResponse) =>
    void response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ ended: runs }));
const gone = (response: ServerResponse) => void response.destroy();
const hub = createServer((request, response) => {
  request.resume().on('end', () => {
    const [next] = answers.length > 1 ? answers.splice(0, 1) : answers;
    next?.(response);
  });
});

before(async () => new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve)));
after(() => void hub.close());
async function wait(ids: string[], timeout?: string) {
  const said: string[] = [];
  const item = (_: unknown, text: () => string) => void said.push(text());
  const url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const context: Context = {
    connection: { url, token: undefined, source: 'test' },
    client: connect({ url, token: undefined }),
    out: {
      ...{ isJson: false, isTerminal: false, document: item, item },
      note: (text) => void said.push(text),
    },
    nowAt: startedAt,
  };
  await waitForFlowRuns(context, ids, { timeout });
  const exitCode = process.exitCode ?? 0;
  process.exitCode = undefined;
  return { said, exitCode };
}

test('each end is told as it comes, also when the hub was away meanwhile', async () => {
  answers = [ended(), gone, ended(endOf('a', 'SUCCEEDED')), ended(endOf('b', 'FAILED'))];
  assert.deepEqual(await wait(['a', 'b', 'a']), {
    said: ['a SUCCEEDED after 7.00 s', 'b FAILED after 7.00 s: no beam'],
    exitCode: 1,
  });
});

test('all that went well is no failure', async () => {
  answers = [ended(endOf('a', 'SUCCEEDED'))];
  assert.equal((await wait(['a'])).exitCode, 0);
});

test('a hub that is not there to begin with is told at once', async () => {
  answers = [gone];
  await assert.rejects(wait(['a']), /cannot reach the hub/);
});

test('a time that is over has an exit code of its own', async () => {
  answers = [ended(endOf('a', 'SUCCEEDED')), ended()];
  assert.deepEqual(await wait(['a', 'b'], '1'), {
    said: ['a SUCCEEDED after 7.00 s', '1 of 2 have not ended after 1.00 s'],
    exitCode: 6,
  });
});
