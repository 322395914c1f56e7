import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { actionInputJsonSchemas, definitionJsonSchema } from './definition-json-schema.ts';

const flowsFolder = join(import.meta.dirname, '..', '..', '..', '..', 'flows');

function compile(schema: object) {
  return new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
}

test('the JSON Schema of the language takes the shipped flows and refuses what is none', () => {
  const fits = compile(definitionJsonSchema());
  const files = globSync('*.flow.json', { cwd: flowsFolder });
  assert.ok(files.length > 0);
  for (const file of files) {
    const text = readFileSync(join(flowsFolder, file), 'utf8');
    const { definition } = JSON.parse(text) as { definition: unknown };
    assert.ok(fits(definition), `${file}: ${JSON.stringify(fits.errors)}`);
  }
  assert.ok(!fits({ StartAt: 'A', States: { A: { Type: 'Pas' } } }));
  assert.ok(!fits({ StartAt: 'A', States: { A: { Type: 'Pass', Nxt: 'B' } } }));
});

test('every built-in action has a JSON Schema of its input', () => {
  const schemas = actionInputJsonSchemas();
  assert.ok(Object.keys(schemas).length >= 3);
  const fits = compile(schemas['transfer'] ?? {});
  assert.ok(
    fits({ items: [{ source: 'a:/x', destination: 'b:/x' }] }),
    JSON.stringify(fits.errors),
  );
  assert.ok(!fits({ items: [] }));
});
