import { readFileSync } from 'node:fs';
import { DomainError } from '@interpulse/domain/error.ts';

/** `count` angles over half a turn, the last one short of 180° by one step; radians. */
export function evenAngles(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => (i * Math.PI) / count);
}

/**
 * Angles in radians, from a dataset whose unit may be written beside it. Without a unit, values
 * that go beyond one turn in radians are degrees, as in most files.
 *
 * @param name Of the dataset, for messages.
 * @throws DomainError `invalid` for an unknown unit or values that are no numbers.
 */
export function toRadians(
  values: ArrayLike<number | bigint>,
  unit: string | undefined,
  name: string,
): Float64Array {
  const angles = Float64Array.from({ length: values.length }, (_, i) => Number(values[i]!));
  if (!angles.every(Number.isFinite)) {
    throw new DomainError('invalid', `Reading the angles ${name}: some are not numbers.`);
  }
  const given = unit?.trim().toLowerCase() ?? '';
  const reach = angles.reduce((most, angle) => Math.max(most, Math.abs(angle)), 0);
  if (given.startsWith('rad')) return angles;
  if (given.startsWith('deg') || given === '°' || (given === '' && reach > 2.01 * Math.PI)) {
    return angles.map((degrees) => (degrees * Math.PI) / 180);
  }
  if (given === '') return angles;
  throw new DomainError(
    'invalid',
    `Reading the angles ${name}: the unit ${unit} is unknown; degrees or radians are.`,
  );
}

/**
 * Angles from a text file: one number in degrees for each projection, separated by white space or
 * commas; lines that begin with # are passed over.
 *
 * @returns Radians.
 * @throws DomainError `notFound` or `invalid`, with the line.
 */
export function readAnglesFile(path: string): Float64Array {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DomainError('notFound', `Reading the angles of ${path}: it cannot be opened.`, {
      cause,
    });
  }
  const degrees: number[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.startsWith('#')) continue;
    for (const word of line.split(/[\s,;]+/).filter((part) => part !== '')) {
      if (!Number.isFinite(Number(word))) {
        throw new DomainError(
          'invalid',
          `Reading the angles of ${path}: line ${at + 1} has ${word}, which is no number.`,
        );
      }
      degrees.push(Number(word));
    }
  }
  return toRadians(degrees, 'degrees', path);
}

/**
 * Checks that there is one angle for each projection.
 *
 * @throws DomainError `invalid` with both numbers.
 */
export function requireAngles(angles: Float64Array, projections: number, path: string): void {
  if (projections < 2) {
    throw new DomainError('invalid', `Opening ${path}: ${projections} projection is too few.`);
  }
  if (angles.length !== projections) {
    throw new DomainError(
      'invalid',
      `Opening ${path}: ${angles.length} angles for ${projections} projections. ` +
        'Give the right ones with --angles-file.',
    );
  }
}
