import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffLines } from './diff-lines.ts';
import { createFaultLocator } from './locate-fault.ts';

const yaml = `title: A
definition:
  StartAt: Copy
  States:
    Copy:
      Type: Dance
    Other: {Type: Pass, Next: Gone}
`;

test('a fault stands at its key, in YAML and in JSON', () => {
  const locator = createFaultLocator(yaml);
  const at = (...loc: string[]) => {
    const { line, column } = locator.placeOf(loc);
    return `${line}:${column}`;
  };
  assert.equal(at('definition', 'States', 'Copy', 'Type'), '6:7');
  assert.equal(at('definition', 'States', 'Other', 'Next'), '7:25');
  const json = createFaultLocator('{\n  "States": {\n    "A": {"Next": 1}\n  }\n}');
  assert.deepEqual(json.placeOf(['States', 'A', 'Next']), { line: 3, column: 11 });
});

test('what is not there is said of the nearest thing around it', () => {
  const locator = createFaultLocator(yaml);
  const { line } = locator.placeOf(['definition', 'States', 'Copy', 'Next']);
  assert.equal(line, 5);
  assert.deepEqual(createFaultLocator('').placeOf(['a']), { line: 1, column: 1 });
});

test('changed lines are shown with some around them', () => {
  const before = Array.from({ length: 20 }, (_, n) => `line ${n}`);
  const after = before.with(12, 'another').toSpliced(3, 1);
  const lines = diffLines(before, after);
  assert.deepEqual(
    lines.filter((line) => !line.startsWith(' ')),
    ['-line 3', '@@', '-line 12', '+another'],
  );
  assert.ok(lines.includes(' line 2') && !lines.includes(' line 19'));
  assert.deepEqual(diffLines(before, before), []);
});
