import { DomainError } from '@interpulse/domain/error.ts';
import type { Fault } from '@interpulse/domain/error.ts';

/**
 * The parameter for a jsonb column: the only place where JSON for the database is made. (pg would
 * send an array as a PostgreSQL array and a string as it is.) Cast it in SQL: `$1::jsonb`.
 *
 * Throws `invalid`, with the path, for what jsonb cannot hold: NUL characters and lone surrogates
 * in texts, numbers that are not finite, values without a JSON form.
 */
export function jsonb(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
    // What is not finite becomes null; only then every value is looked at.
    if (text?.includes('null')) refuseNonFinite(value, '');
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw new DomainError('invalid', 'A value to be stored has no JSON form.', { cause });
  }
  if (text === undefined) {
    throw new DomainError('invalid', 'A value to be stored has no JSON form: it is undefined.');
  }
  // JSON.stringify escapes exactly what jsonb refuses: NUL as \u0000, lone surrogates as \ud8xx.
  // Most texts escape nothing so, and a search for two characters is quick.
  if (text.includes('\\u') && /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/.test(text))
    throw refusal(value);
  return text;
}

function refuseNonFinite(value: unknown, key: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const message = `The number in "${key}" is ${value}; JSON holds finite numbers or null.`;
    throw new DomainError('invalid', message);
  }
  if (typeof value !== 'object' || value === null) return;
  // What makes its own JSON (an instant) has been asked for it already.
  if ('toJSON' in value) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseNonFinite(item, String(index));
    return;
  }
  for (const name in value) refuseNonFinite((value as Record<string, unknown>)[name], name);
}

function refusal(value: unknown): DomainError {
  const loc = findBadText(JSON.parse(JSON.stringify(value)), []) ?? [];
  const msg = 'holds a NUL character or half of a surrogate pair, which cannot be stored';
  const faults: Fault[] = [{ loc, msg, type: 'unstorable_text' }];
  const where = loc.length === 0 ? 'The text' : `The text at ${loc.join('/')}`;
  return new DomainError('invalid', `${where} ${msg}. Remove it.`, { faults });
}

const isBad = (text: string): boolean => text.includes('\0') || !text.isWellFormed();

function findBadText(value: unknown, path: (string | number)[]): (string | number)[] | undefined {
  if (typeof value === 'string') return isBad(value) ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    const found = isBad(key) ? at : findBadText(item, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
