import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { connect } from '../connection/connect.ts';
import { downloadLog } from './change.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-log-'));
const problem = { type: 'https://interpulse/problems/notFound', detail: 'there is no flow run' };
const hub = createServer((request, response) => {
  if (request.url?.includes('flowrun_there') === true) {
    response.setHeader('content-type', 'application/jsonl').end('{"code":"FlowStarted"}\n');
    return;
  }
  response.statusCode = 404;
  response.setHeader('content-type', 'application/problem+json').end(JSON.stringify(problem));
});

before(async () => new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve)));
after(() => {
  hub.close();
  rmSync(folder, { recursive: true });
});

test('a log goes into a file; why it cannot be read is what the hub says', async () => {
  const url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const said: unknown[] = [];
  const context = {
    client: connect({ url, token: undefined }),
    out: { document: (value: unknown) => void said.push(value) },
  } as unknown as Context;
  const file = join(folder, 'log.jsonl');
  await downloadLog(context, 'flowrun_there', file);
  assert.equal(readFileSync(file, 'utf8'), '{"code":"FlowStarted"}\n');
  assert.deepEqual(said, [{ flowRunId: 'flowrun_there', file }]);
  await assert.rejects(
    downloadLog(context, 'flowrun_gone', file),
    (error) => error instanceof DomainError && error.kind === 'notFound',
  );
});
