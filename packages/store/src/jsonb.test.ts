import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '@interpulse/domain/error.ts';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import { jsonb } from './jsonb.ts';

function refusalOf(value: unknown): DomainError {
  try {
    jsonb(value);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a jsonb parameter', () => {
  test('names the place of a text that cannot be stored', () => {
    const error = refusalOf({ files: [{ name: 'ok' }, { name: 'run\0.h5' }] });
    assert.equal(error.kind, 'invalid');
    assert.deepEqual(error.faults[0]?.loc, ['files', 1, 'name']);
    assert.match(error.message, /files\/1\/name.*NUL/);
    assert.deepEqual(refusalOf({ ['a\0']: 1 }).faults[0]?.loc, ['a\0']);
    assert.deepEqual(refusalOf(['\ud800']).faults[0]?.loc, [0]);
    assert.deepEqual(refusalOf('\0').faults[0]?.loc, []);
  });

  test('lets through texts that only look like an escape, and whole surrogate pairs', () => {
    assert.equal(jsonb('\\u0000'), '"\\\\u0000"');
    assert.equal(jsonb('😀'), '"😀"');
  });

  test('refuses what has no JSON form', () => {
    assert.equal(refusalOf(undefined).kind, 'invalid');
    assert.equal(refusalOf({ size: 10n }).kind, 'invalid');
    assert.match(refusalOf({ size: Number.NaN }).message, /"size" is NaN/);
  });
});

withDatabases('jsonb', (openFreshDatabase) => {
  test('what is accepted comes back equal; what is refused PostgreSQL refuses too', async () => {
    const database = await openFreshDatabase();
    const values = fc.jsonValue({ stringUnit: 'binary' });
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const text = JSON.stringify(value);
        let parameter: string | undefined;
        try {
          parameter = jsonb(value);
        } catch {
          const stored = database.query('select $1::jsonb as value', [text]);
          await assert.rejects(stored, (error: DomainError) => error.kind === 'invalid');
          return;
        }
        const rows = await database.query<{ value: unknown }>('select $1::jsonb as value', [
          parameter,
        ]);
        assert.deepEqual(rows[0]?.value, JSON.parse(text));
      }),
      { numRuns: 200 },
    );
  });
});
