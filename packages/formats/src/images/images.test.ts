import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { encode } from 'fast-png';
import { DomainError } from '@interpulse/domain/error.ts';
import { decodePng } from './decode-png.ts';
import { decodeTiff } from './decode-tiff.ts';
import { listImageFiles } from './list-image-files.ts';
import { openImageStack } from './open-image-stack.ts';
import { encodePng8, writePng8 } from './write-png8.ts';

const folder = mkdtempSync(join(tmpdir(), 'images-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Page {
  width: number;
  height: number;
  bits: number;
  /** 1 unsigned, 2 signed, 3 floating point. */
  format: number;
  channels?: number;
  samples: Uint8Array | Uint16Array | Int16Array | Float32Array;
}

/** A little-endian TIFF, one strip a page, not compressed. */
function tiff(pages: Page[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let offset = 8;
  const directories = pages.map((page, i) => {
    const { samples } = page;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const tags: [number, number][] = [
      [256, page.width],
      [257, page.height],
      [258, page.bits],
      [259, 1],
      [262, page.channels === 3 ? 2 : 1],
      [273, offset],
      [277, page.channels ?? 1],
      [278, page.height],
      [279, bytes.length],
      [339, page.format],
    ];
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    const directory = new DataView(new ArrayBuffer(2 + 12 * tags.length + 4 + 2));
    directory.setUint16(0, tags.length, true);
    for (const [at, [tag, value]] of tags.entries()) {
      directory.setUint16(2 + 12 * at, tag, true);
      directory.setUint16(4 + 12 * at, 4, true);
      directory.setUint32(6 + 12 * at, 1, true);
      directory.setUint32(10 + 12 * at, value, true);
    }
    const start = offset + padded.length;
    const end = start + directory.byteLength;
    directory.setUint32(
      2 + 12 * tags.length,
      i + 1 < pages.length ? end + nextBytes(i + 1) : 0,
      true,
    );
    parts.push(padded, new Uint8Array(directory.buffer));
    offset = end;
    return start;
  });
  function nextBytes(i: number): number {
    return Math.ceil(pages[i]!.samples.byteLength / 4) * 4;
  }
  const head = new DataView(new ArrayBuffer(8));
  head.setUint16(0, 0x4949, true);
  head.setUint16(2, 42, true);
  head.setUint32(4, directories[0]!, true);
  return Buffer.concat([new Uint8Array(head.buffer), ...parts]);
}

function grey16(value: number): Page {
  const samples = Uint16Array.from({ length: 6 }, (_, i) => value + i);
  return { width: 3, height: 2, bits: 16, format: 1, samples };
}

function into(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

function refused(action: () => unknown, message: RegExp): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

test('a folder of 16-bit PNG files is a series in the order of their numbers', () => {
  const path = into('png16');
  for (const number of [10, 9, 100]) {
    const data = Uint16Array.from([number, 40000, 3, 65535, 5, 6]);
    const name = join(path, `frame_${number}.png`);
    writeFileSync(name, encode({ width: 3, height: 2, data, depth: 16, channels: 1 }));
  }
  writeFileSync(join(path, 'notes.txt'), 'not a picture');
  const stack = openImageStack(path);
  const { frames, rows, columns, dtype, layout } = stack;
  assert.deepEqual([frames, rows, columns, dtype, layout], [3, 2, 3, 'uint16', 'images']);
  const values = stack.readFrames(0, 3);
  assert.deepEqual([values[0], values[6], values[12]], [9, 10, 100]);
  assert.deepEqual([...stack.readFrames(1, 1)], [10, 40000, 3, 65535, 5, 6]);
  refused(() => stack.readFrames(2, 2), /frames 2 to 4 of .* it has 3/);
  stack.close();
  refused(() => stack.readFrames(0, 1), /was closed/);
});

test('a TIFF of many pages is a series, whatever its samples are', () => {
  const path = join(folder, 'pages.tif');
  writeFileSync(path, tiff([grey16(0), grey16(1000), grey16(60000)]));
  const stack = openImageStack(path);
  assert.deepEqual([stack.frames, stack.rows, stack.columns, stack.dtype], [3, 2, 3, 'uint16']);
  assert.deepEqual([...stack.readFrames(2, 1)], [60000, 60001, 60002, 60003, 60004, 60005]);
  const shape = { width: 2, height: 1 };
  const signed = { ...shape, bits: 16, format: 2, samples: Int16Array.of(-1, -300) };
  assert.deepEqual([...decodeTiff(tiff([signed]), 0, 'a').data], [-1, -300]);
  const real = { ...shape, bits: 32, format: 3, samples: Float32Array.of(0.5, -2) };
  assert.deepEqual([...decodeTiff(tiff([real]), 0, 'a').data], [0.5, -2]);
});

test('a preview that was written is read again value by value', () => {
  const grey = Uint8Array.from({ length: 35 }, (_, i) => (i * 37) % 256);
  const path = join(folder, 'preview.png');
  writePng8(path, grey, 5, 7);
  const stack = openImageStack(path);
  assert.deepEqual([...stack.readFrames(0, 1)], [...grey]);
  assert.equal(stack.dtype, 'uint8');
  assert.throws(() => encodePng8(grey, 6, 6), /cannot hold 35 values/);
});

test('colour is refused unless it is grey, and alpha is dropped', () => {
  const png = (channels: number, data: number[]): Uint8Array =>
    encode({ width: 2, height: 1, data: Uint8Array.from(data), depth: 8, channels });
  assert.deepEqual([...decodePng(png(3, [5, 5, 5, 9, 9, 9]), 'g.png').data], [5, 9]);
  assert.deepEqual([...decodePng(png(2, [7, 255, 8, 0]), 'a.png').data], [7, 8]);
  refused(() => decodePng(png(3, [5, 5, 5, 9, 8, 9]), 'c.png'), /c\.png: it is a colour picture/);
  const samples = Uint8Array.of(1, 1, 2, 3, 3, 3);
  const rgb = { width: 2, height: 1, bits: 8, format: 1, channels: 3, samples };
  refused(() => decodeTiff(tiff([rgb]), 0, 'c.tif'), /c\.tif: it is a colour picture/);
});

test('a frame of another size or type is named when it is read', () => {
  const path = into('odd');
  writePng8(join(path, 'f1.png'), new Uint8Array(6), 2, 3);
  writePng8(join(path, 'f2.png'), new Uint8Array(6), 3, 2);
  const stack = openImageStack(path);
  refused(() => stack.readFrames(0, 2), /f2\.png: 3 x 2 uint8 where f1\.png is 2 x 3 uint8/);
  const tiffs = into('odd-pages');
  writeFileSync(join(tiffs, '1.tif'), tiff([grey16(0)]));
  writeFileSync(join(tiffs, '2.tif'), tiff([grey16(0), grey16(1)]));
  refused(
    () => openImageStack(tiffs).readFrames(1, 1),
    /2\.tif: it has 2 pages where 1\.tif has 1/,
  );
});

test('what is missing, mixed, cut off or no picture is refused by name', () => {
  refused(() => openImageStack(join(folder, 'nowhere')), /nowhere: there is no such file/);
  const empty = into('empty');
  refused(() => openImageStack(empty), /empty: the folder holds no \.png/);
  writePng8(join(empty, 'a.png'), new Uint8Array(4), 2, 2);
  writeFileSync(join(empty, 'b.tif'), tiff([grey16(0)]));
  refused(() => listImageFiles(empty), /PNG and TIFF files \(a\.png, b\.tif\)/);
  const cut = join(folder, 'cut.png');
  writeFileSync(cut, encodePng8(new Uint8Array(4), 2, 2).slice(0, 50));
  refused(() => openImageStack(cut), /cut\.png: it is not a whole PNG/);
  const cutTiff = join(folder, 'cut.tif');
  writeFileSync(cutTiff, tiff([grey16(0)]).slice(0, 60));
  refused(() => openImageStack(cutTiff), /cut\.tif: this TIFF cannot be decoded/);
  const text = join(folder, 'data.raw');
  writeFileSync(text, 'x');
  refused(() => openImageStack(text), /no HDF5 file .*, and no picture/);
});
