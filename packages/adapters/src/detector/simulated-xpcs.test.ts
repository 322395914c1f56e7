import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, describe, it } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { openHdf5 } from '@interpulse/formats/hdf5/open-hdf5.ts';
import { openImageSeries } from '@interpulse/formats/image-series/open-image-series.ts';
import { createSimulatedXpcs } from './simulated-xpcs.ts';

const folder = mkdtempSync(join(tmpdir(), 'interpulse-detector-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const startedAt = '2026-01-02T03:04:05.000Z';

describe('the simulated XPCS detector', () => {
  it('writes shots that the analysis understands, while the caller goes on', async () => {
    const detector = createSimulatedXpcs({ seed: 5 });
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 10);
    await detector.writeShot({ path: at('shot.nxs'), shotNumber: 3, startedAt });
    clearInterval(ticking);
    assert.ok(turns > 5, 'the event loop went on');
    assert.deepEqual(readdirSync(folder), ['shot.nxs']);
    const size = statSync(at('shot.nxs')).size;
    assert.ok(size > 5e6 && size < 10e6, `${size} bytes`);

    const series = await openImageSeries(at('shot.nxs'));
    assert.deepEqual([series.layout, series.frames, series.rows], ['nexus', 256, 128]);
    assert.equal(series.metadata.shotNumber, 3);
    assert.equal(series.metadata.startedAt, startedAt);
    assert.equal(series.metadata.framePeriodSeconds, 1e-3);
    series.close();

    const command = fileURLToPath(import.meta.resolve('@interpulse/analysis/xpcs/main.ts'));
    const args = ['--input', at('shot.nxs'), '--output', at('results.h5'), '--quiet'];
    const done = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    const file = await openHdf5(at('results.h5'));
    const slope = file.scalar('/entry/fit/rate_law/slope');
    const status = file.readJson('/entry/fit/status') as string[];
    const rates = file.read('/entry/fit/rate_per_frame').values;
    file.close();
    assert.ok(typeof slope === 'number' && Math.abs(slope - 2) < 0.15, `slope ${slope}`);
    assert.ok(status.filter((each) => each === 'ok').length >= 7, status.join(' '));
    const ring = (3.68 + 4 * 7.54 + 7.54 * 3.5) / 64;
    const expected = detector.plantedGamma(3) * ring ** 2;
    const ratio = Number(rates[7]) / expected;
    assert.ok(Math.abs(ratio - 1) < 0.12, `the outer ring decays at ${ratio} of what is planted`);
  });

  it('drifts from shot to shot, and repeats a shot exactly', async () => {
    const small = { rows: 16, columns: 16, frames: 8 };
    const detector = createSimulatedXpcs(small);
    const rates = [0, 3, 6, 9].map((shot) => detector.plantedGamma(shot));
    assert.ok(rates[1]! > 1.5 * rates[0]! && rates[3]! < rates[2]! / 1.5);
    const frames = async (name: string, shotNumber: number): Promise<Float32Array> => {
      await createSimulatedXpcs(small).writeShot({ path: at(name), shotNumber, startedAt });
      const series = await openImageSeries(at(name));
      const values = series.readFrames(0, 8);
      series.close();
      return values;
    };
    const first = await frames('a.nxs', 1);
    assert.deepEqual(await frames('b.nxs', 1), first);
    assert.notDeepEqual(await frames('c.nxs', 2), first);
  });

  it('says what is wrong with settings and with a place it cannot write to', async () => {
    assert.throws(
      () => createSimulatedXpcs({ rows: 3 }),
      (error) => error instanceof DomainError && error.kind === 'invalid',
    );
    writeFileSync(at('file'), '');
    const detector = createSimulatedXpcs({ rows: 16, columns: 16, frames: 4 });
    await assert.rejects(
      detector.writeShot({ path: join(at('file'), 'shot.nxs'), shotNumber: 1, startedAt }),
      (error) => error instanceof DomainError && error.kind === 'unavailable',
    );
  });
});
