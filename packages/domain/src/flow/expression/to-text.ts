import { flowLimits } from '../flow-limits.ts';
import { isJsonObject, type Json } from '../../json.ts';
import type { WorkMeter } from './expression-values.ts';

/**
 * A value as Python's `str` writes it: strings as they are, `True`, `None`, `['a', 1.5]`. Numbers
 * are JSON's: 4 / 2 is `2`, where Python has `2.0`.
 */
export function toText(value: Json, meter: WorkMeter): string {
  return typeof value === 'string' ? value : shownIn(value, meter, 0);
}

/** A value as it stands within another one: strings in quotes. */
function shownIn(value: Json, meter: WorkMeter, depth: number): string {
  if (depth > flowLimits.stateDepth) {
    throw new RangeError(`nested deeper than ${flowLimits.stateDepth}`);
  }
  const inner = (each: Json): string => shownIn(each, meter, depth + 1);
  const text = ((): string => {
    if (value === null) return 'None';
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    if (typeof value === 'number') return numberText(value);
    if (typeof value === 'string') return quoted(value);
    if (Array.isArray(value)) return `[${value.map(inner).join(', ')}]`;
    if (!isJsonObject(value)) return '';
    const members = Object.entries(value);
    return `{${members.map(([name, member]) => `${quoted(name)}: ${inner(member)}`).join(', ')}}`;
  })();
  meter.make(text.length);
  return text;
}

/** As JSON but for small ones, of which Python writes fewer in full, and two digits at least. */
function numberText(value: number): string {
  const size = Math.abs(value);
  const text = size > 0 && size < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text.replace(/[\\'\p{C}\p{Z}]/gu, (character) => {
    if (character === "'") return quote === "'" ? "\\'" : character;
    return escapes[character] ?? escapedCode(character);
  });
  return quote + inside + quote;
}

/** What cannot be seen, by its number. */
function escapedCode(character: string): string {
  if (character === ' ') return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = (digits: number): string => code.toString(16).padStart(digits, '0');
  return code < 0x100 ? `\\x${hex(2)}` : code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
