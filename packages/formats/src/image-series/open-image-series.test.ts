import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Hdf5Writer } from '../hdf5/hdf5-writer.ts';
import { loadHdf5 } from '../hdf5/hdf5-library.ts';
import { writeHdf5 } from '../hdf5/write-hdf5.ts';
import { detectLayout } from './detect-layout.ts';
import { openImageSeries } from './open-image-series.ts';

const folder = mkdtempSync(join(tmpdir(), 'interpulse-series-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const frames = Uint16Array.from({ length: 24 }, (_, index) => index);
const stack = { shape: [2, 3, 4] };
const write = async (name: string, build: (writer: Hdf5Writer) => void): Promise<string> => {
  await writeHdf5(join(folder, name), build);
  return join(folder, name);
};
const fails = (kind: string, message: RegExp) => (error: unknown) =>
  error instanceof DomainError && error.kind === kind && message.test(error.message);

const shared = (path: string): { path: string; skip: string | false } => {
  const full = join('..', 'shared', 'data', path);
  return { path: full, skip: existsSync(full) ? false : `${full} is not on this machine` };
};

describe('a series of frames', () => {
  it('is the default signal of a NeXus file, with its times and lengths in our units', async () => {
    const path = await write('nexus.nxs', (writer) => {
      writer.group('/', { default: 'scan' });
      writer.group('/other', { NX_class: 'NXentry' });
      writer.group('/other/data', { NX_class: 'NXdata', signal: 'wrong' });
      writer.dataset('/other/data/wrong', new Uint8Array(27), { shape: [3, 3, 3] });
      writer.group('/scan', { NX_class: 'NXentry', default: 'plot' });
      writer.group('/scan/instrument', { NX_class: 'NXinstrument' });
      writer.group('/scan/instrument/eiger', { NX_class: 'NXdetector' });
      const units = (name: string): object => ({ attributes: { units: name } });
      writer.dataset('/scan/instrument/eiger/frame_time', 20, units('us'));
      writer.dataset('/scan/instrument/eiger/distance', 4200, units('mm'));
      writer.dataset('/scan/instrument/eiger/beam_center_x', 1.5, units('pixel'));
      writer.dataset('/scan/scan_number', new Uint32Array([7]));
      writer.group('/scan/plot', { NX_class: 'NXdata', signal: 'counts' });
      writer.dataset('/scan/plot/counts', frames, stack);
    });
    const series = await openImageSeries(path);
    assert.equal(series.layout, 'nexus');
    assert.deepEqual([series.frames, series.rows, series.columns], [2, 3, 4]);
    assert.equal(series.dtype, 'uint16');
    assert.ok(Math.abs((series.metadata.framePeriodSeconds ?? 0) - 2e-5) < 1e-12);
    assert.equal(series.metadata.detectorDistanceMetres, 4.2);
    assert.equal(series.metadata.beamCenterColumn, 1.5);
    assert.equal(series.metadata.shotNumber, 7);
    assert.deepEqual(series.readFrames(1, 1), Float32Array.from(frames.subarray(12)));
    assert.throws(() => series.readFrames(1, 2), fails('invalid', /has 2 frames/));
    series.close();
    assert.equal((await detectLayout(path)).suggestedApp, 'xpcs');
  });

  it('is the exchange group of a DXchange file, with its angles in degrees', async () => {
    const path = await write('exchange.h5', (writer) => {
      writer.dataset('/exchange/data', frames, stack);
      writer.dataset('/exchange/theta', Float64Array.of(0, Math.PI / 2), {
        attributes: { units: 'radians' },
      });
    });
    const series = await openImageSeries(path);
    assert.equal(series.layout, 'dxchange');
    assert.deepEqual([...(series.metadata.anglesDegrees ?? [])], [0, 90]);
    series.close();
    const detected = await detectLayout(path);
    assert.deepEqual([detected.layout, detected.suggestedApp], ['dxchange', 'tomo']);
  });

  it('is a tomogram where its frames are along a rotation', async () => {
    const build = (axis: string) => (writer: Hdf5Writer) => {
      writer.group('/entry', { NX_class: 'NXentry' });
      const attributes = { NX_class: 'NXdata', signal: 'data', axes: axis };
      writer.group('/entry/map', attributes);
      writer.dataset('/entry/map/data', frames, stack);
      writer.dataset(`/entry/map/${axis}`, Float64Array.of(0, 90));
    };
    const turned = await write('turned.nxs', build('rotation_angle'));
    assert.equal((await detectLayout(turned)).suggestedApp, 'tomo');
    const timed = await write('timed.nxs', build('time'));
    assert.equal((await detectLayout(timed)).suggestedApp, 'xpcs');
  });

  it('is the only stack of a plain HDF5 file, or the one that is named', async () => {
    const one = await write('plain.h5', (writer) => writer.dataset('/a/movie', frames, stack));
    const series = await openImageSeries(one);
    assert.deepEqual([series.layout, series.frames], ['hdf5', 2]);
    series.close();
    const two = await write('two.h5', (writer) => {
      writer.dataset('/first', frames, stack);
      writer.dataset('/second', frames, { shape: [4, 3, 2] });
    });
    await assert.rejects(openImageSeries(two), fails('invalid', /2 stacks .*name one/));
    const named = await openImageSeries(two, { dataset: '/second' });
    assert.equal(named.frames, 4);
    named.close();
  });

  it('is all numbered parts together that a master file links to', async () => {
    const library = await loadHdf5();
    const link = (name: string, parts: number): string => {
      const master = new library.File(join(folder, name), 'w');
      const entry = master.create_group('entry');
      entry.create_attribute('NX_class', 'NXentry');
      const data = entry.create_group('data');
      data.create_attribute('NX_class', 'NXdata');
      for (let part = 1; part <= parts; part += 1) {
        data.create_external_link(`part-${part}.h5`, '/entry/data/data', `data_00000${part}`);
      }
      master.close();
      return join(folder, name);
    };
    for (const part of [1, 2, 3]) {
      const values = frames.map((value) => value + 100 * part);
      await write(`part-${part}.h5`, (writer) => writer.dataset('/entry/data/data', values, stack));
    }
    const series = await openImageSeries(link('master.h5', 3));
    assert.equal(series.frames, 6);
    const middle = series.readFrames(1, 4);
    assert.deepEqual([middle[0], middle[12], middle[36]], [112, 200, 300]);
    assert.deepEqual(series.readFrames(5, 1)[0], 312);
    series.close();
    const incomplete = openImageSeries(link('incomplete.h5', 4));
    await assert.rejects(incomplete, fails('invalid', /data_000004 cannot be read/));
  });

  it('is refused with the reason when there is none', async () => {
    const none = await write('none.h5', (writer) => writer.dataset('/curve', frames));
    await assert.rejects(openImageSeries(none), fails('invalid', /three axes/));
    await assert.rejects(detectLayout(none), fails('invalid', /three axes/));
    const missing = join(folder, 'missing');
    await assert.rejects(detectLayout(missing), fails('notFound', /File not found/));
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'hello');
    await assert.rejects(detectLayout(text), fails('invalid', /notes\.txt/));
    const units = await write('units.nxs', (writer) => {
      writer.dataset('/entry/data/data', frames, stack);
      const attributes = { units: 'fortnights' };
      writer.dataset('/entry/instrument/detector/frame_time', 1, { attributes });
    });
    await assert.rejects(openImageSeries(units), fails('invalid', /unknown unit "fortnights"/));
  });

  const tooth = shared('tomo/tooth.h5');
  it('reads a real DXchange tomogram', { skip: tooth.skip }, async () => {
    const series = await openImageSeries(tooth.path);
    assert.deepEqual([series.frames, series.rows, series.columns], [181, 2, 640]);
    assert.equal(series.metadata.anglesDegrees?.length, 181);
    const angles = series.metadata.anglesDegrees ?? new Float64Array();
    assert.ok(Math.abs((angles.at(-1) ?? 0) - 180) < 1.5, 'angles run to 180 degrees');
    series.close();
    assert.equal((await detectLayout(tooth.path)).suggestedApp, 'tomo');
  });

  const water = shared('xpcs/bulk_water');
  it('reads a real movie from a folder of PNG files', { skip: water.skip }, async () => {
    const series = await openImageSeries(water.path);
    assert.equal(series.layout, 'images');
    assert.ok(series.frames >= 120 && series.rows > 400 && series.columns > 400);
    const [first] = series.readFrames(0, 1);
    assert.ok(first !== undefined && first > 0);
    series.close();
    assert.equal((await detectLayout(water.path)).suggestedApp, 'xpcs');
  });

  const savu = shared('tomo/savu_mm.nxs');
  it('finds a stack among the subentries of a real NeXus file', { skip: savu.skip }, async () => {
    const series = await openImageSeries(savu.path);
    assert.deepEqual([series.layout, series.frames, series.columns], ['nexus', 52, 101]);
    const angles = series.metadata.anglesDegrees;
    assert.deepEqual([angles?.length, angles?.[0]], [52, -42]);
    series.close();
    const { suggestedApp, reason } = await detectLayout(savu.path);
    assert.equal(suggestedApp, 'tomo');
    assert.match(reason, /it holds \/entry1\/stxm_entry\/data\/theta/);
  });
});
