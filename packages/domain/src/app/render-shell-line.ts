import type { AppCode } from './app.ts';
import { namesInCommand, renderCommand } from './render-command.ts';

/**
 * Fills a command that is one line for `/bin/sh`, its words joined by blanks. Values never become
 * text of the line, where a quote in one could end a word and begin a command: they stand before it
 * as variables, and each name becomes the expansion of its variable, as one word.
 *
 * @throws DomainError invalid, when a name outside a list has no value.
 */
export function renderShellLine(
  command: AppCode['command'],
  values: Record<string, string | number | boolean | undefined>,
): string {
  const names = namesInCommand(command).filter((name) => {
    return Object.hasOwn(values, name) && values[name] !== undefined;
  });
  // A mark in the place of each value, to be found again by what stands around it.
  const marks = Object.fromEntries(names.map((name, index) => [name, `\0${index}\0`]));
  const line = renderCommand(command, marks).join(' ');
  const assignments = names.map((name, index) => `ip_${index}=${quote(String(values[name]))}; `);
  return assignments.join('') + expandMarks(line);
}

/** Within quotes of the line the expansion closes and opens them as it must to stay one word. */
function expandMarks(line: string): string {
  let open: "'" | '"' | null = null;
  return line.replaceAll(/\\.|['"]|\0(\d+)\0/gs, (found, index: string | undefined) => {
    if (index !== undefined) {
      const variable = `\${ip_${index}}`;
      return open === '"' ? variable : open === "'" ? `'"${variable}"'` : `"${variable}"`;
    }
    // Between single quotes a backslash is nothing special.
    const quotes = found.startsWith('\\') && open === "'" ? found.slice(1) : found;
    if (quotes === open) open = null;
    else if (open === null && (quotes === "'" || quotes === '"')) open = quotes;
    return found;
  });
}

function quote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
