import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { formatClosingLine, isGreen } from './closing-line.ts';
import { selectFiles, testGroups } from './groups.ts';
import { readOptions } from './read-options.ts';

describe('options', () => {
  test('everything runs when nothing is said', () => {
    const everything = { parts: ['checks', 'unit', 'rooms', 'system'], filters: [] };
    assert.deepEqual(readOptions([]), everything);
  });

  test('parts run in their order, and paths leave out the checks', () => {
    assert.deepEqual(readOptions(['--only=unit,checks']).parts, ['checks', 'unit']);
    const filtered = { parts: ['unit', 'rooms', 'system'], filters: ['packages/api'] };
    assert.deepEqual(readOptions(['./packages/api']), filtered);
  });

  test('an unknown part or option is refused', () => {
    assert.throws(() => readOptions(['--only=unti']), /unknown part "unti"/);
    assert.throws(() => readOptions(['--fast']), /--fast/);
  });
});

describe('groups', () => {
  const paths = [
    'packages/domain/src/a.test.ts',
    'packages/store/src/b.test.ts',
    'apps/hub/src/c.test.ts',
    'tests/sim/d.test.ts',
    'bench/e.test.ts',
    'tools/f.test.ts',
    'tools/f.ts',
  ];

  test('every test file is in exactly one group', () => {
    const selected = testGroups.flatMap((group) => selectFiles(group, paths, []));
    const expected = paths.filter((path) => path.endsWith('.test.ts'));
    assert.deepEqual(selected.toSorted(), expected.toSorted());
  });

  test('filters keep the files whose path contains one of them', () => {
    const selected = testGroups.flatMap((group) => selectFiles(group, paths, ['hub', 'sim/d']));
    assert.deepEqual(selected, ['apps/hub/src/c.test.ts', 'tests/sim/d.test.ts']);
  });
});

describe('the closing line', () => {
  test('names skipped tests only when there are some', () => {
    assert.equal(formatClosingLine({ passed: 3, failed: 0, skipped: 0 }), '3 passed, 0 failed');
    const skipped = formatClosingLine({ passed: 3, failed: 1, skipped: 2 });
    assert.equal(skipped, '3 passed, 1 failed, 2 skipped');
  });

  test('a run in which nothing passed is not green', () => {
    assert.ok(!isGreen({ passed: 0, failed: 0, skipped: 4 }));
    assert.ok(!isGreen({ passed: 9, failed: 1, skipped: 0 }));
    assert.ok(isGreen({ passed: 1, failed: 0, skipped: 4 }));
  });
});
