import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import type { MoveItem, MovePlan, MoveProgress, Mover } from '@interpulse/adapters/mover/mover.ts';

/** Two empty collections that vanish with the test. */
export interface CollectionPair {
  source: string;
  destination: string;
}

/** Makes a pair of collections. */
export async function makeCollections(t: TestContext): Promise<CollectionPair> {
  const root = await fs.mkdtemp(join(tmpdir(), 'interpulse-mover-'));
  t.after(() => fs.rm(root, { recursive: true, force: true }));
  const pair = { source: join(root, 'source'), destination: join(root, 'destination') };
  await fs.mkdir(pair.source);
  await fs.mkdir(pair.destination);
  return pair;
}

/** A plan that moves each path under its own name, durable or not as the default has it. */
export function planOf(paths: string[], more: Partial<MovePlan> = {}): MovePlan {
  const items: MoveItem[] = paths.map((path) => ({
    sourcePath: path,
    destinationPath: path,
    recursive: true,
  }));
  return { transferId: 'transfer_test', items, skipUnchanged: false, durable: true, ...more };
}

async function write(root: string, path: string, content: Uint8Array | string): Promise<void> {
  await fs.mkdir(dirname(join(root, path)), { recursive: true });
  await fs.writeFile(join(root, path), content);
}

async function sameContent(pair: CollectionPair, path: string): Promise<void> {
  const [a, b] = await Promise.all(
    [pair.source, pair.destination].map((root) => fs.readFile(join(root, path))),
  );
  assert.ok(a !== undefined && b !== undefined && a.equals(b), `${path} differs`);
}

async function allNames(root: string): Promise<string[]> {
  return (await fs.readdir(root, { recursive: true })).sort();
}

/** What every mover promises; `mover` moves between two folders of this host. */
export function moverContract(name: string, mover: Mover): void {
  void describe(`${name} mover`, () => {
    contentTests(mover);
    refusalTests(mover);
    courseTests(mover);
  });
}

