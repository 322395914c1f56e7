import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { DomainError } from '@interpulse/domain/error.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';

/**
 * Reads an object from JSON or YAML, or from standard input for `-`.
 * @throws DomainError invalid, when it cannot be read or is no object.
 */
export function readObjectFile(path: string): JsonObject {
  const name = path === '-' ? 'standard input' : path;
  try {
    // YAML takes JSON as it is.
    const value: unknown = parseYaml(readFileSync(path === '-' ? 0 : path, 'utf8'));
    if (isJsonObject(value)) return value;
  } catch (cause) {
    const why = (cause as Error).message.split('\n')[0] ?? '';
    throw new DomainError('invalid', `cannot read ${name}: ${why}`, { cause });
  }
  throw new DomainError('invalid', `${name} does not hold an object`);
}
