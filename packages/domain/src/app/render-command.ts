import { DomainError } from '../error.ts';
import type { App } from './app.ts';

/**
 * Fills a command template: `{name}` becomes the value of that name, `{{` and `}}` become braces. A
 * list of words is dropped when one of its names has no value.
 * @throws DomainError invalid, when a name outside a list has no value.
 */
export function renderCommand(
  command: App['command'],
  values: Record<string, string | number | boolean | undefined>,
): string[] {
  return command.flatMap((word) => {
    if (typeof word === 'string') return [renderWord(word, values)];
    const known = word.every((part) =>
      namesIn(part).every((name) => valueOf(values, name) !== undefined),
    );
    return known ? word.map((part) => renderWord(part, values)) : [];
  });
}

/** The names that a command template uses. */
export function namesInCommand(command: App['command']): string[] {
  return [...new Set(command.flat().flatMap(namesIn))];
}

const pattern = /\{\{|\}\}|\{([A-Za-z0-9._-]+)\}/g;

function namesIn(word: string): string[] {
  return [...word.matchAll(pattern)].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));
}

function renderWord(
  word: string,
  values: Record<string, string | number | boolean | undefined>,
): string {
  return word.replace(pattern, (text, name: string | undefined) => {
    if (name === undefined) return text.slice(0, 1);
    const value = valueOf(values, name);
    if (value === undefined) {
      throw new DomainError(
        'invalid',
        `the command needs a value for "${name}" and none was given`,
      );
    }
    return String(value);
  });
}

/** A name that every object has is not a value. */
function valueOf<T>(values: Record<string, T | undefined>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
