import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { type Finding, lineAt, type TidyFile } from './rule.ts';

/** What lies at a path from the root: its text, `''` for a folder, null for nothing. */
export type LookUp = (path: string) => string | null;

/** What lies below a folder of this machine. */
export function lookBelow(root: string): LookUp {
  return (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return null;
    return path.endsWith('.md') ? readFileSync(full, 'utf8') : '';
  };
}

/** Links of a Markdown file that lead to no file, or to no heading of one. */
export function brokenLinks({ path, text }: TidyFile, lookUp: LookUp): Finding[] {
  if (!path.endsWith('.md')) return [];
  const plain = withoutCode(text);
  return [...plain.matchAll(/\]\(([^()\s]+)\)/g)].flatMap((match): Finding[] => {
    const [target = '', heading] = (match[1] ?? '').split('#');
    if (/^[a-z]+:/.test(target)) return [];
    const line = lineAt(plain, match.index);
    const place = target === '' ? path : normalize(join(dirname(path), decodeURI(target)));
    const there = target === '' ? text : lookUp(place);
    if (there === null) return [{ line, message: `a link to ${place}, which is not there` }];
    if (heading === undefined || !place.endsWith('.md')) return [];
    if (headingsOf(there).has(heading)) return [];
    return [{ line, message: `a link to "#${heading}", no heading of ${place}` }];
  });
}

/** The text with code made blank, line by line: what looks like a link there is none. */
function withoutCode(text: string): string {
  return text.replaceAll(/^(```|~~~).*?^\1/gms, blank).replaceAll(/`[^`\n]*`/g, blank);
}

function blank(code: string): string {
  return code.replaceAll(/[^\n]/g, ' ');
}

/** The words behind `#` by which headings are found, as on code hosts. */
function headingsOf(text: string): Set<string> {
  const titles = text.replaceAll(/^(```|~~~).*?^\1/gms, '').matchAll(/^#+ +(.+)$/gm);
  const seen = new Map<string, number>();
  return new Set(
    [...titles].map(([, title = '']) => {
      const word = title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-');
      const times = seen.get(word) ?? 0;
      seen.set(word, times + 1);
      return times === 0 ? word : `${word}-${times}`;
    }),
  );
}
