import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument, visit, YAMLParseError, type Document } from 'yaml';
import { DomainError } from '@interpulse/domain/error.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';

/** Why a file says nothing: where that is known, with the place in it. */
export interface Unreadable {
  problem: string;
  /** From 1 on; null when the file could not be opened at all. */
  place: { line: number; column: number } | null;
}

/** What stands in a file of JSON or YAML (standard input for `-`), or why that is unknown. */
export function tryDocument(path: string): { document: unknown } | Unreadable {
  const text = tryText(path);
  if (typeof text !== 'string') return text;
  const isJson = path.endsWith('.json');
  try {
    return isJson ? { document: JSON.parse(text) } : tryYaml(text);
  } catch (cause) {
    const place = isJson ? placeInJson(cause as Error) : placeInYaml(cause as Error);
    // Both say where it is at the end of the line, and some of the text in further ones.
    const [said = ''] = (cause as Error).message.split('\n');
    const why = said.replace(/( in JSON)? at (line|position) \d+.*$/, '');
    return { problem: `not ${isJson ? 'JSON' : 'YAML'}: ${why}`, place };
  }
}

/** Parts may be named (`&a`), used again (`*a`), and merged (`<<: *a`). @throws YAMLParseError. */
function tryYaml(text: string): { document: unknown } | Unreadable {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  const fault = faultOfParts(document);
  if (fault === null) return { document: document.toJS() };
  const { line, col: column } = lines.linePos(fault.at);
  return { problem: `not YAML: ${fault.said}`, place: { line, column } };
}

/** A part that is not there where it is used, or that holds itself, which no JSON can say. */
function faultOfParts(document: Document): { said: string; at: number } | null {
  const faults: { said: string; at: number }[] = [];
  visit(document, {
    Alias: (_, alias, around) => {
      const { source: name } = alias;
      const part = alias.resolve(document);
      if (part !== undefined && !around.includes(part)) return undefined;
      const said = part === undefined ? `there is no &${name} before this *${name}` : null;
      faults.push({ said: said ?? `&${name} holds itself here`, at: alias.range?.[0] ?? 0 });
      return visit.BREAK;
    },
  });
  return faults[0] ?? null;
}

/** The text of a file, or standard input for `-`. @throws DomainError invalid. */
export function readText(path: string): string {
  const text = tryText(path);
  if (typeof text === 'string') return text;
  throw new DomainError('invalid', text.problem);
}

function tryText(path: string): string | Unreadable {
  try {
    return decoded(readFileSync(path === '-' ? 0 : path));
  } catch (cause) {
    return { problem: whyClosed(path, cause as NodeJS.ErrnoException), place: null };
  }
}

/** Editors of Windows mark what they write, and its PowerShell writes UTF-16. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/**
 * Reads a file of JSON or YAML, or standard input for `-`.
 * @throws DomainError invalid, that says what is wrong in which line.
 */
export function readDocument(path: string): unknown {
  const read = tryDocument(path);
  if ('document' in read) return read.document;
  const { problem, place } = read;
  if (place === null) throw new DomainError('invalid', problem);
  throw new DomainError('invalid', `${nameOf(path)}:${place.line}:${place.column}: ${problem}`);
}

/** As {@link readDocument}, an object. @throws DomainError invalid. */
export function readObject(path: string): JsonObject {
  const value = readDocument(path);
  if (isJsonObject(value)) return value;
  throw new DomainError('invalid', `${nameOf(path)} does not hold an object (names with values)`);
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path;
}

function whyClosed(path: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `there is no file ${path}`;
  if (code === 'EISDIR') return `${path} is a folder; name a file in it`;
  if (code === 'EACCES') return `you may not read ${path}`;
  return `cannot read ${nameOf(path)}: ${message}`;
}

function placeInJson({ message }: Error): Unreadable['place'] {
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
  return { line: Number(line ?? 1), column: Number(column ?? 1) };
}

function placeInYaml(error: Error): Unreadable['place'] {
  const [start] = (error instanceof YAMLParseError ? error.linePos : undefined) ?? [];
  return { line: start?.line ?? 1, column: start?.col ?? 1 };
}
