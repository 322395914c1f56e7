import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import { deadlineFacts } from './deadline-facts.ts';
import { functions } from './expression/functions.ts';
import { methods } from './expression/methods.ts';
import { flowLimits } from './flow-limits.ts';
import { errorNames } from './state-error.ts';
import { stateKinds } from './states/state-kinds.ts';

const text = readFileSync(new URL('../../../../docs/flow-language.md', import.meta.url), 'utf8');

/** Rows of the table below a head: the names in their first cells, and their second cells. */
function tableOf(section: string, head: string): { names: string[]; second: string }[] {
  const [, table = ''] = section.split(`\n| ${head} `);
  const [rows = ''] = table.split('\n\n');
  return [...rows.matchAll(/^\| (`[^|]*)\|([^|]*)\|/gm)].map(([, first = '', second = '']) => {
    const names = [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    return { names, second: second.trim() };
  });
}

function namesIn(head: string): string[] {
  return tableOf(text, head).flatMap(({ names }) => names);
}

for (const [type, kind] of Object.entries(stateKinds)) {
  test(`docs/flow-language.md has the fields of ${type}`, () => {
    const [, after = ''] = text.split(`\n### ${type}\n`);
    const [section = ''] = after.split(/\n##+ /);
    const table = tableOf(section, 'field');
    const schema = z.toJSONSchema(kind.schema, { io: 'input', unrepresentable: 'any' });
    const fields = Object.keys(schema.properties ?? {});
    const needed = table.filter(({ second }) => second === 'yes').flatMap(({ names }) => names);
    assert.deepEqual(table.flatMap(({ names }) => names).toSorted(), fields.toSorted());
    assert.deepEqual(needed.toSorted(), (schema.required ?? []).toSorted());
  });
}

test('docs/flow-language.md has functions, methods, errors, context and limits', () => {
  assert.deepEqual(namesIn('function').toSorted(), Object.keys(functions).toSorted());
  assert.deepEqual(namesIn('method').toSorted(), Object.keys(methods).toSorted());
  assert.deepEqual(namesIn('error').toSorted(), Object.values(errorNames).toSorted());
  const [, context = ''] = text.split('\n## Context\n');
  const told = tableOf(context, 'name').flatMap(({ names }) => names);
  for (const name of Object.keys(deadlineFacts(null, null, '2026-11-21T12:00:00.000Z'))) {
    assert.ok(told.includes(`deadline.${name}`), name);
  }
  const [, limits = ''] = text.split('\n## Limits\n');
  const rows = tableOf(limits, 'name');
  assert.ok(rows.length >= 10);
  for (const { names, second } of rows) {
    const name = names[0] as keyof typeof flowLimits;
    assert.equal(Number(second), flowLimits[name], name);
  }
});
