import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { openHdf5 } from '@interpulse/formats/hdf5/open-hdf5.ts';
import { writeHdf5 } from '@interpulse/formats/hdf5/write-hdf5.ts';
import { createSpeckle, diffusiveRates } from '../simulation/speckle.ts';
import { ringRegions } from './regions.ts';

const folder = mkdtempSync(join(tmpdir(), 'interpulse-xpcs-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const command = fileURLToPath(new URL('./main.ts', import.meta.url));
const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });

const size = 128;
const frames = 512;
const period = 0.01;
const planted = [0.4, 0.2, 0.08, 0.03];
const shape = { rows: size, columns: size };
const middle = { row: 63.5, column: 63.5 };
const regions = ringRegions({
  ...shape,
  dynamicRings: planted.length,
  staticRingsPerDynamic: 2,
  centerRow: 63.5,
  centerColumn: 63.5,
  innerRadiusPixels: 8,
  outerRadiusPixels: 64,
  metadata: {},
});

const writeMovie = async (path: string, gamma: Float64Array): Promise<void> => {
  const meanCounts = Float64Array.from(regions.staticMap, (bin) => 3 + bin / 2);
  const speckle = createSpeckle({ ...shape, seed: 11, gammaPerFrame: gamma, meanCounts, modes: 2 });
  const frame = new Float32Array(size * size);
  const counts = new Uint16Array(frames * size * size);
  for (let index = 0; index < frames; index += 1) {
    speckle.nextFrame(frame);
    counts.set(frame, index * size * size);
  }
  await writeHdf5(path, (writer) => {
    writer.group('/entry', { NX_class: 'NXentry' });
    writer.group('/entry/data', { NX_class: 'NXdata', signal: 'data' });
    writer.dataset('/entry/data/data', counts, { shape: [frames, size, size] });
    const seconds = { attributes: { units: 's' } };
    writer.dataset('/entry/instrument/detector/frame_time', period, seconds);
    writer.dataset('/entry/shot_number', 42);
  });
};

const readColumn = async (path: string, dataset: string): Promise<number[]> => {
  const file = await openHdf5(path);
  const values = Array.from(file.read(dataset).values as ArrayLike<number>);
  file.close();
  return values;
};

