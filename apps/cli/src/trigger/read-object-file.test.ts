import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readObjectFile } from './read-object-file.ts';

test('a trigger is read from JSON or YAML', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'interpulse-trigger-'));
  try {
    const write = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const trigger = { source: { kind: 'webhook' }, input: { 'a.$': '$.b' } };
    assert.deepEqual(readObjectFile(await write('a.json', JSON.stringify(trigger))), trigger);
    const yaml = "source: { kind: webhook }\ninput:\n  'a.$': $.b\n";
    assert.deepEqual(readObjectFile(await write('a.yaml', yaml)), trigger);
    const list = await write('b.yaml', '- 1\n');
    assert.throws(() => readObjectFile(list), /does not hold an object/);
    assert.throws(() => readObjectFile(join(folder, 'none')), /cannot read .*none/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
