import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, describe, it } from 'node:test';
import type { Preview } from '@interpulse/domain/dataset/preview.ts';
import { previewSchema } from '@interpulse/domain/dataset/preview.ts';
import { writeHdf5 } from '@interpulse/formats/hdf5/write-hdf5.ts';
import { RandomSource } from '../simulation/random-source.ts';
import { linearTicks, logTicks } from './axis-ticks.ts';

const folder = mkdtempSync(join(tmpdir(), 'interpulse-plot-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);

const bin = (name: string): string =>
  fileURLToPath(new URL(`../../bin/interpulse-${name}`, import.meta.url));
const start = (
  program: string,
  ...args: string[]
): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, INTERPULSE_NODE: process.execPath },
  });
const plot = (input: string, output: string): ReturnType<typeof start> =>
  start(bin('plot'), '--input', input, '--output-folder', output);

const readPreview = (output: string): Preview =>
  previewSchema.parse(JSON.parse(readFileSync(join(output, 'preview.json'), 'utf8')));

/** A result like that of xpcs: planted curves with the title given. */
const writeCurves = async (path: string, bins: number, delays: number, title: string) => {
  const value = (delay: number, bin: number): number => 1 + Math.exp(-0.1 * (bin + 1) * delay);
  const g2 = Float64Array.from({ length: bins * delays }, (_, index) =>
    value(Math.floor(index / bins) + 1, index % bins),
  );
  g2[0] = Number.NaN;
  const shape = { shape: [delays, bins] };
  const perBin = (value: number): Float64Array => new Float64Array(bins).fill(value);
  await writeHdf5(path, (writer) => {
    writer.dataset('/entry/title', title);
    writer.dataset('/entry/scan_number', 17);
    writer.dataset('/entry/data/g2', g2, shape);
    writer.dataset(
      '/entry/data/g2_derr',
      g2.map((each) => each / 100),
      shape,
    );
    const times = Float64Array.from({ length: delays }, (_, index) => (index + 1) * 1e-3);
    writer.dataset('/entry/data/delay_time', times, { attributes: { units: 's' } });
    const q = Float64Array.from({ length: bins }, (_, index) => 0.01 * (index + 1));
    const units = { attributes: { units: '1/nm' } };
    writer.dataset('/entry/instrument/masks/dynamic_q_list', q, units);
    writer.dataset(
      '/entry/fit/model',
      g2.map((each) => each + 0.001),
      shape,
    );
    writer.dataset('/entry/fit/rate', perBin(7), { attributes: { units: '1/s' } });
    writer.dataset('/entry/fit/rate_error', perBin(0.5));
    writer.dataset('/entry/fit/contrast', perBin(0.9));
    writer.dataset(
      '/entry/fit/status',
      Array.from({ length: bins }, () => 'ok'),
    );
  });
};

describe('plotting a correlation', () => {
  it('writes the preview of the portal and a picture that is well-formed', async () => {
    await writeCurves(at('few.h5'), 3, 20, 'latex <1 µm> & "water"');
    const done = plot(at('few.h5'), at('few', 'deeper'));
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual(readdirSync(at('few', 'deeper')).toSorted(), [
      'metadata.json',
      'plot.svg',
      'preview.json',
    ]);
    assert.deepEqual(JSON.parse(readFileSync(at('few', 'deeper', 'metadata.json'), 'utf8')), {
      title: 'latex <1 µm> & "water"',
      scanNumber: 17,
      regions: 3,
    });
    const preview = readPreview(at('few', 'deeper'));
    assert.ok(preview.kind === 'curves');
    assert.equal(preview.title, 'latex <1 µm> & "water", shot 17');
    assert.equal(preview.x.scale, 'log');
    assert.deepEqual(preview.curves.map(({ label }) => label)[2], 'q = 0.0300 nm⁻¹');
    assert.equal(preview.curves[0]?.y[0], null);
    assert.equal(preview.curves[1]?.y[0], Number((1 + Math.exp(-0.2)).toPrecision(6)));
    assert.equal(preview.curves[1]?.fit?.length, 20);
    const rate = preview.figures.find(({ label }) => label.startsWith('rate at q'));
    assert.deepEqual([rate?.value, rate?.error, rate?.unit], [7, 0.5, '1/s']);

    const svg = readFileSync(at('few', 'deeper', 'plot.svg'), 'utf8');
    assert.match(svg, /latex &lt;1 µm&gt; &amp; &quot;water&quot;/);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
    const opened = [...svg.matchAll(/<(\w+)[^>]*?(\/?)>/g)].filter((tag) => tag[2] === '').length;
    assert.equal(opened, [...svg.matchAll(/<\/\w+>/g)].length, 'every element is closed');
    assert.equal([...svg.matchAll(/<circle [^>]*r="2.6"\/>/g)].length, 59);
  });

  it('keeps the preview small when there are many curves', async () => {
    await writeCurves(at('many.h5'), 90, 200, 'many');
    assert.equal(plot(at('many.h5'), at('many')).status, 0);
    const preview = readPreview(at('many'));
    assert.ok(preview.kind === 'curves');
    assert.ok(preview.curves.length >= 16 && preview.curves.length <= 64);
    assert.ok(statSync(at('many', 'preview.json')).size <= 256 * 1024);
  });
});

