import { DomainError } from '@interpulse/domain/error.ts';
import type { Preview } from '@interpulse/domain/dataset/preview.ts';
import type { Hdf5File } from '@interpulse/formats/hdf5/hdf5-file.ts';
import { encodePng8 } from '@interpulse/formats/images/write-png8.ts';
import { toPicture } from '../tomo/picture.ts';
import type { Picture } from '../tomo/picture.ts';

const volume = '/entry/reconstruction/data';

/** A preview that holds an image, and the same image as PNG bytes. */
export interface ImagePreview {
  preview: Extract<Preview, { kind: 'image' }>;
  png: Uint8Array;
}

/** Whether a file is a result of the tomo command. */
export function holdsTomo(file: Hdf5File): boolean {
  return file.kind(volume) === 'dataset';
}

/**
 * The middle slice of a reconstruction, halved in size until its PNG fits.
 *
 * @throws DomainError `invalid` when the volume is empty or its slices are not square.
 */
export function readTomoImage(file: Hdf5File, maximumPngBytes: number): ImagePreview {
  const [slices = 0, rows = 0, columns = 0] = file.dataset(volume).shape ?? [];
  if (slices === 0 || rows === 0 || rows !== columns) {
    const text = `${volume} is ${slices} x ${rows} x ${columns}, not a stack of square slices`;
    throw new DomainError('invalid', `cannot draw ${file.path}: ${text}`);
  }
  const middle = Math.floor(slices / 2);
  const { values } = file.read(volume, [[middle, middle + 1]]);
  const numbers: ArrayLike<number | bigint> = values;
  const image = values instanceof Float32Array ? values : Float32Array.from(numbers, Number);
  let picture = toPicture(image, rows);
  let png = encodePng8(picture.grey, picture.rows, picture.columns);
  while (png.byteLength > maximumPngBytes && picture.rows > 16) {
    picture = halved(picture);
    png = encodePng8(picture.grey, picture.rows, picture.columns);
  }
  const center = file.scalar('/entry/reconstruction/center');
  const figures = [
    { label: 'slices', value: slices, unit: '' },
    { label: 'slice size', value: rows, unit: 'pixels' },
    ...(typeof center === 'number'
      ? [{ label: 'rotation axis', value: center, unit: 'pixels' }]
      : []),
  ];
  return {
    preview: {
      kind: 'image',
      title: `${String(file.scalar('/entry/title') ?? 'Reconstruction')}, slice ${middle}`,
      png: Buffer.from(png).toString('base64'),
      widthPixels: picture.columns,
      heightPixels: picture.rows,
      figures,
    },
    png,
  };
}

function halved({ rows, columns, grey }: Picture): Picture {
  const [height, width] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const smaller = Uint8Array.from({ length: height * width }, (_, at) => {
    const from = 2 * Math.floor(at / width) * columns + 2 * (at % width);
    const sum = grey[from]! + grey[from + 1]! + grey[from + columns]! + grey[from + columns + 1]!;
    return Math.round(sum / 4);
  });
  return { rows: height, columns: width, grey: smaller };
}
