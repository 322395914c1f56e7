import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from './create-client.ts';
import { followLog } from './follow-log.ts';

const piece = (text: string, next: number, attempt: number, ended: boolean) => {
  return { text, next, attempt, ended, sizeBytes: next };
};
const job = (state: string, attempt: number) => ({ job: { state, attempt }, attempts: [] });

/** The pieces that these answers give, and what was asked for them: attempt and first byte. */
async function follow(...answers: object[]): Promise<{ pieces: string[]; asked: unknown[] }> {
  const asked: unknown[] = [];
  const client = createClient({
    baseUrl: 'http://hub.example',
    fetch: async ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      if (pathname.endsWith('/log')) {
        asked.push([searchParams.get('attempt'), searchParams.get('after')]);
      }
      return Response.json(answers.shift());
    },
  });
  const pieces: string[] = [];
  for await (const text of followLog(client, 'job_1')) pieces.push(text);
  return { pieces, asked };
}

test('a job that has not begun is waited for', async () => {
  const { pieces, asked } = await follow(
    piece('', 0, 0, false),
    piece('begun\n', 6, 1, false),
    piece('', 6, 1, true),
    job('completed', 1),
  );
  assert.deepEqual(pieces, ['begun\n']);
  assert.deepEqual(asked, [
    [null, '0'],
    [null, '0'],
    ['1', '6'],
  ]);
});

test('a job that ends before it begins has no log', async () => {
  const { pieces } = await follow(piece('', 0, 0, true), job('canceled', 0));
  assert.deepEqual(pieces, []);
});

test('the next attempt is read from its beginning', async () => {
  const { pieces, asked } = await follow(
    piece('one', 3, 1, true),
    piece('', 3, 1, true),
    job('ready', 2),
    piece('two', 3, 2, true),
    piece('', 3, 2, true),
    job('completed', 2),
  );
  assert.deepEqual(pieces, ['one', 'two']);
  assert.deepEqual(asked, [
    [null, '0'],
    ['1', '3'],
    ['2', '0'],
    ['2', '3'],
  ]);
});
