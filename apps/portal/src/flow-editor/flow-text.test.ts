import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placeAt, rangeOf, readFlowText, translateFlowText, writeFlowText } from './flow-text.ts';

const json = '{\n\t"StartAt": "A",\n\t"States": {"A": {"Type": "Pass", "List": [1, {"x": 2}]}}\n}';
const yaml = 'StartAt: A\nStates:\n  A:\n    Type: Pass\n    List:\n      - 1\n      - x: 2\n';

test('places of a text are found, in both formats', () => {
  for (const [text, format] of [
    [json, 'json'],
    [yaml, 'yaml'],
  ] as const) {
    const read = readFlowText(text, format);
    assert.deepEqual(read.problems, []);
    const words = (at: (string | number)[], wantsValue = false) => {
      const { from, to } = rangeOf(read, at, wantsValue);
      return text.slice(from, to).replaceAll('"', '');
    };
    assert.equal(words(['States', 'A']), 'A');
    assert.equal(words(['States', 'A', 'Type'], true), 'Pass');
    assert.equal(words(['States', 'A', 'List', 0]), '1');
    assert.equal(words(['States', 'A', 'Missing', 'deep']), 'A', 'what is not there: around it');
    const at = placeAt(read, text.indexOf('Pass') + 1)?.at;
    assert.deepEqual(at, ['States', 'A', 'Type']);
    const inner = placeAt(read, text.lastIndexOf('x'));
    assert.deepEqual([inner?.at, inner?.isKey], [['States', 'A', 'List', 1, 'x'], true]);
  }
});

test('parts of YAML may be named, used again, and merged', () => {
  const read = readFlowText('a: &a {x: 1, y: 2}\nc: { <<: *a, y: 3 }\n', 'yaml');
  assert.deepEqual(read.value, { a: { x: 1, y: 2 }, c: { x: 1, y: 3 } });
});

test('what cannot be read says where', () => {
  const cut = readFlowText('{"a": 1,\n "b" 2}', 'json');
  assert.equal(cut.value, undefined);
  assert.equal(cut.problems.length, 1);
  assert.match(cut.problems[0]?.msg ?? '', /^not JSON/);
  const yamlFault = readFlowText('a: [1\nb: 2', 'yaml');
  assert.ok(yamlFault.problems.length > 0);
  const torn = readFlowText('a: &a {x: 1}\nb: *c\n', 'yaml');
  assert.match(torn.problems[0]?.msg ?? '', /^Unresolved alias .*: c$/);
  const own = readFlowText('a: &a\n  b: *a\n', 'yaml');
  assert.equal(own.problems[0]?.msg, 'a part holds itself: *a inside of &a');
  const bomb = `a: &a [x]\n${Array.from({ length: 60 }, () => '- *a').join('\n')}`;
  assert.equal(readFlowText(bomb, 'yaml').value, undefined);
});

test('what is written in one format reads the same in the other', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as unknown;
      for (const format of ['json', 'yaml'] as const) {
        assert.deepEqual(readFlowText(writeFlowText(plain, format), format).value, plain);
      }
    }),
  );
});

test('YAML that was pasted where JSON is expected says so, and stays when that is chosen', () => {
  const [problem] = readFlowText(yaml, 'json').problems;
  assert.match(problem?.msg ?? '', /it reads as YAML, so choose YAML above$/);
  assert.doesNotMatch(readFlowText('{"a": 1,\n "b" 2}', 'json').problems[0]?.msg ?? '', /YAML/);
  assert.doesNotMatch(readFlowText(' {a: 1}', 'json').problems[0]?.msg ?? '', /YAML/);
  assert.equal(translateFlowText(yaml, 'json', 'yaml'), yaml);
  assert.equal(translateFlowText('{"a": [1]}', 'json', 'yaml'), 'a:\n  - 1\n');
  assert.equal(translateFlowText('a: [1', 'yaml', 'json'), 'a: [1');
});
