import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readDocument, readObject } from './read-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-document-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The message with which a file is refused, without the folder. */
function refusal(path: string): string {
  try {
    readObject(path);
    return '';
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
}

test('files are read as JSON or YAML', () => {
  const trigger = { source: { kind: 'webhook' }, input: { 'a.$': '$.b' } };
  assert.deepEqual(readObject(write('a.json', JSON.stringify(trigger))), trigger);
  const yaml = "source: { kind: webhook }\ninput:\n  'a.$': $.b\n";
  assert.deepEqual(readObject(write('a.yaml', yaml)), trigger);
  assert.deepEqual(readDocument(write('b.yaml', '- 1\n')), [1]);
});

test('files are read as programs of Windows write them', () => {
  const text = '\ufeff{"title":"Größe"}';
  const wide = Buffer.from(text, 'utf16le');
  const written = [Buffer.from(text), wide, Buffer.from(wide).swap16()];
  for (const bytes of written) {
    assert.deepEqual(readObject(write('w.json', bytes)), { title: 'Größe' });
    assert.deepEqual(readObject(write('w.yaml', bytes)), { title: 'Größe' });
  }
});

test('parts of YAML may be named, used again, and merged', () => {
  const yaml = 'a: &a { x: 1, y: 2 }\nb: *a\nc:\n  <<: *a\n  y: 3\n';
  assert.deepEqual(readObject(write('f.yaml', yaml)), {
    a: { x: 1, y: 2 },
    b: { x: 1, y: 2 },
    c: { x: 1, y: 3 },
  });
});

test('a part that is not there, or holds itself, is refused where it is used', () => {
  assert.equal(
    refusal(write('g.yaml', 'a: &a 1\nb:\n  - *c\n')),
    'g.yaml:3:5: not YAML: there is no &c before this *c',
  );
  assert.equal(
    refusal(write('h.yaml', 'a: &a\n  b: *a\n')),
    'h.yaml:2:6: not YAML: &a holds itself here',
  );
  const bomb = `a: &a [1]\nb:\n${'  - *a\n'.repeat(200)}`;
  assert.match(refusal(write('i.yaml', bomb)), /^i\.yaml:1:1: not YAML: Excessive alias count/);
});

test('what is no JSON or YAML is refused with its line and column', () => {
  assert.match(refusal(write('c.json', '{"a":1,\n')), /^c\.json:2:1: not JSON: Expected [^(]*$/);
  assert.match(refusal(write('d.json', '')), /^d\.json:1:1: not JSON: Unexpected end[^(]*$/);
  assert.equal(
    refusal(write('e.yaml', 'a:\n  b: 1\n c: 2\n')),
    'e.yaml:3:1: not YAML: All mapping items must start at the same column',
  );
});

test('a file that is not there, is a folder or holds a list is refused by its name', () => {
  assert.equal(refusal(join(folder, 'none.json')), 'there is no file none.json');
  assert.match(refusal(folder), /is a folder; name a file in it$/);
  assert.match(refusal(write('b.yaml', '- 1\n')), /^b\.yaml does not hold an object/);
});
