import type { Schemas } from '@interpulse/api/client/create-client.ts';

type Job = Schemas['Job'];

/** Variables as lines `NAME=value`; a value of several lines, or in quotes, as a JSON text. */
export function environmentLines(environment: Job['environment']): string {
  return Object.entries(environment)
    .map(
      ([name, value]) => `${name}=${/^"|\n|^\s|\s$/.test(value) ? JSON.stringify(value) : value}`,
    )
    .join('\n');
}

/** The variables that lines say; null when one cannot be read. */
export function readEnvironment(text: string): Job['environment'] | null {
  const variables: Job['environment'] = {};
  for (const line of linesOf(text)) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    const read = value.startsWith('"') ? readText(value) : value;
    if (read === null) return null;
    variables[name] = read;
  }
  return variables;
}

function readText(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

/** Declared outputs as lines `name: path`, `name?: path` for those that may be missing. */
export function outputLines(rules: Job['outputRules']): string {
  return rules
    .map(({ name, path, required }) => `${name}${required ? '' : '?'}: ${path}`)
    .join('\n');
}

/** The outputs that lines declare; null when one cannot be read. */
export function readOutputs(text: string): Job['outputRules'] | null {
  const rules: Job['outputRules'] = [];
  for (const line of linesOf(text)) {
    const [, name, mark, path] = /^([A-Za-z0-9][\w.-]*)(\??):\s*(\S.*)$/.exec(line) ?? [];
    if (name === undefined || path === undefined) return null;
    rules.push({ name, path, required: mark !== '?' });
  }
  return rules;
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
