import { DomainError } from '../error.ts';
import type { App } from './app.ts';
import { refusePlace, scanShellText, startOfShellText } from './shell-text.ts';

type Values = Record<string, string | number | boolean | undefined>;

/**
 * Fills a command template: `{name}` becomes the value of that name, `{{` and `}}` become braces. A
 * list of words is dropped when one of its names has no value.
 * @throws DomainError invalid, when a name outside a list has no value.
 */
export function renderCommand(command: App['command'], values: Values): string[] {
  return keptWords(command, values).map((word) =>
    word.replace(pattern, (text, name: string | undefined) =>
      name === undefined ? text.slice(0, 1) : valueFor(values, name),
    ),
  );
}

/**
 * Fills the template of an app with `shell: true`: its words, one blank between, are a line for
 * `/bin/sh`; every value is put into it quoted, so that it is (part of) one word whatever it holds.
 * @throws DomainError invalid, when a name outside a list has no value, when a value holds a NUL,
 * or when a name stands where quoting does not protect it: within quotes, behind `\` or `$`, in a
 * comment, in backticks, behind a here-document.
 */
export function renderShellLine(command: App['command'], values: Values): string {
  return fillLine(keptWords(command, values), (name) => quote(valueFor(values, name)));
}

/**
 * Looks at the template of an app with `shell: true` before it is registered.
 * @throws DomainError invalid, when a name stands where quoting does not protect it.
 */
export function checkShellLine(command: App['command']): void {
  fillLine(command.flat(), () => "''");
}

/** The names that a command template uses. */
export function namesInCommand(command: App['command']): string[] {
  return [...new Set(command.flat().flatMap(namesIn))];
}

const pattern = /\{\{|\}\}|\{([A-Za-z0-9._-]+)\}/g;

function namesIn(word: string): string[] {
  return [...word.matchAll(pattern)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));
}

function keptWords(command: App['command'], values: Values): string[] {
  return command.flatMap((word) => {
    if (typeof word === 'string') return [word];
    const names = word.flatMap(namesIn);
    return names.every((name) => valueOf(values, name) !== undefined) ? word : [];
  });
}

function fillLine(words: readonly string[], valueNamed: (name: string) => string): string {
  let line = '';
  let place = startOfShellText;
  let from = 0;
  const text = words.join(' ');
  const literally = (piece: string): void => {
    line += piece;
    place = scanShellText(place, piece);
  };
  for (const match of text.matchAll(pattern)) {
    literally(text.slice(from, match.index));
    from = match.index + match[0].length;
    const [, name] = match;
    if (name === undefined) {
      literally(match[0].slice(0, 1));
      continue;
    }
    const refusal = refusePlace(place);
    if (refusal !== null) {
      throw new DomainError('invalid', `the shell line has {${name}} ${refusal}`);
    }
    line += valueNamed(name);
    place = scanShellText(place, "''");
  }
  return line + text.slice(from);
}

function quote(value: string): string {
  if (value.includes('\0')) {
    throw new DomainError('invalid', 'a value for the shell line holds a NUL: no word can');
  }
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

function valueFor(values: Values, name: string): string {
  const value = valueOf(values, name);
  if (value === undefined) {
    throw new DomainError('invalid', `the command needs a value for "${name}" and none was given`);
  }
  return String(value);
}

/** A name that every object has is not a value. */
function valueOf<T>(values: Record<string, T | undefined>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
