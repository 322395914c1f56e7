import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { Collections } from '../collections/collections.ts';
import { writePiece } from './write-piece.ts';

let folder: string;
let collections: Collections;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ip-write-piece-'));
  collections = new Collections([
    { name: 'open', root: folder, title: '', writable: true },
    { name: 'shut', root: folder, title: '', writable: false },
  ]);
});
after(() => rm(folder, { recursive: true, force: true }));

const write = async (path: string, pieces: string[], writeId = 'abcdefgh', sizeBytes?: number) => {
  const size = sizeBytes ?? pieces.join('').length;
  let offsetBytes = 0;
  for (const piece of pieces) {
    const question = { ask: 'writeFile', location: path, writeId, offsetBytes } as const;
    const bytes = Buffer.from(piece);
    offsetBytes = await writePiece({ ...question, sizeBytes: size }, bytes, collections);
  }
};

const refused = (kind: string, work: Promise<unknown>) =>
  assert.rejects(work, (error) => error instanceof DomainError && error.kind === kind);

test('pieces become a file that appears with the last of them', async () => {
  await write('open:/a/b/new.txt', ['one ', 'two ']);
  await write('open:/a/half.txt', ['one '], 'abcdefgh', 8);
  assert.equal(await readFile(join(folder, 'a/b/new.txt'), 'utf8'), 'one two ');
  assert.deepEqual(await readdir(join(folder, 'a')), ['.half.txt.abcdefgh.part', 'b']);
  await write('open:/at-the-root', ['']);
  assert.equal(await readFile(join(folder, 'at-the-root'), 'utf8'), '');
});

test('the same file again is no fault, another one stays away', async () => {
  await write('open:/twice', ['same']);
  await write('open:/twice', ['sa', 'me'], 'other123');
  await refused('conflict', write('open:/twice', ['diff'], 'third123'));
  assert.equal(await readFile(join(folder, 'twice'), 'utf8'), 'same');
  assert.ok(!(await readdir(folder)).some((name) => name.endsWith('.part')), 'no part is left');
});

test('nothing is written outside, into folders of others, or in the wrong order', async () => {
  await refused('forbidden', write('shut:/x', ['x']));
  await refused('notFound', write('other:/x', ['x']));
  await refused('invalid', write('open:/folder/', ['x']));
  await refused('invalid', write('open:/x', ['too long'], 'abcdefgh', 3));
  await symlink(tmpdir(), join(folder, 'out'));
  await refused('invalid', write('open:/out/x', ['x']));
  await writeFile(join(folder, 'precious'), 'kept');
  await symlink(join(folder, 'precious'), join(folder, '.trap.abcdefgh.part'));
  await refused('invalid', write('open:/trap', ['x']));
  assert.equal(await readFile(join(folder, 'precious'), 'utf8'), 'kept');
  const late = { ask: 'writeFile', location: 'open:/late', writeId: 'abcdefgh' } as const;
  const question = { ...late, offsetBytes: 4, sizeBytes: 8 };
  await refused('notFound', writePiece(question, Buffer.from('late'), collections));
});
