import { DomainError } from '@interpulse/domain/error.ts';
import type { InstrumentConfig } from '../config/agent-config.ts';

/**
 * Makes the function that reads a shot's number out of a file's path; null where there is none.
 *
 * @throws DomainError `invalid` for an expression that is none.
 */
export function shotNumberReader(
  instrument: Pick<InstrumentConfig, 'name' | 'shotNumber'>,
): (path: string) => number | null {
  if (!('pattern' in instrument.shotNumber)) return () => null;
  const { pattern } = instrument.shotNumber;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern);
  } catch (cause) {
    const said = `instrument ${instrument.name}: shotNumber.pattern is not a regular expression`;
    throw new DomainError('invalid', said, { cause });
  }
  return (path) => wholeNumber(expression.exec(path)?.[1]);
}

/** A number that counts shots, or null. */
export function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}
