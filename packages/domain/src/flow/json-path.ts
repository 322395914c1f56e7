import { isJsonObject } from '../json.ts';
import type { Json, JsonTrail } from '../json.ts';
import { StateError } from './state-error.ts';

/** A JSONPath taken apart, or what is wrong with it and at which character (from 0). */
export type ParsedJsonPath = { trail: JsonTrail } | { problem: string; position: number };

const plainName = /[^\s.[\]'"*?@$(),:`]+/y;
const bracket = /\[\s*(?:(\d{1,9})|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/y;

/**
 * Parses `$`, `$.a.b`, `$.a[0]`, `$['any name']`. Filters, wildcards, slices and descents are
 * refused: real definitions do not use them, and a reference must name one value.
 */
export function parseJsonPath(text: string): ParsedJsonPath {
  if (!text.startsWith('$')) return { problem: 'a JSONPath starts with $', position: 0 };
  const trail: JsonTrail = [];
  let position = 1;
  while (position < text.length) {
    const dotted = text[position] === '.';
    const pattern = dotted ? plainName : bracket;
    const start = dotted ? position + 1 : position;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match === null) return { problem: explainBadStep(text, position), position };
    if (dotted) trail.push(match[0]);
    else if (match[1] !== undefined) trail.push(Number(match[1]));
    else trail.push((match[2] ?? match[3] ?? '').replace(/\\(.)/gs, '$1'));
    position = start + match[0].length;
  }
  return { trail };
}

function explainBadStep(text: string, position: number): string {
  const rest = text.slice(position);
  if (rest.startsWith('..')) return 'recursive descent (..) is not supported';
  if (/^\.?\[?\s*\*/.test(rest)) return 'wildcards (*) are not supported';
  if (/^\[\s*\?/.test(rest)) return 'filters ([?]) are not supported';
  if (/^\[[^'"\]]*:/.test(rest)) return 'slices ([a:b]) are not supported';
  if (rest.startsWith('[')) return "expected [index] or ['name']";
  return `unexpected ${JSON.stringify(rest.slice(0, 10))}; expected .name or [index]`;
}

/** What a path leads to. When it leads nowhere, `nearest` is the deepest value that exists. */
export type Found = { found: true; value: Json } | { found: false; nearest: JsonTrail };

/** Follows a parsed path down a document. */
export function followTrail(document: Json, trail: JsonTrail): Found {
  let value = document;
  for (const [depth, step] of trail.entries()) {
    let inner: Json | undefined;
    if (typeof step === 'number') inner = Array.isArray(value) ? value[step] : undefined;
    else if (isJsonObject(value) && Object.hasOwn(value, step)) inner = value[step];
    if (inner === undefined) return { found: false, nearest: trail.slice(0, depth) };
    value = inner;
  }
  return { found: true, value };
}

/** Writes a trail as a JSONPath; the inverse of {@link parseJsonPath}. */
export function formatTrail(trail: JsonTrail): string {
  const steps = trail.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    plainName.lastIndex = 0;
    return plainName.exec(step)?.[0] === step
      ? `.${step}`
      : `['${step.replace(/[\\']/g, '\\$&')}']`;
  });
  return `$${steps.join('')}`;
}

/** The value a path leads to; else throws a {@link StateError} that names its nearest parent. */
export function readJsonPath(document: Json, path: string, errorName: string): Json {
  const parsed = parseJsonPath(path);
  if ('problem' in parsed) throw new StateError(errorName, `${path}: ${parsed.problem}`);
  const found = followTrail(document, parsed.trail);
  if (found.found) return found.value;
  const nearest = followTrail(document, found.nearest);
  const names =
    nearest.found && isJsonObject(nearest.value) ? Object.keys(nearest.value).slice(0, 12) : [];
  const has = names.length === 0 ? '' : `, which has ${names.join(', ')}`;
  throw new StateError(
    errorName,
    `${path} leads nowhere; the nearest value that exists is ${formatTrail(found.nearest)}${has}`,
  );
}
