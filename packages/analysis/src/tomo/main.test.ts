import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openHdf5 } from '@interpulse/formats/hdf5/open-hdf5.ts';
import { writeHdf5 } from '@interpulse/formats/hdf5/write-hdf5.ts';
import { decodePng } from '@interpulse/formats/images/decode-png.ts';
import { writePng8 } from '@interpulse/formats/images/write-png8.ts';
import { previewSchema } from '@interpulse/domain/dataset/preview.ts';
import { runTomo } from './run-tomo.ts';
import { parseTomoOptions } from './tomo-options.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { evenAngles } from './projection-angles.ts';
import { projectEllipses, type Ellipse } from './testing/ellipse-phantom.ts';
import { needsTomoData, tomoData } from './testing/tomo-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'tomo-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function tomo(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

const columns = 64;
const rows = 4;
const angles = 90;
const disc: Ellipse = {
  ...{ density: 0.02, semiAxisX: 0.6, semiAxisY: 0.6 },
  ...{ centerX: 0.1, centerY: -0.05, tiltRadians: 0 },
};
const absorption = projectEllipses([disc], evenAngles(angles), columns, 32.5);

const beam = (row: number): number => 200 + 10 * row;

/** uint8[rows, columns] of one projection: the disc, in rows of rising flat field. */
function projection(angle: number): Uint8Array {
  return Uint8Array.from({ length: rows * columns }, (_, i) => {
    const transmission = Math.exp(-absorption[angle * columns + (i % columns)]!);
    return 10 + Math.round(beam(Math.floor(i / columns)) * transmission);
  });
}
const flat = Uint8Array.from(
  { length: rows * columns },
  (_, i) => 10 + beam(Math.floor(i / columns)),
);
const dark = new Uint8Array(rows * columns).fill(10);

/** Mean inside the disc of one slice of a result. */
async function meanOfDisc(path: string, slice: number): Promise<number> {
  const file = await openHdf5(path);
  const { values } = file.read('/entry/reconstruction/data', [[slice, slice + 1]]);
  file.close();
  let [sum, count] = [0, 0];
  for (let i = 0; i < columns * columns; i += 1) {
    const x = ((i % columns) - 32) / 32 - disc.centerX;
    const y = (31 - Math.floor(i / columns)) / 32 - disc.centerY;
    if (Math.hypot(x, y) > 0.45) continue;
    sum += Number(values[i]);
    count += 1;
  }
  return sum / count;
}

test(
  'the tooth is reconstructed with its axis, its parameters and its previews',
  needsTomoData('tooth.h5'),
  async () => {
    const [output, png, json] = ['tooth.h5', 'tooth.png', 'tooth.json'].map((name) =>
      join(folder, name),
    );
    const { code, stderr } = tomo(
      ...['--input', tomoData('tooth.h5'), '--output', output!, '--preview', png!],
      ...['--preview-json', json!, '--threads', '2'],
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /rotation axis at column 29[56]/);
    const file = await openHdf5(output!);
    assert.deepEqual(file.dataset('/entry/reconstruction/data').shape, [2, 640, 640]);
    assert.ok(Math.abs(Number(file.scalar('/entry/reconstruction/center')) - 296) <= 0.5);
    assert.equal(file.attribute('/entry/process/parameters', 'filter'), 'parzen');
    assert.match(String(file.attribute('/entry/process/input', 'sha256')), /^[0-9a-f]{64}$/);
    const { values } = file.read('/entry/reconstruction/data', [
      [0, 1],
      [220, 222],
      [280, 300],
    ]);
    file.close();
    const enamel =
      Array.from(values as Float32Array).reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(enamel > 0.006 && enamel < 0.012, `enamel ${enamel} per pixel`);
    assert.equal(decodePng(readFileSync(png!), 'tooth.png').columns, 640);
    assert.equal(previewSchema.parse(JSON.parse(readFileSync(json!, 'utf8'))).kind, 'image');
  },
);

test('a folder of pictures with flat and dark gives the same as an HDF5 file', async () => {
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  for (let i = 0; i < angles; i += 1) {
    writePng8(join(pictures, `p_${i}.png`), projection(i), rows, columns);
  }
  writePng8(join(folder, 'flat.png'), flat, rows, columns);
  writePng8(join(folder, 'dark.png'), dark, rows, columns);
  const stack = new Uint8Array(angles * rows * columns);
  for (let i = 0; i < angles; i += 1) stack.set(projection(i), i * rows * columns);
  const scan = join(folder, 'scan.h5');
  await writeHdf5(scan, (writer) => {
    writer.dataset('/exchange/data', stack, { shape: [angles, rows, columns] });
    writer.dataset('/exchange/data_white', flat, { shape: [1, rows, columns] });
    writer.dataset('/exchange/data_dark', dark, { shape: [1, rows, columns] });
  });
  const [fromPictures, fromFile] = [join(folder, 'a.h5'), join(folder, 'b.h5')];
  const common = ['--center', '32.5', '--filter', 'shepp', '--slices', '1:4'];
  const sides = ['--flat', join(folder, 'flat.png'), '--dark', join(folder, 'dark.png')];
  const first = tomo('--input', pictures, '--output', fromPictures, ...sides, ...common);
  assert.equal(first.code, 0, first.stderr);
  // So little memory that each slab is two slices: slabs must not show.
  const second = tomo('--input', scan, '--output', fromFile, '--memory', '0.1', ...common);
  assert.equal(second.code, 0, second.stderr);
  const [a, b] = await Promise.all([openHdf5(fromPictures), openHdf5(fromFile)]);
  const data = '/entry/reconstruction/data';
  assert.deepEqual(a.read(data).values, b.read(data).values);
  assert.deepEqual(a.read('/entry/reconstruction/slice').values, Int32Array.of(1, 2, 3));
  a.close();
  b.close();
  // Density 0.02 per pixel of the phantom's own scale.
  assert.ok(Math.abs((await meanOfDisc(fromFile, 2)) / 0.02 - 1) < 0.01);
});

test('wrong input ends with code 2, one line, and no file', async () => {
  const bare = join(folder, 'bare.h5');
  await writeHdf5(bare, (writer) => {
    writer.dataset('/exchange/data', new Uint16Array(48), { shape: [3, 2, 8] });
    writer.dataset('/exchange/theta', Float64Array.of(0, 90));
  });
  const angleFile = join(folder, 'angles.txt');
  writeFileSync(angleFile, '# degrees\n0\n60, 120\n');
  const output = join(folder, 'none', 'never.h5');
  const absorbed = ['--input', bare, '--angles-file', angleFile, '--values', 'absorption'];
  const cases: [string[], RegExp][] = [
    [['--input', bare], /2 angles for 3 projections/],
    [['--input', bare, '--angles-file', angleFile], /no flat field/],
    [['--input', bare, '--angles-file', bare], /no number/],
    [['--input', join(folder, 'missing.h5')], /no such file/],
    [['--input', angleFile], /not an HDF5 file/],
    [[...absorbed, '--slices', '1:9'], /it has 2 slices/],
    [[...absorbed, '--center', '99'], /axis must lie on the detector/],
    [[...absorbed, '--center-slice', '2'], /the last slice is 1/],
    [[...absorbed, '--flat', folder], /are for pictures/],
  ];
  for (const [args, message] of cases) {
    const options = parseTomoOptions([...args, '--output', output]);
    assert.ok(options !== 'help');
    await assert.rejects(
      runTomo(options, () => undefined),
      (error) => {
        assert.ok(error instanceof DomainError, String(error));
        assert.match(error.message, message);
        return !error.message.includes('\n');
      },
    );
  }
  const { code, stderr } = tomo('--input', bare, '--output', output);
  assert.equal(code, 2);
  assert.match(stderr, /^tomo: .*2 angles for 3 projections.*\n$/);
  assert.ok(!readdirSync(folder).includes('none'));
});

test('a wrong option is named', () => {
  const cases: [string[], RegExp][] = [
    [['--filter', 'hat'], /--filter must be one of none, shepp/],
    [['--center', 'left'], /--center must be/],
    [['--slices', '5'], /--slices must look like/],
    [['--threads', '0'], /--threads cannot be 0/],
    [['--padding', '3'], /--padding must be one of 1, 2, 4/],
    [['--cutoff', 'much'], /--cutoff cannot be much/],
    [['--colour', 'red'], /Unknown option '--colour'/],
  ];
  for (const [args, message] of cases) {
    assert.throws(() => parseTomoOptions(['--input', 'a', '--output', 'b', ...args]), message);
  }
  assert.throws(() => parseTomoOptions(['--output', 'b']), /--input is missing/);
});

test('help says what the options are', () => {
  const { code, stdout } = tomo('--help');
  assert.equal(code, 0);
  for (const option of ['--center', '--filter', '--ring', '--slices', '--threads', '--preview']) {
    assert.ok(stdout.includes(option));
  }
});
