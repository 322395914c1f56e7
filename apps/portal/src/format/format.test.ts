import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAge, formatCountdown, formatDuration, formatSpan } from './duration.ts';
import { formatBytes, formatCount, formatMeasured } from './quantity.ts';

test('durations read as people say them', () => {
  assert.equal(formatDuration(0.423), '0.42 s');
  assert.equal(formatDuration(0.0253), '25 ms');
  assert.equal(formatSpan(0.0012), '1.2 ms');
  assert.equal(formatDuration(12.34), '12.3 s');
  assert.equal(formatDuration(59.97), '1 min 00 s');
  assert.equal(formatDuration(245), '4 min 05 s');
  assert.equal(formatDuration(3599.9), '1 h 00 min');
  assert.equal(formatDuration(30 * 3600), '1 d 6 h');
  assert.equal(formatDuration(-3), '−3.0 s');
  assert.equal(formatSpan(28_800), '8 h');
  assert.equal(formatSpan(600), '10 min');
  assert.equal(formatSpan(20), '20 s');
  assert.equal(formatSpan(2.5), '2.5 s');
});

test('a count-down ends at zero and never shows less', () => {
  assert.equal(formatCountdown(0.2), '0:01');
  assert.equal(formatCountdown(-4), '0:00');
  assert.equal(formatCountdown(3723), '1:02:03');
});

test('no duration shows 60 seconds or 60 minutes', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
      assert.doesNotMatch(formatDuration(seconds), /\b60(\.0)? (s|min)/);
      assert.doesNotMatch(formatAge(seconds), /\b60 /);
    }),
  );
});

test('bytes have decimal units and never four digits before the point', () => {
  assert.equal(formatBytes(812), '812 B');
  assert.equal(formatBytes(999_600), '1.0 MB');
  assert.equal(formatBytes(2_400_000), '2.4 MB');
  assert.equal(formatBytes(512e9), '512 GB');
  assert.equal(formatCount(1_234_567), '1\u202f234\u202f567');
});

test('a measured value is rounded to two digits of its error', () => {
  assert.equal(formatMeasured(3.85987, 0.032), '3.860 ± 0.032');
  assert.equal(formatMeasured(1234.5, 12), '1235 ± 12');
  assert.equal(formatMeasured(185_348.4, 3874.2), '185300 ± 3900');
  assert.equal(formatMeasured(0.18), '0.1800');
  assert.equal(formatMeasured(42), '42');
  assert.equal(formatMeasured(-0.5, 0.1), '−0.50 ± 0.10');
  assert.equal(formatMeasured(3.1e-7, 2e-8), '(3.10 ± 0.20) × 10⁻⁷');
  assert.equal(formatMeasured(Number.NaN), '–');
});
