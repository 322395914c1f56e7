/** A file of the project as the rules see it. */
export interface TidyFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  /** Empty for a file that is not text. */
  readonly text: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** A place where a rule is broken. */
export interface Finding {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** A house rule: a pure function of one file. */
export interface Rule {
  /** A sentence; the name of the test. */
  readonly name: string;
  readonly check: (file: TidyFile) => Finding[];
}

const codeEndings = /\.(ts|tsx|js|mjs|py|css|sh)$/;

/** TypeScript sources, the portal's included. */
export function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path) && !isGenerated(path);
}

/** Files that people write as code; not data, not documents. */
export function isCode(path: string): boolean {
  return codeEndings.test(path) && !isGenerated(path);
}

/** Test files, in any language. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)test_[a-z0-9_]+\.py$/.test(path);
}

/** Written by `npm run generate`, and kept current by a check. */
export function isGenerated(path: string): boolean {
  return ['packages/api/src/client/schema.ts', 'packages/api/openapi.json'].includes(path);
}

/** The line, counted from 1, of a position in a text. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

/** One finding for every match of a pattern with the flag `g`. */
export function findPattern(text: string, pattern: RegExp, message: string): Finding[] {
  return [...text.matchAll(pattern)].map((match) => ({
    line: lineAt(text, match.index),
    message: `${message}: ${match[0].trim().slice(0, 60)}`,
  }));
}
