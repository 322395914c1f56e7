import { DomainError } from '@interpulse/domain/error.ts';

/** A word that a POSIX shell reads as exactly this text. */
export function shellWord(text: string): string {
  if (text.includes('\0')) throw new DomainError('invalid', 'a word of a command holds a NUL byte');
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Refuses a text that would end its line in a script.
 *
 * @throws DomainError `invalid`, naming `what`.
 */
export function oneLine(what: string, text: string): string {
  const isControl = (letter: string): boolean => letter < ' ' || letter === '\u007f';
  if (!Array.from(text).some((letter) => isControl(letter))) return text;
  throw new DomainError('invalid', `${what} holds a control character: ${JSON.stringify(text)}`);
}
