import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { previewSchema } from '@interpulse/domain/dataset/preview.ts';
import { openHdf5 } from '@interpulse/formats/hdf5/open-hdf5.ts';
import { curvesSvg } from './curves-svg.ts';
import { readMetadata } from './read-metadata.ts';
import { holdsTomo, readTomoImage } from './read-tomo-image.ts';
import type { CurvesPreview } from './read-xpcs-curves.ts';
import { holdsXpcs, readXpcsCurves } from './read-xpcs-curves.ts';

/** Previews travel over the agents' session, so they stay well below its limit. */
export const maximumPreviewBytes = 256 * 1024;
/** Base64 needs four bytes for three; some stay for title and figures. */
const maximumPngBytes = Math.floor((maximumPreviewBytes - 4096) * 0.75);
const maximumCurves = 64;

/**
 * Draws a result file into a folder (made when missing): `preview.json`, and `plot.svg` for
 * curves or `preview.png` for an image; beside them `metadata.json`. Each appears whole.
 *
 * @returns the names of the files written.
 * @throws DomainError `invalid` when the file is no result that can be drawn, `notFound` without
 * one, `unavailable` when the folder cannot be written.
 */
export async function writePreview(input: string, outputFolder: string): Promise<string[]> {
  const files = await drawResult(input);
  try {
    mkdirSync(outputFolder, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeWhole(outputFolder, name, content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError('unavailable', `cannot write to ${outputFolder}: ${reason}`, { cause });
  }
  return Object.keys(files);
}

async function drawResult(input: string): Promise<Record<string, string | Uint8Array>> {
  const file = await openHdf5(input);
  try {
    const metadata = { 'metadata.json': `${JSON.stringify(readMetadata(file))}\n` };
    if (holdsXpcs(file)) {
      const curves = fittingCurves((most) => readXpcsCurves(file, most));
      return { 'preview.json': serialize(curves), 'plot.svg': curvesSvg(curves), ...metadata };
    }
    if (holdsTomo(file)) {
      const { preview, png } = readTomoImage(file, maximumPngBytes);
      return { 'preview.json': serialize(preview), 'preview.png': png, ...metadata };
    }
  } finally {
    file.close();
  }
  const expected = '/entry/data/g2 (xpcs) or /entry/reconstruction/data (tomo)';
  throw new DomainError('invalid', `cannot draw ${input}: it holds neither ${expected}`);
}

function fittingCurves(read: (mostCurves: number) => CurvesPreview): CurvesPreview {
  for (let most = maximumCurves; ; most = Math.floor(most / 2)) {
    const preview = read(most);
    if (most <= 1 || Buffer.byteLength(JSON.stringify(preview)) <= maximumPreviewBytes) {
      return preview;
    }
  }
}

function serialize(preview: unknown): string {
  return `${JSON.stringify(previewSchema.parse(preview))}\n`;
}

function writeWhole(folder: string, name: string, content: string | Uint8Array): void {
  const temporary = join(folder, `.${name}.${randomUUID().slice(0, 8)}.partial`);
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, join(folder, name));
  } finally {
    rmSync(temporary, { force: true });
  }
}
