import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, beforeEach, test } from 'node:test';
import { createClient } from '@interpulse/api/client/create-client.ts';
import { checkImport } from '@interpulse/domain/flow/import/check-import.ts';
import { foreignMappingSchema } from '@interpulse/domain/flow/import/foreign-mapping.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Context } from '../context.ts';
import { importFlows } from './import-flows.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-import-'));
const examples = fileURLToPath(new URL('../../../../../shared/data/flows/', import.meta.url));
const skip = existsSync(examples) ? false : '../shared/data/flows is not here';

interface Found {
  file: string;
  flow: string;
  imports: boolean;
  version: number | null;
  faults: { loc: (string | number)[]; msg: string; type: string }[];
  needs: { kind: string; id: string }[];
}

/** Checks as a hub does, with a mapping that names nothing, and notes what is saved. */
const saved: Record<string, JsonObject> = {};
const hub = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(parts).toString()) as JsonObject;
    const { definition, inputSchema } = body;
    const mapping = foreignMappingSchema.parse({});
    const name = request.url?.split('/').at(-1) ?? '';
    if (request.method === 'PUT') saved[name] = body;
    const answer =
      request.method === 'PUT'
        ? { name, version: 1 }
        : checkImport(definition, inputSchema as JsonObject, mapping);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
});

let found: Found[] = [];
let printed = '';
let context: Context;
before(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const print = (value: unknown, text: () => string) => {
    found = (value as { files: Found[] }).files;
    printed = text();
  };
  const out = { isJson: false, isTerminal: false, document: print, item: print, note: () => {} };
  context = {
    connection: { baseUrl, token: 'secret' } as unknown as Context['connection'],
    client: createClient({ baseUrl, token: 'secret' }),
    out,
    nowAt: '2026-11-21T12:00:00.000Z',
  };
});
beforeEach(() => {
  process.exitCode = 0;
  for (const name of Object.keys(saved)) delete saved[name];
});
after(() => {
  hub.close();
  rmSync(folder, { recursive: true });
  process.exitCode = 0;
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const yaml = `
definition:
  Comment: null
  StartAt: Wait
  States:
    Wait: {Type: Wait, Seconds: 1, End: true}
input_schema: {type: object, properties: {a: {type: string}}}
title: Only waits
`;

test('--check looks at every example of Globus and saves nothing', { skip }, async () => {
  const names = readdirSync(examples).filter((name) => name.endsWith('.definition.json'));
  await importFlows(context, { files: names.map((name) => join(examples, name)), check: true });
  assert.equal(found.length, names.length);
  assert.deepEqual(
    found.filter(({ imports }) => !imports),
    [],
  );
  assert.ok(!printed.includes('does not import'));
  assert.notEqual(process.exitCode, 1);
  assert.deepEqual(saved, {});
});

test('YAML with a wrapper, and a bare definition with the schema beside it', async () => {
  const bare = { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } };
  const files = [
    write('Only Waits.yaml', yaml),
    write('bare.definition.json', JSON.stringify(bare)),
  ];
  write('bare.input-schema.json', JSON.stringify({ type: 'object' }));
  await importFlows(context, { files, project: 'demo' });
  assert.equal(process.exitCode, 0, printed);
  assert.deepEqual(Object.keys(saved), ['only-waits', 'bare']);
  assert.equal(saved['only-waits']?.['title'], 'Only waits');
  assert.deepEqual(saved['bare'], {
    title: '',
    description: '',
    definition: bare,
    inputSchema: { type: 'object' },
    project: 'demo',
  });
  assert.match(printed, /imports as flow bare; saved as version 1/);
});

test('all faults of all files at once, and then nothing is saved', async () => {
  const files = [
    write('good.yaml', yaml),
    write('torn.json', '{"StartAt": '),
    write('torn.yaml', 'a: [1'),
    write('bad.json', JSON.stringify({ StartAt: 'B', States: { A: { Type: 'Task' } } })),
    join(folder, 'none.json'),
    write('list.yaml', '[1, 2]'),
  ];
  await assert.rejects(importFlows(context, { files }), /two files give a flow torn/);
  files.splice(2, 1);
  await importFlows(context, { files });
  assert.deepEqual(
    found.map(({ faults }) => faults.map(({ loc, type }) => `${loc.join('.')} ${type}`)),
    [
      [],
      [' syntax'],
      ['definition.States.A.Type state_type'],
      [' unreadable'],
      ['definition invalid_type'],
    ],
  );
  assert.deepEqual(saved, {});
  assert.equal(process.exitCode, 1);
});
