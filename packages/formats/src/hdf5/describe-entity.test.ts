import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { describeEntity } from './describe-entity.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { openHdf5 } from './open-hdf5.ts';
import { parseSelection } from './parse-selection.ts';
import { readEntityAttributes, readEntityBytes, readEntityJson } from './read-entity-value.ts';
import { writeHdf5 } from './write-hdf5.ts';

const folder = mkdtempSync(join(tmpdir(), 'interpulse-entity-'));
let file: Hdf5File;

before(async () => {
  const path = join(folder, 'tree.nxs');
  await writeHdf5(path, (writer) => {
    writer.group('/entry', { NX_class: 'NXentry', default: 'data' });
    const frames = Uint16Array.from({ length: 24 }, (_, index) => index);
    const options = { shape: [2, 3, 4], gzipLevel: 1, attributes: { units: 'counts' } };
    writer.dataset('/entry/data/data', frames, options);
    writer.dataset('/entry/data/x', Float32Array.of(1.5, Number.NaN, Number.POSITIVE_INFINITY));
    writer.dataset('/entry/words', ['one', 'two', 'three']);
    writer.dataset('/entry/big', BigInt64Array.of(-1n, 2n ** 40n));
    writer.softLink('/entry/dangling', '/nowhere');
  });
  file = await openHdf5(path);
});
after(() => {
  file.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('describing a file to H5Web', () => {
  it('tells the tree one level at a time, in the h5grove protocol', () => {
    const entry = describeEntity(file, '/entry');
    assert.ok(entry.kind === 'group');
    const kinds = Object.fromEntries((entry.children ?? []).map(({ name, kind }) => [name, kind]));
    const expected = { big: 'dataset', dangling: 'soft_link', data: 'group', words: 'dataset' };
    assert.deepEqual(kinds, expected);
    const frames = describeEntity(file, '/entry/data/data');
    assert.ok(frames.kind === 'dataset');
    assert.deepEqual(frames.shape, [2, 3, 4]);
    assert.deepEqual(frames.type, { class: 0, size: 2, order: 0, sign: 0 });
    assert.deepEqual(frames.chunks, [1, 3, 4]);
    assert.equal(frames.filters?.[0]?.id, 1);
    assert.deepEqual(
      frames.attributes.map(({ name }) => name),
      ['units'],
    );
    assert.doesNotThrow(() => JSON.stringify([entry, frames, describeEntity(file, '/')]));
    assert.throws(
      () => describeEntity(file, '/entry/none'),
      (error) => error instanceof DomainError && error.kind === 'notFound',
    );
  });

  it('gives the attributes as plain JSON', () => {
    assert.deepEqual(readEntityAttributes(file, '/entry'), {
      NX_class: 'NXentry',
      default: 'data',
    });
    assert.deepEqual(readEntityAttributes(file, '/entry/data/data'), { units: 'counts' });
  });

  it('gives one frame of many as raw bytes', () => {
    const frame = readEntityBytes(file, '/entry/data/data', '1,:,:', 1 << 20);
    assert.deepEqual(frame.shape, [3, 4]);
    const values = new Uint16Array(frame.bytes.slice().buffer);
    assert.deepEqual([...values], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
    assert.throws(
      () => readEntityBytes(file, '/entry/data/data', undefined, 47),
      (error) => error instanceof DomainError && error.kind === 'exhausted',
    );
  });

  it('gives numbers and words as JSON, with null for what JSON has no number for', () => {
    assert.deepEqual(readEntityJson(file, '/entry/data/x', undefined, 1000), [1.5, null, null]);
    assert.deepEqual(readEntityJson(file, '/entry/words', '1:', 1000), ['two', 'three']);
    assert.equal(readEntityJson(file, '/entry/words', '2', 1000), 'three');
    assert.deepEqual(readEntityJson(file, '/entry/big', '', 1000), [-1, 2 ** 40]);
    assert.equal(readEntityJson(file, '/entry/data/data', '1,0,-1', 1000), 15);
  });
});

describe('a selection', () => {
  it('follows NumPy', () => {
    const selection = parseSelection('-1,::2,1:3', [4, 5, 6]);
    assert.deepEqual(selection.ranges, [
      [3, 4, 1],
      [0, 5, 2],
      [1, 3, 1],
    ]);
    assert.deepEqual(selection.shape, [3, 2]);
  });

  it('is refused when it does not fit', () => {
    for (const text of ['4', '0,0,0,0', 'a', '0:1:0', '1.5', '0:1:2:3']) {
      assert.throws(
        () => parseSelection(text, [4, 5, 6]),
        (error) => error instanceof DomainError && error.kind === 'invalid',
        text,
      );
    }
  });
});
