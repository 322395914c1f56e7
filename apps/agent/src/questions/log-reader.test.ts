import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { atEnd, newId, testFolder } from '../agent-test-kit.ts';
import { Collections } from '../collections/collections.ts';
import { LogReader } from './log-reader.ts';

function setUp(t: TestContext) {
  const root = testFolder(t);
  mkdirSync(join(root, 'job'));
  const path = join(root, 'job', 'stdout');
  const collections = new Collections([{ name: 'scratch', root, title: '', writable: true }]);
  const held = { is: true };
  const reader = new LogReader(collections, () => held.is);
  atEnd(t, () => reader.close());
  const jobId = newId('job');
  const read = async (afterBytes: number | null, waitSeconds = 0, maxBytes = 1000) => {
    const { message, attachment } = await reader.read({
      ask: 'jobLog',
      jobId,
      workFolder: 'scratch:/job',
      stream: 'stdout',
      maxBytes,
      afterBytes,
      waitSeconds,
    });
    assert.equal(message.answer, 'bytes');
    return [Buffer.from(attachment ?? []).toString(), 'sizeBytes' in message && message.sizeBytes];
  };
  return { path, held, read, reader };
}

describe('the log of a job', () => {
  it('is read from its end, or from a place on', async (t) => {
    const { path, read } = setUp(t);
    assert.deepEqual(await read(null), ['', 0]);
    writeFileSync(path, '0123456789');
    assert.deepEqual(await read(null, 0, 4), ['6789', 10]);
    assert.deepEqual(await read(3, 0, 4), ['3456', 10]);
    assert.deepEqual(await read(10), ['', 10]);
    assert.deepEqual(await read(20), ['', 10]);
  });

  it('is told as it grows', async (t) => {
    const { path, read } = setUp(t);
    const first = read(0, 15);
    writeFileSync(path, 'one\n');
    assert.deepEqual(await first, ['one\n', 4]);
    const next = read(4, 15);
    appendFileSync(path, 'two\n');
    assert.deepEqual(await next, ['two\n', 8]);
  });

  it('is not waited for when nothing can come any more', async (t) => {
    const { path, held, read, reader } = setUp(t);
    writeFileSync(path, 'all');
    const startedAt = performance.now();
    const last = read(3, 15);
    held.is = false;
    assert.deepEqual(await last, ['', 3]);
    assert.deepEqual(await read(3, 15), ['', 3]);
    held.is = true;
    assert.deepEqual(await read(3, 0.2), ['', 3]);
    const many = Array.from({ length: 200 }, () => read(3, 15));
    await Promise.race(many);
    reader.close();
    await Promise.all(many);
    assert.ok(performance.now() - startedAt < 5000);
  });
});