describe('plotting a reconstruction', () => {
  it('shows the middle slice, smaller when it would not fit', async () => {
    const size = 900;
    const random = new RandomSource(1);
    const slices = Float32Array.from({ length: 3 * size * size }, () => random.uniform());
    await writeHdf5(at('volume.h5'), (writer) => {
      writer.dataset('/entry/title', 'a tooth');
      writer.dataset('/entry/reconstruction/data', slices, { shape: [3, size, size] });
      writer.dataset('/entry/reconstruction/center', 449.5);
    });
    const done = plot(at('volume.h5'), at('volume'));
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual(readdirSync(at('volume')).toSorted(), [
      'metadata.json',
      'preview.json',
      'preview.png',
    ]);
    assert.ok(statSync(at('volume', 'preview.json')).size <= 256 * 1024);
    const preview = readPreview(at('volume'));
    assert.ok(preview.kind === 'image');
    assert.equal(preview.title, 'a tooth, slice 1');
    assert.ok(preview.widthPixels >= 200 && preview.widthPixels === preview.heightPixels);
    const png = readFileSync(at('volume', 'preview.png'));
    assert.equal(png.toString('base64'), preview.png);
    assert.equal(png.readUInt32BE(16), preview.widthPixels);
    assert.equal(preview.figures.find(({ label }) => label === 'rotation axis')?.value, 449.5);
  });
});

describe('the plot command', () => {
  it('ends with status 2 and one clear line for bad input', async () => {
    await writeHdf5(at('other.h5'), (writer) => writer.dataset('/x', new Float32Array(3)));
    writeFileSync(at('text.h5'), 'hello');
    const cases: [string[], RegExp][] = [
      [[], /--input is missing/],
      [['--input', at('other.h5')], /--output-folder is missing/],
      [['--input', at('none.h5'), '--output-folder', at('out')], /File not found/],
      [['--input', at('text.h5'), '--output-folder', at('out')], /not an HDF5 file/],
      [['--input', at('other.h5'), '--output-folder', at('out')], /neither \/entry\/data\/g2/],
    ];
    for (const [args, message] of cases) {
      const done = start(bin('plot'), ...args);
      assert.equal(done.status, 2, args.join(' '));
      assert.match(done.stderr, message);
      assert.equal(done.stderr.trim().split('\n').length, 1);
    }
    assert.equal(readdirSync(folder).includes('out'), false);
    const blocked = plot(at('few.h5'), at('text.h5', 'folder'));
    assert.equal(blocked.status, 1);
    assert.match(blocked.stderr, /cannot write to/);
  });

  it('and its siblings start through a link from another folder', () => {
    for (const name of ['xpcs', 'plot', 'tomo']) {
      symlinkSync(bin(name), at(`first-${name}`));
      symlinkSync(`first-${name}`, at(`second-${name}`));
      const done = start(at(`second-${name}`), '--help');
      assert.equal(done.status, 0, done.stderr);
      assert.match(done.stdout, /--input/);
    }
  });
});

describe('ticks', () => {
  it('are round numbers inside the range', () => {
    assert.deepEqual(
      linearTicks(0.95, 2.02, 6).map(({ label }) => label),
      ['1.0', '1.2', '1.4', '1.6', '1.8', '2.0'],
    );
    assert.deepEqual(
      linearTicks(1.001, 1.0042, 5).map(({ label }) => label),
      ['1.001', '1.002', '1.003', '1.004'],
    );
    const decades = logTicks(8e-4, 1.2).filter(({ label }) => label !== '');
    assert.deepEqual(
      decades.map(({ label }) => label),
      ['10⁻³', '10⁻²', '10⁻¹', '1'],
    );
    assert.equal(
      logTicks(2, 8).every(({ label }) => label !== ''),
      true,
    );
  });
});
