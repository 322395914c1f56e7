import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { idPrefixes, idSchema, makeId } from './id.ts';
import { addSeconds, instantSchema, secondsBetween } from './time.ts';

const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
const milliseconds = fc.nat({ max: 2 ** 47 });

test('ids of one prefix sort by their time, then by chance', () => {
  fc.assert(
    fc.property(milliseconds, milliseconds, random, random, (first, second, one, two) => {
      fc.pre(first !== second);
      const [a, b] = [makeId('job', first, one), makeId('job', second, two)];
      assert.equal(a < b, first < second);
    }),
  );
});

test('every id fits its schema and no other', () => {
  fc.assert(
    fc.property(fc.constantFrom(...idPrefixes), milliseconds, random, (prefix, ms, bytes) => {
      const id = makeId(prefix, ms, bytes);
      for (const other of idPrefixes) {
        assert.equal(idSchema(other).safeParse(id).success, other === prefix, id);
      }
    }),
  );
  for (const wrong of ['job_', 'job_1', `job_${'u'.repeat(26)}`, `JOB_${'0'.repeat(26)}`]) {
    assert.equal(idSchema('job').safeParse(wrong).success, false, wrong);
  }
  assert.throws(() => makeId('job', 0, new Uint8Array(9)), RangeError);
});

test('an id is 48 bits of time and 80 of chance, five in each letter', () => {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz';
  fc.assert(
    fc.property(milliseconds, random, (ms, bytes) => {
      const text = makeId('job', ms, bytes).slice('job_'.length);
      const bits = [...text].reduce((sum, it) => sum * 32n + BigInt(digits.indexOf(it)), 0n);
      const chance = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
      assert.equal(bits, (BigInt(ms) << 80n) + chance);
    }),
  );
});

test('different chance makes different ids', () => {
  fc.assert(
    fc.property(random, random, (one, two) => {
      const same = Buffer.from(one).equals(Buffer.from(two));
      assert.equal(makeId('job', 5, one) === makeId('job', 5, two), same);
    }),
  );
});

test('instants are text that sorts, and seconds come back', () => {
  const instant = fc
    .date({ min: new Date(0), max: new Date('2900-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());
  fc.assert(
    fc.property(instant, fc.integer({ min: -1_000_000, max: 1_000_000 }), (at, ms) => {
      fc.pre(Date.parse(at) + ms >= 0);
      const later = addSeconds(at, ms / 1000);
      assert.equal(instantSchema.safeParse(later).success, true);
      assert.equal(secondsBetween(at, later), ms / 1000);
      assert.equal(later < at, ms < 0);
    }),
  );
  for (const wrong of ['2026-11-21', '2026-11-21T12:00:00Z', '2026-11-21T12:00:00.000+01:00']) {
    assert.equal(instantSchema.safeParse(wrong).success, false, wrong);
  }
});
