import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '@interpulse/domain/error.ts';
import { checkExtent } from './check-extent.ts';
import type { NumericArray } from './hdf5-dtype.ts';
import { dtypeOfArray } from './hdf5-dtype.ts';
import { loadHdf5 } from './hdf5-library.ts';
import { openHdf5 } from './open-hdf5.ts';
import { writeHdf5 } from './write-hdf5.ts';

let folder = '';
before(() => (folder = mkdtempSync(join(tmpdir(), 'interpulse-hdf5-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

const fails = (kind: string, message: RegExp) => (error: unknown) =>
  error instanceof DomainError && error.kind === kind && message.test(error.message);

const arrays: fc.Arbitrary<NumericArray> = fc.oneof(
  fc.int8Array(),
  fc.uint8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
  fc.float32Array(),
  fc.float64Array(),
);

describe('an HDF5 file', () => {
  it('gives back every numeric dtype exactly, plain and compressed', async () => {
    const path = join(folder, 'round-trip.h5');
    const property = fc.asyncProperty(arrays, fc.boolean(), async (values, isCompressed) => {
      const options = isCompressed ? { chunks: [3], gzipLevel: 4 } : {};
      await writeHdf5(path, (writer) => writer.dataset('/a/b/values', values, options));
      const file = await openHdf5(path);
      const read = file.read('/a/b/values');
      file.close();
      assert.equal(read.dtype, dtypeOfArray(values));
      assert.deepEqual(read.shape, [values.length]);
      assert.deepEqual([...read.values], [...values]);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('reads a slice with steps as the same slice of the whole', async () => {
    const path = join(folder, 'slices.h5');
    const values = Float32Array.from({ length: 4 * 5 * 6 }, (_, index) => index);
    await writeHdf5(path, (writer) =>
      writer.dataset('/cube', values, { shape: [4, 5, 6], chunks: [1, 5, 6], gzipLevel: 1 }),
    );
    const file = await openHdf5(path);
    const part = file.read('/cube', [
      [1, 3],
      [0, 5, 2],
      [4, 6],
    ]);
    assert.deepEqual(part.shape, [2, 3, 2]);
    assert.deepEqual([...part.values], [34, 35, 46, 47, 58, 59, 64, 65, 76, 77, 88, 89]);
    assert.throws(() => file.read('/cube', [[3, 5]]), fails('invalid', /axis 0 has 4 values/));
    file.close();
  });

  it('keeps attributes, strings, scalars and soft links', async () => {
    const path = join(folder, 'words.h5');
    await writeHdf5(path, (writer) => {
      writer.group('/entry', {
        NX_class: 'NXentry',
        numbers: [1, 2],
        real: 0.5,
        words: ['a', 'ü'],
      });
      writer.dataset('/entry/title', 'Größe');
      writer.dataset('/entry/frame_time', 0.25, { attributes: { units: 's' } });
      writer.softLink('/entry/link', '/entry/title');
      writer.softLink('/entry/dangling', '/nowhere');
    });
    const file = await openHdf5(path);
    const attributes = file.attributes('/entry');
    assert.equal(attributes.NX_class, 'NXentry');
    assert.deepEqual(attributes.numbers, new Int32Array([1, 2]));
    assert.equal(attributes.real, 0.5);
    assert.deepEqual(attributes.words, ['a', 'ü']);
    assert.equal(file.scalar('/entry/title'), 'Größe');
    assert.equal(file.scalar('/entry/link'), 'Größe');
    assert.equal(file.scalar('/entry/frame_time'), 0.25);
    assert.equal(file.scalar('/entry/missing'), undefined);
    assert.equal(file.kind('/entry/dangling'), 'softLink');
    assert.throws(() => file.read('/entry/dangling'), fails('notFound', /Cannot resolve/));
    assert.throws(() => file.read('/entry/title'), fails('invalid', /holds string/));
    assert.throws(() => file.read('/entry/none'), fails('notFound', /not a valid path/));
    assert.throws(() => file.read('/entry'), fails('invalid', /is not a dataset/));
    file.close();
  });

  it('writes a large dataset in parts as if it were written at once', async () => {
    const path = join(folder, 'parts.h5');
    await writeHdf5(path, (writer) => {
      const options = {
        shape: [7, 2, 3],
        dtype: 'uint16',
        chunks: [4, 2, 3],
        gzipLevel: 1,
      } as const;
      const parts = writer.datasetInParts('/data', {
        ...options,
        shape: [7, 2, 3],
        chunks: [4, 2, 3],
      });
      for (const [first, count] of [
        [0, 2],
        [2, 4],
        [6, 1],
      ] as const) {
        parts.append(Uint16Array.from({ length: count * 6 }, (_, index) => first * 6 + index));
      }
      assert.throws(() => parts.append(new Uint16Array(6)), fails('invalid', /does not fit/));
    });
    const file = await openHdf5(path);
    assert.deepEqual([...file.read('/data').values], [...Array(42).keys()]);
    assert.deepEqual(file.dataset('/data').shape, [7, 2, 3]);
    file.close();
  });

  it('is told from one that its writer left open or that was cut off', async () => {
    const path = join(folder, 'extent.h5');
    await writeHdf5(path, (writer) => writer.dataset('/data', new Float64Array(1000)));
    await checkExtent(path);
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    await assert.rejects(checkExtent(path), /its superblock says/);
  });

  const isLinux = existsSync('/proc/self/fd');
  const skip = isLinux ? false : 'open files are counted in /proc, which is not here';
  it('is let go when closed, also after questions that had no answer', { skip }, async () => {
    const path = join(folder, 'handles.h5');
    await writeHdf5(path, (writer) => writer.dataset('/data', new Float64Array(5000)));
    const cut = join(folder, 'handles-cut.h5');
    writeFileSync(cut, readFileSync(path).subarray(0, 30_000));
    const count = (): number => readdirSync('/proc/self/fd').length;
    const before = count();
    for (let round = 0; round < 5; round += 1) {
      const file = await openHdf5(path);
      assert.equal(file.kind('/data/below/a/dataset'), undefined);
      assert.equal(file.kind('/none/x'), undefined);
      assert.throws(() => file.read('/none'));
      assert.equal(file.attribute('/data', 'none'), undefined);
      file.close();
      await assert.rejects(openHdf5(cut), fails('invalid', /truncated/));
    }
    assert.equal(count(), before);
  });

  it('appears whole or not at all', async () => {
    const path = join(folder, 'all-or-nothing', 'file.h5');
    const half = writeHdf5(path, (writer) => {
      writer.dataset('/first', new Uint8Array(1000));
      writer.dataset('/second', new Uint8Array(5), { shape: [2, 2] });
    });
    await assert.rejects(half, fails('invalid', /do not fill the shape/));
    assert.deepEqual(readdirSync(join(folder, 'all-or-nothing')), []);
  });

  it('is refused with the reason when missing, something else, or truncated', async () => {
    await assert.rejects(openHdf5(join(folder, 'none.h5')), fails('notFound', /File not found/));
    await assert.rejects(openHdf5(folder), fails('invalid', /not an HDF5 file/));
    const text = join(folder, 'text.h5');
    writeFileSync(text, 'not HDF5 at all');
    await assert.rejects(openHdf5(text), fails('invalid', /not an HDF5 file/));
    const whole = join(folder, 'whole.h5');
    await writeHdf5(whole, (writer) => writer.dataset('/data', new Float64Array(10_000)));
    const cut = join(folder, 'cut.h5');
    writeFileSync(cut, readFileSync(whole).subarray(0, 20_000));
    await assert.rejects(openHdf5(cut), fails('invalid', /truncated/));
  });

  it('reads the filters of detectors, and never gives garbage without one', async () => {
    const library = await loadHdf5();
    const values = Uint16Array.from({ length: 8 * 64 * 64 }, (_, index) => index % 37);
    const filters: Record<string, [number, number[]]> = {
      lzf: [32000, []],
      'bitshuffle-LZ4': [32008, [0, 2]],
      LZ4: [32004, [0]],
      blosc: [32001, [2, 2, 4, 0, 5, 1, 1]],
      zstd: [32015, [3]],
    };
    for (const [name, [id, options]] of Object.entries(filters)) {
      const path = join(folder, `${name}.h5`);
      const written = new library.File(path, 'w');
      const layout = { shape: [8, 64, 64], chunks: [1, 64, 64], compression: id };
      written.create_dataset({ name: 'data', data: values, ...layout, compression_opts: options });
      written.close();
      const file = await openHdf5(path);
      assert.deepEqual(file.read('/data').values, values, name);
      file.close();
    }
    const bytes = readFileSync(join(folder, 'LZ4.h5'));
    const at = bytes.indexOf(Buffer.from([32004 & 255, 32004 >> 8]));
    bytes.writeUInt16LE(31999, at);
    const unknown = join(folder, 'unknown-filter.h5');
    writeFileSync(unknown, bytes);
    const file = await openHdf5(unknown);
    assert.throws(() => file.read('/data'), fails('invalid', /filter that is not installed/));
    file.close();
  });
});
