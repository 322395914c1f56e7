import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { createClient } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { getEnsembleFiles, getJobFiles } from './get.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-get-'));
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A completed job that left one file, whose content is its id. */
const jobOf = (id: string, label: string, written = id) => {
  const location = `scratch:/${id}/out.txt`;
  const outputs = [{ name: 'out', location, sizeBytes: 2, sha256: sha256(written) }];
  return { id, label, state: 'completed', outputs };
};
const pages = [
  [jobOf('job_a', 'q=1'), jobOf('job_b', 'q=1')],
  [jobOf('job_c', '../../out'), jobOf('job_d', '', 'something else')],
];

const hub = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://hub');
  const [, , , , id = '', file] = url.pathname.split('/');
  const second = url.searchParams.get('cursor') === 'second';
  const job = pages.flat().find((each) => each.id === id);
  response.setHeader('content-type', file ? 'application/octet-stream' : 'application/json');
  if (file) response.end(id);
  else if (job) response.end(JSON.stringify({ job, attempts: [] }));
  else
    response.end(JSON.stringify({ items: pages[second ? 1 : 0], next: second ? null : 'second' }));
});

let printed = '';
let context: Context;
before(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const print = (_: unknown, text: () => string) => void (printed += text());
  const out = { isJson: false, isTerminal: false, document: print, item: print, note: () => {} };
  context = {
    connection: { baseUrl, token: 'secret' } as unknown as Context['connection'],
    client: createClient({ baseUrl, token: 'secret' }),
    out,
    nowAt: '2026-11-21T12:00:00.000Z',
  };
});
beforeEach(() => {
  printed = '';
});
after(() => {
  hub.close();
  rmSync(folder, { recursive: true });
  // Files that could not be had are part of what is tested.
  process.exitCode = 0;
});

test('every job of an ensemble has a folder of its own, and none outside', async () => {
  const into = join(folder, 'all');
  await getEnsembleFiles(context, 'ensemble_x', { names: [], folder: into });
  assert.deepEqual(readdirSync(into).toSorted(), ['_.._out', 'job_b', 'q=1']);
  assert.equal(readFileSync(join(into, 'q=1', 'out.txt'), 'utf8'), 'job_a');
  assert.equal(readFileSync(join(into, 'job_b', 'out.txt'), 'utf8'), 'job_b');
  assert.match(printed, /not fetched: scratch:\/job_d\/out\.txt: the file is no longer what/);
  assert.equal(process.exitCode, 1);
});

test('one output of one job; of a wrong name it says which there are', async () => {
  await getJobFiles(context, 'job_a', { names: ['out'], folder });
  assert.equal(readFileSync(join(folder, 'out.txt'), 'utf8'), 'job_a');
  await assert.rejects(
    getJobFiles(context, 'job_a', { names: ['other'], folder }),
    /job_a is completed and has the outputs out$/,
  );
});