describe('the xpcs command', () => {
  before(async () => {
    const ringRates = Float64Array.from(regions.dynamicMap, (bin) => planted[bin - 1] ?? 0.1);
    await writeMovie(at('movie.nxs'), ringRates);
    const map = { shape: [size, size] };
    await writeHdf5(at('qmap.h5'), (writer) => {
      writer.dataset('/qmap/dynamic_roi_map', regions.dynamicMap, map);
      writer.dataset('/qmap/static_roi_map', regions.staticMap, map);
      const q = { attributes: { units: '1/nm' } };
      writer.dataset('/qmap/dynamic_q_list', Float64Array.of(0.01, 0.02, 0.03, 0.04), q);
    });
  });

  it('recovers planted rates within 3 %, and the contrast', async () => {
    const result = at('results.h5');
    const done = run('--input', at('movie.nxs'), '--qmap', at('qmap.h5'), '--output', result);
    assert.equal(done.status, 0, done.stderr);
    const rates = await readColumn(result, '/entry/fit/rate');
    const contrasts = await readColumn(result, '/entry/fit/contrast');
    planted.forEach((gamma, bin) => {
      const ratio = (rates[bin]! * period) / gamma;
      assert.ok(Math.abs(ratio - 1) < 0.03, `ring ${bin}: ${ratio} of the planted rate`);
      assert.ok(Math.abs(contrasts[bin]! - 0.5) < 0.02, `ring ${bin}: contrast ${contrasts[bin]}`);
    });
    assert.deepEqual(await readColumn(result, '/entry/data/q'), [0.01, 0.02, 0.03, 0.04]);
    const file = await openHdf5(result);
    assert.equal(file.scalar('/entry/definition'), 'NXxpcs');
    assert.equal(file.scalar('/entry/scan_number'), 42);
    assert.deepEqual(file.dataset('/entry/data/g2').shape, [31, 4]);
    assert.deepEqual(
      file.read('/entry/instrument/masks/dynamic_roi_map').values,
      regions.dynamicMap,
    );
    file.close();
    assert.match(done.stderr, /read 512\/512 frames/);
    assert.match(done.stdout, /0\.01000 +\d/);
  });

  it('finds diffusion in rings that it lays itself, quietly, on one thread', async () => {
    await writeMovie(at('diffusion.nxs'), diffusiveRates(shape, middle, 0.3));
    const result = at('diffusion.h5');
    const args = ['--dynamic-rings', '7', '--inner-radius', '16', '--threads', '1', '--quiet'];
    const done = run('--input', at('diffusion.nxs'), '--output', result, ...args);
    assert.equal(done.status, 0, done.stderr);
    assert.equal(done.stderr, '');
    const [slope] = await readColumn(result, '/entry/fit/rate_law/slope');
    assert.ok(Math.abs(slope! - 2) < 0.1, `rates go with q^${slope}`);
  });

  it('gives the same g2 whatever the threads, and takes some frames when asked', async () => {
    const args = ['--input', at('movie.nxs'), '--first-frame', '10', '--last-frame', '300'];
    const more = [...args, '--stride', '2', '--average', '2', '--fit', 'none', '--quiet'];
    assert.equal(run(...more, '--threads', '1', '--output', at('one.h5')).status, 0);
    assert.equal(run(...more, '--threads', '3', '--output', at('three.h5')).status, 0);
    const one = await readColumn(at('one.h5'), '/entry/data/g2');
    const three = await readColumn(at('three.h5'), '/entry/data/g2');
    one.forEach((value, index) => assert.ok(Math.abs(value - three[index]!) < 1e-12));
    assert.equal((await readColumn(at('one.h5'), '/entry/data/frame_sum')).length, 72);
    const [delay] = await readColumn(at('one.h5'), '/entry/data/delay_time');
    assert.equal(delay, 4 * period);
  });

  it('ends with status 2 and one clear line for bad input, and leaves nothing behind', async () => {
    writeFileSync(at('text.txt'), 'hello');
    await writeHdf5(at('wrong-map.h5'), (writer) =>
      writer.dataset('/dqmap', new Int32Array(6), { shape: [2, 3] }),
    );
    const movie = at('movie.nxs');
    const cases: [string[], RegExp][] = [
      [[], /--input is missing/],
      [['--input', movie], /--output is missing/],
      [['--input', at('none.h5'), '--output', at('out.h5')], /File not found/],
      [['--input', at('text.txt'), '--output', at('out.h5')], /text\.txt/],
      [['--input', movie, '--output', at('out.h5'), '--levels', 'x'], /--levels is x/],
      [['--input', movie, '--output', at('out.h5'), '--colour'], /colour/],
      [['--input', movie, '--output', at('out.h5'), '--qmap', at('wrong-map.h5')], /2 x 3/],
      [['--input', movie, '--output', at('out.h5'), '--dynamic-rings', '500'], /do not fit/],
      [['--input', movie, '--output', at('out.h5'), '--last-frame', '512'], /0 to 511/],
      [['--input', movie, '--output', at('out.h5'), '--dataset', '/x'], /\/x is not a dataset/],
    ];
    for (const [args, message] of cases) {
      const done = run(...args);
      assert.equal(done.status, 2, args.join(' '));
      const lines = done.stderr.trim().split('\n');
      assert.match(lines.at(-1) ?? '', message);
      assert.equal(done.stdout, '');
    }
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('out.h5')),
      [],
    );
  });

  it('leaves out pixels that the detector marks as dead', async () => {
    const counts = new Uint16Array(64 * 16 * 16).map((_, index) => 1 + ((index * 7919) % 5));
    for (let frame = 0; frame < 64; frame += 1) counts[frame * 256 + 100] = 65_535;
    await writeHdf5(at('dead.h5'), (writer) =>
      writer.dataset('/data', counts, { shape: [64, 16, 16] }),
    );
    const args = ['--dynamic-rings', '1', '--inner-radius', '0', '--fit', 'none'];
    const done = run('--input', at('dead.h5'), '--output', at('dead-out.h5'), ...args);
    assert.equal(done.status, 0, done.stderr);
    const bad = await readColumn(at('dead-out.h5'), '/entry/instrument/masks/bad_pixels');
    assert.equal(
      bad.reduce((a, b) => a + b, 0),
      1,
    );
    assert.equal(bad[100], 1);
    for (const value of await readColumn(at('dead-out.h5'), '/entry/data/g2')) {
      assert.ok(value > 0.8 && value < 1.4);
    }
  });

  const water = join('..', 'shared', 'data', 'xpcs', 'bulk_water');
  const skip = existsSync(water) ? false : `${water} is not on this machine`;
  it('takes a real movie of PNG files without falling over', { skip }, async () => {
    const args = ['--last-frame', '39', '--frame-period-seconds', '0.0416667', '--quiet'];
    const done = run('--input', water, '--output', at('water.h5'), ...args);
    assert.equal(done.status, 0, done.stderr);
    const g2 = await readColumn(at('water.h5'), '/entry/data/g2');
    assert.ok(g2.every((value) => value > 0.9 && value < 1.1));
  });

  it('explains itself', () => {
    assert.match(run('--help').stdout, /--channels-per-level/);
    assert.match(run('--version').stdout, /^interpulse-xpcs \d/);
  });
});
