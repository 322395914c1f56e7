import { isJsonObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';

const signs: Record<string, string> = {
  Equals: '=',
  LessThan: '<',
  LessThanEquals: '≤',
  GreaterThan: '>',
  GreaterThanEquals: '≥',
};

const kinds: Record<string, string> = {
  IsBoolean: 'true or false',
  IsNull: 'null',
  IsNumeric: 'a number',
  IsPresent: 'there',
  IsString: 'text',
  IsTimestamp: 'an instant',
};

/**
 * The rule of a Choice as people read it: `error > 0.2 and not (mode = "quick")`. Takes any JSON;
 * what is not understood is left out, so that a rule can be shown while it is being typed.
 */
export function describeRule(rule: JsonObject): string {
  for (const [form, word] of [
    ['And', ' and '],
    ['Or', ' or '],
  ] as const) {
    const inner = rule[form];
    if (!Array.isArray(inner)) continue;
    const parts = inner.filter(isJsonObject).map((each) => bracketed(each, inner.length > 1));
    return parts.filter((part) => part !== '').join(word);
  }
  if (isJsonObject(rule['Not'])) return `not (${describeRule(rule['Not'])})`;
  const variable = rule['Variable'];
  if (typeof variable !== 'string') return '';
  const test = Object.keys(rule).find((name) => name !== 'Variable' && name !== 'Next');
  return test === undefined ? short(variable) : testWords(short(variable), test, rule[test]);
}

function bracketed(rule: JsonObject, isOneOfMany: boolean): string {
  const isCompound = Array.isArray(rule['And']) || Array.isArray(rule['Or']);
  return isCompound && isOneOfMany ? `(${describeRule(rule)})` : describeRule(rule);
}

function testWords(variable: string, test: string, operand: Json | undefined): string {
  const kind = kinds[test];
  if (kind !== undefined) return `${variable} is ${operand === false ? 'not ' : ''}${kind}`;
  if (test === 'StringMatches') return `${variable} is like ${JSON.stringify(operand)}`;
  const [, order = '', path] =
    /^(?:Numeric|String|Timestamp|Boolean)(\w+?)(Path)?$/.exec(test) ?? [];
  const sign = signs[order];
  if (sign === undefined) return `${variable} ${test} ${JSON.stringify(operand)}`;
  const isPath = path !== undefined && typeof operand === 'string';
  return `${variable} ${sign} ${isPath ? short(operand) : JSON.stringify(operand)}`;
}

/** `$.a.b` reads `a.b`. */
function short(path: string): string {
  return path.startsWith('$.') ? path.slice(2) : path;
}
