import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { schemaFaults } from './schema-faults.ts';

const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file') }),
  z.strictObject({ kind: z.literal('run') }),
]);
const schema = z.strictObject({
  source: source.optional(),
  urgency: z.enum(['urgent', 'normal']).optional(),
  mode: z.enum(['a'], 'a is the only mode').optional(),
  name: z.string(),
});

/** What is wrong with a value, each with its place. */
function faultsOf(value: object): string[] {
  const parsed = schema.safeParse(value);
  const faults = parsed.success ? [] : schemaFaults(parsed.error.issues);
  return faults.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`);
}

test('what is missing or unknown is named at its place', () => {
  assert.deepEqual(faultsOf({ nme: 'a' }), [
    'name: this field is required (string)',
    'nme: there is no field nme here',
  ]);
});

test('of a few words that a value may be, all are told, unless the schema says more', () => {
  assert.deepEqual(faultsOf({ name: 'a', source: { kind: 'fil' }, urgency: 'high', mode: 'b' }), [
    'source.kind: write one of file, run',
    'urgency: write one of urgent, normal',
    'mode: a is the only mode',
  ]);
});
