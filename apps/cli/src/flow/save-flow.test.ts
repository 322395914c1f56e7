import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createClient } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { saveFlow } from './flows.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-save-'));
const warnings = [
  {
    loc: ['definition', 'States', 'Work', 'Parameters', 'app'],
    msg: 'there is no app "later" at this hub yet',
    type: 'unknown_name',
  },
];
const hub = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  request
    .resume()
    .on('end', () => response.end(JSON.stringify({ name: 'f', version: 2, warnings })));
});

before(async () => new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve)));
after(() => {
  hub.close();
  rmSync(folder, { recursive: true });
});

/** Saves a file; what went to standard output, and to standard error. */
async function save(name: string, text: string, isJson = false) {
  const file = join(folder, name);
  writeFileSync(file, text);
  const told = { document: '', notes: [] as string[] };
  const document = (value: unknown, words: () => string) => {
    told.document = isJson ? JSON.stringify(value) : words();
  };
  const note = (words: string) => void told.notes.push(words.replace(`${folder}/`, ''));
  const baseUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const context: Context = {
    connection: { baseUrl, token: 'secret' } as unknown as Context['connection'],
    client: createClient({ baseUrl, token: 'secret' }),
    out: { isJson, isTerminal: false, document, item: document, note },
    nowAt: '2026-11-21T12:00:00.000Z',
  };
  await saveFlow(context, { file });
  return told;
}

const states = `
  StartAt: Work
  States:
    Work:
      Type: Action
      Parameters: { app: later }
`;

test('what is worth a look is told with its line in the file', async () => {
  const wrapped = await save('wrapped.yaml', `definition:${states}`);
  assert.equal(wrapped.document, 'saved flow f, version 2');
  const told =
    'warning: there is no app "later" at this hub yet (definition.States.Work.Parameters.app)';
  assert.deepEqual(wrapped.notes, [`wrapped.yaml:6:21: ${told}`]);
  const bare = await save('bare.yaml', states.replaceAll('\n  ', '\n'));
  assert.deepEqual(bare.notes, [`bare.yaml:6:19: ${told}`]);
});

test('programs find it in the document', async () => {
  const { document, notes } = await save('json.yaml', `definition:${states}`, true);
  assert.deepEqual((JSON.parse(document) as { warnings: unknown }).warnings, warnings);
  assert.deepEqual(notes, []);
});
