import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import { actionDetailsSchemas, actionInputSchemas } from './action-inputs.ts';

const text = readFileSync(new URL('../../../../docs/flow-actions.md', import.meta.url), 'utf8');

/** Names in the first column of a section's table; those that are needed are marked. */
function tableOf(name: string, column: 'input' | 'detail'): { all: string[]; needed: string[] } {
  const [, section = ''] = text.split(`\n## interpulse:${name}\n`);
  const [, table = ''] = (section.split('\n## ')[0] ?? '').split(`\n| ${column} `);
  const [rows = ''] = table.split('\n\n');
  const found = [...rows.matchAll(/^\| `(\w+)` *\|([^|]*)\|/gm)];
  const all = found.map(([, field = '']) => field);
  return {
    all,
    needed: found.flatMap(([, field = '', mark]) => (mark?.trim() === 'yes' ? [field] : [])),
  };
}

/** Fields of a schema of an object, or of several that are told apart. */
function fieldsOf(schema: z.ZodType, io: 'input' | 'output'): { all: string[]; needed: string[] } {
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const forms = json.oneOf ?? json.anyOf ?? [json];
  const objects = forms.map((form) => form as z.core.JSONSchema.ObjectSchema);
  const all = new Set(objects.flatMap(({ properties = {} }) => Object.keys(properties)));
  const needed = [...all].filter((field) =>
    objects.every(({ required = [] }) => required.includes(field)),
  );
  return { all: [...all], needed };
}

for (const [name, schema] of Object.entries(actionInputSchemas)) {
  test(`docs/flow-actions.md has what interpulse:${name} takes and leaves`, () => {
    const input = tableOf(name, 'input');
    const fields = fieldsOf(schema, 'input');
    assert.deepEqual(input.all.toSorted(), fields.all.toSorted());
    assert.deepEqual(input.needed.toSorted(), fields.needed.toSorted());
    const details = fieldsOf(
      actionDetailsSchemas[name as keyof typeof actionDetailsSchemas],
      'output',
    );
    assert.deepEqual(tableOf(name, 'detail').all.toSorted(), details.all.toSorted());
    assert.ok(text.includes(`| [\`${name}\`](#interpulse${name}) `), 'it is in the first table');
  });
}
