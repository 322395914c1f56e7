import { ExpressionError } from './expression-syntax.ts';

/** A token and the character (from 0) where it starts. */
export interface Token {
  kind: 'number' | 'string' | 'path' | 'name' | 'sign' | 'end';
  /** The text; of strings and paths, without quotes and escapes. */
  text: string;
  at: number;
}

const patterns: [Token['kind'], RegExp][] = [
  [
    'number',
    /(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?(?![\p{ID_Continue}])/uy,
  ],
  ['name', /[\p{ID_Start}_][\p{ID_Continue}]*/uy],
  ['string', /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/sy],
  ['path', /`[^`\n]*`/y],
  ['sign', /==|!=|<=|>=|\/\/|[-+*/%<>()[\]{},.:]/y],
];

const escapeSequence = /\\(u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{2}|[0-7]{1,3}|[^])/g;
const escapes: Record<string, string> = {
  ...{ n: '\n', t: '\t', r: '\r', '\n': '' },
  ...{ a: '\u0007', b: '\b', f: '\f', v: '\v' },
};

/** Splits an expression into tokens, the last of which is `end`. Throws an `ExpressionError`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at += 1;
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    tokens.push(token.token);
    at = token.endsAt;
  }
  tokens.push({ kind: 'end', text: 'the end', at: text.length });
  return tokens;
}

function tokenAt(text: string, at: number): { token: Token; endsAt: number } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) continue;
    return { token: { kind, text: contentOf(kind, found), at }, endsAt: at + found.length };
  }
  const sign = text.charAt(at);
  if (sign === '`' || sign === '"' || sign === "'") {
    throw new ExpressionError(`a ${sign} is not closed`, at);
  }
  throw new ExpressionError(`unexpected ${JSON.stringify(sign)}`, at);
}

function contentOf(kind: Token['kind'], text: string): string {
  if (kind === 'path') return text.slice(1, -1);
  if (kind === 'number') return text.replaceAll('_', '');
  if (kind !== 'string') return text;
  return text.slice(1, -1).replace(escapeSequence, (whole, escape: string) => {
    if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8));
    if (escape.length === 1) return escapes[escape] ?? (/[\\'"]/.test(escape) ? escape : whole);
    const code = Number.parseInt(escape.slice(1), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
