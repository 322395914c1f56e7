import { DomainError } from '@interpulse/domain/error.ts';

/** The largest number of PostgreSQL's `integer`. */
export const largestInteger = 2 ** 31 - 1;

/**
 * The number that the cursor of a list is; undefined without one.
 * @throws DomainError invalid, when it is none or larger than `most`.
 */
export function numberCursor(
  cursor: string | undefined,
  of: string,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (cursor === undefined) return undefined;
  const number = Number(cursor);
  if (/^-?\d+$/.test(cursor) && Math.abs(number) <= most) return number;
  throw new DomainError('invalid', `that is no cursor of ${of}; take "next" of the page before`);
}