function contentTests(mover: Mover): void {
  test('moves files of every size with their content, time and permissions', async (t) => {
    const pair = await makeCollections(t);
    const sizes = [0, 1, 1000, 65_536, 65_537, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 9_300_001];
    const paths = sizes.map((size) => `of ${size} bytes ü`);
    for (const [at, path] of paths.entries()) {
      await write(pair.source, path, randomBytes(sizes[at] ?? 0));
      await fs.chmod(join(pair.source, path), 0o750);
      await fs.utimes(join(pair.source, path), 1_600_000_000, 1_600_000_000.5);
    }
    const summary = await mover.move(pair.source, pair.destination, planOf(paths), {});
    assert.deepEqual(
      new Map(summary.files.map(({ path, sizeBytes, status }) => [path, `${status} ${sizeBytes}`])),
      new Map(paths.map((path, at) => [path, `copied ${sizes[at]}`])),
    );
    assert.ok(summary.files.every(({ xxh3 }) => /^[0-9a-f]{16}$/v.test(xxh3)));
    // Of no bytes at all, as `xxhsum -H3` prints it.
    assert.equal(summary.files.find((f) => f.sizeBytes === 0)?.xxh3, '2d06800538d394c2');
    assert.equal(
      summary.sizeBytes,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    for (const path of paths) {
      await sameContent(pair, path);
      const stats = await fs.stat(join(pair.destination, path));
      assert.equal(stats.mtimeMs, 1_600_000_000_500);
      assert.equal(stats.mode & 0o700, 0o700);
    }
    assert.deepEqual(await allNames(pair.destination), [...paths].sort(), 'no parts are left');
  });

  test('moves folders with empty folders in them, and lists links as skipped', async (t) => {
    const pair = await makeCollections(t);
    await write(pair.source, 'run/a/one.dat', 'one');
    await write(pair.source, 'run/two.dat', 'two');
    await fs.mkdir(join(pair.source, 'run/a/empty'));
    await fs.symlink('two.dat', join(pair.source, 'run/link'));
    const summary = await mover.move(pair.source, pair.destination, planOf(['run']), {});
    const names = ['run', 'run/a', 'run/a/empty', 'run/a/one.dat', 'run/two.dat'];
    assert.deepEqual(await allNames(pair.destination), names);
    assert.equal(summary.folderCount, 3);
    assert.deepEqual(
      summary.files.map(({ path, status }) => [path, status]),
      [
        ['run/a/one.dat', 'copied'],
        ['run/link', 'skipped'],
        ['run/two.dat', 'copied'],
      ],
    );
    assert.match(summary.files[1]?.reason ?? '', /links are not followed/v);
  });

  test('puts files under other names, and into folders named with a slash', async (t) => {
    const pair = await makeCollections(t);
    await write(pair.source, 'a.dat', 'a');
    const items = [
      { sourcePath: 'a.dat', destinationPath: 'x/b.dat', recursive: false },
      { sourcePath: 'a.dat', destinationPath: 'x/y/', recursive: false },
      { sourcePath: 'a.dat', destinationPath: '', recursive: false },
    ];
    await mover.move(pair.source, pair.destination, planOf([], { items }), {});
    const names = ['a.dat', 'x', 'x/b.dat', 'x/y', 'x/y/a.dat'];
    assert.deepEqual(await allNames(pair.destination), names);
  });

  test('moves thousands of small files', async (t) => {
    const pair = await makeCollections(t);
    const count = 1000;
    await fs.mkdir(join(pair.source, 'many'));
    for (let at = 0; at < count; at += 1) {
      await fs.writeFile(join(pair.source, `many/${at}`), `content of ${at}`);
    }
    const plan = planOf(['many'], { durable: false });
    const summary = await mover.move(pair.source, pair.destination, plan, {});
    assert.equal(summary.files.filter(({ status }) => status === 'copied').length, count);
    for (let at = 0; at < count; at += 97) await sameContent(pair, `many/${at}`);
    assert.equal((await fs.readdir(join(pair.destination, 'many'))).length, count);
  });

  test('replaces what is there, and leaves unchanged files alone when asked', async (t) => {
    const pair = await makeCollections(t);
    const paths = ['changed', 'same', 'touched'];
    for (const path of paths) await write(pair.source, path, randomBytes(2_500_000));
    const plan = planOf(paths, { skipUnchanged: true });
    await mover.move(pair.source, pair.destination, plan, {});
    const { mtime } = await fs.stat(join(pair.source, 'changed'));
    await write(pair.source, 'changed', randomBytes(2_500_000));
    // The same size and time, so that only the digest can tell.
    await fs.utimes(join(pair.source, 'changed'), mtime, mtime);
    await fs.utimes(join(pair.source, 'touched'), 1, 1);
    const inode = (await fs.stat(join(pair.destination, 'same'))).ino;
    const summary = await mover.move(pair.source, pair.destination, plan, {});
    assert.deepEqual(
      summary.files.map(({ path, status }) => [path, status]),
      [
        ['changed', 'copied'],
        ['same', 'unchanged'],
        ['touched', 'copied'],
      ],
    );
    assert.equal((await fs.stat(join(pair.destination, 'same'))).ino, inode);
    for (const path of paths) await sameContent(pair, path);
  });
}

function refusalTests(mover: Mover): void {
  test('names what cannot be moved and why, and moves the rest', async (t) => {
    const pair = await makeCollections(t);
    await write(pair.source, 'good', 'good');
    await write(pair.source, 'to a folder', 'x');
    await write(pair.source, 'through a file', 'x');
    await write(pair.source, 'long', 'x');
    await write(pair.source, 'folder/x', 'x');
    await write(dirname(pair.source), 'outside', 'secret');
    await fs.symlink('../outside', join(pair.source, 'link out'));
    await fs.symlink('..', join(pair.source, 'folder out'));
    await fs.symlink('..', join(pair.destination, 'folder out'));
    await fs.mkdir(join(pair.destination, 'a folder'));
    await write(pair.destination, 'a file', 'x');
    const cases: [source: string, destination: string, fate: string][] = [
      ['good', 'good', 'copied'],
      ['missing', 'missing', 'notFound'],
      ['../outside', 'a', 'invalid'],
      [join(dirname(pair.source), 'outside'), 'b', 'invalid'],
      ['folder out/outside', 'c', 'invalid'],
      ['link out', 'd', 'skipped'],
      ['good', '../e', 'invalid'],
      ['good', '/f', 'invalid'],
      ['good', 'folder out/g', 'invalid'],
      ['good', 'folder out/new/g', 'invalid'],
      ['to a folder', 'a folder', 'conflict'],
      ['through a file', 'a file/h', 'conflict'],
      ['long', 'l'.repeat(256), 'invalid'],
      ['folder', 'folder', 'invalid'],
      ['good', 'good\0', 'invalid'],
    ];
    for (const [sourcePath, destinationPath, fate] of cases) {
      const items = [{ sourcePath, destinationPath, recursive: false }];
      items.push({ sourcePath: 'good', destinationPath: 'also good', recursive: false });
      const plan = planOf([], { items });
      const summary = await mover.move(pair.source, pair.destination, plan, {});
      const file = summary.files.find(({ path }) => path !== 'also good');
      const said = `${sourcePath} to ${destinationPath}: ${JSON.stringify(summary.files)}`;
      assert.equal(file?.errorKind ?? file?.status, fate, said);
      if (fate !== 'copied') assert.ok((file?.reason ?? '') !== '', said);
      await sameContent(pair, 'good').catch(() => assert.ok(fate !== 'copied', said));
      await fs.rm(join(pair.destination, 'also good'));
    }
    const around = await fs.readdir(dirname(pair.source));
    assert.deepEqual(around.sort(), ['destination', 'outside', 'source']);
  });

  test('takes names as long as the file system allows', async (t) => {
    const pair = await makeCollections(t);
    await write(pair.source, 'n'.repeat(255), 'x');
    const plan = planOf(['n'.repeat(255)]);
    const summary = await mover.move(pair.source, pair.destination, plan, {});
    assert.equal(summary.files[0]?.status, 'copied', summary.files[0]?.reason);
    await sameContent(pair, 'n'.repeat(255));
  });

  test('refuses the second of two files with one name', async (t) => {
    const pair = await makeCollections(t);
    await write(pair.source, 'a', 'a');
    await write(pair.source, 'b', 'b');
    const items = ['a', 'b'].map((sourcePath) => {
      return { sourcePath, destinationPath: 'c', recursive: false };
    });
    const plan = planOf([], { items });
    const summary = await mover.move(pair.source, pair.destination, plan, {});
    assert.deepEqual(summary.files.map((f) => f.errorKind ?? f.status).sort(), [
      'conflict',
      'copied',
    ]);
  });

  test('fails a file that grows while it is read', async (t) => {
    const pair = await makeCollections(t);
    await write(pair.source, 'growing', randomBytes(40_000_000));
    await write(pair.source, 'quiet', 'quiet');
    const writer = createWriteStream(join(pair.source, 'growing'), { flags: 'a' });
    t.after(() => writer.destroy());
    let isDone = false;
    const grow = (): void => {
      if (isDone) writer.end();
      else writer.write('more', () => setImmediate(grow));
    };
    grow();
    const plan = planOf(['growing', 'quiet']);
    const summary = await mover.move(pair.source, pair.destination, plan, {});
    isDone = true;
    await finished(writer);
    const [growing, quiet] = summary.files;
    assert.equal(growing?.errorKind, 'conflict', JSON.stringify(growing));
    assert.match(growing?.reason ?? '', /changed while/v);
    assert.equal(quiet?.status, 'copied');
    assert.deepEqual(await allNames(pair.destination), ['quiet']);
  });

  test('rejects as a whole when a root is not there', async (t) => {
    const pair = await makeCollections(t);
    const plan = planOf(['a']);
    await assert.rejects(
      mover.move(pair.source, join(pair.destination, 'none'), plan, {}),
      (error) => error instanceof DomainError && error.kind === 'unavailable',
    );
  });
}

function courseTests(mover: Mover): void {
  test('tells its progress, the end included', async (t) => {
    const pair = await makeCollections(t);
    await write(pair.source, 'a', randomBytes(5_000_000));
    await write(pair.source, 'b', 'b');
    const said: MoveProgress[] = [];
    const onProgress = (progress: MoveProgress): void => void said.push(progress);
    await mover.move(pair.source, pair.destination, planOf(['a', 'b']), { onProgress });
    const last = said.at(-1);
    assert.equal(last?.bytesDone, 5_000_001);
    assert.equal(last.bytesTotal, 5_000_001);
    assert.equal(last.filesDone, 2);
    assert.equal(last.filesTotal, 2);
    assert.ok(last.bytesPerSecond > 0);
  });

  test('stops when told to, and shows nothing that is not whole', async (t) => {
    const pair = await makeCollections(t);
    await write(pair.source, 'big', randomBytes(60_000_000));
    const stop = new AbortController();
    const onProgress = ({ bytesDone }: MoveProgress): void => {
      if (bytesDone > 0) stop.abort(new Error('enough'));
    };
    const watch = { onProgress, signal: stop.signal };
    await assert.rejects(
      mover.move(pair.source, pair.destination, planOf(['big']), watch),
      (error) => error instanceof DomainError && error.kind === 'conflict',
    );
    const names = await allNames(pair.destination);
    assert.ok(!names.includes('big'));
    assert.ok(names.every((name) => name.endsWith('.transfer_test.part')));
  });

  test('does nothing at all when it is canceled before it starts', async (t) => {
    const pair = await makeCollections(t);
    await write(pair.source, 'a', 'a');
    const watch = { signal: AbortSignal.abort() };
    await assert.rejects(mover.move(pair.source, pair.destination, planOf(['a']), watch));
    assert.deepEqual(await allNames(pair.destination), []);
  });
}
