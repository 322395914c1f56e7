import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { takeApart } from './take-apart.ts';

describe('words that are taken together', () => {
  /** Takes words but those that `refuse`; answers what was taken, and how often it was tried. */
  const taking = async (words: readonly number[], refuse: (word: number) => Error | null) => {
    const taken: number[] = [];
    let tries = 0;
    const failure: unknown = await takeApart(words, async (some) => {
      tries += 1;
      const error = some.map(refuse).find((each) => each !== null);
      if (error) throw error;
      taken.push(...some);
    }).then(
      () => null,
      (error: unknown) => error,
    );
    return { taken, tries, failure };
  };
  const words = Array.from({ length: 64 }, (_, n) => n);

  test('are taken at once', async () => {
    const { taken, tries, failure } = await taking(words, () => null);
    assert.deepEqual([taken, tries, failure], [words, 1, null]);
  });

  test('are all taken but the one that cannot be', async () => {
    const bad = new TypeError('not this one');
    const { taken, tries, failure } = await taking(words, (word) => (word === 37 ? bad : null));
    assert.deepEqual(taken, words.toSpliced(37, 1));
    assert.equal(failure, bad);
    assert.equal(tries, 13);
  });

  test('are not tried again when the database is away', async () => {
    const away = new DomainError('unavailable', 'it is away');
    const { taken, tries, failure } = await taking(words, () => away);
    assert.deepEqual([taken, tries, failure], [[], 1, away]);
  });
});
