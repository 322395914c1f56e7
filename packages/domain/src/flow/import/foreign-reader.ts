import { isJsonObject } from '../../json.ts';
import type { Json, JsonObject } from '../../json.ts';
import { mappedPrincipal } from '../../web-input/respondents.ts';
import { mappedName } from './foreign-mapping.ts';
import type { ForeignKind, ForeignMapping } from './foreign-mapping.ts';
import { foreignPath } from './foreign-path.ts';

/** Reads fields of a foreign input, and collects what is wrong with them. */
export class ForeignReader {
  readonly problems: string[] = [];
  readonly #mapping: ForeignMapping;

  constructor(mapping: ForeignMapping) {
    this.#mapping = mapping;
  }

  problem(text: string): void {
    if (!this.problems.includes(text)) this.problems.push(text);
  }

  /** Our name for the id in the first of some fields that is given. */
  name(kind: ForeignKind, input: JsonObject, fields: readonly string[]): string {
    const field = fields.find((each) => isGiven(input[each]));
    const id = field === undefined ? undefined : input[field];
    if (typeof id !== 'string') {
      this.problem(`${fields.join(' or ')} must be an id`);
      return '';
    }
    return this.mapped(kind, id, field ?? '');
  }

  /** Our name for an id. */
  mapped(kind: ForeignKind, id: string, field: string): string {
    const name = mappedName(kind, id, this.#mapping);
    if (name === null) {
      this.problem(`${field} ${id} is not known here; add it to mapping.${kind} of the hub`);
    }
    return name ?? '';
  }

  /** Who of ours a principal of a field is. */
  principal(input: JsonObject, field: string): string {
    const name = mappedPrincipal(this.text(input, field), this.#mapping.principals);
    if (name === null) {
      const way = 'add it to mapping.principals of the hub as user:NAME or project:NAME';
      this.problem(`${field} ${JSON.stringify(input[field])} is nobody here; ${way}`);
    }
    return name ?? '';
  }

  text(input: JsonObject, field: string): string {
    const value = input[field];
    if (typeof value === 'string') return value;
    this.problem(`${field} must be text`);
    return '';
  }

  /** A path of a field, from the root of its collection. */
  path(input: JsonObject, field: string): string {
    const text = this.text(input, field);
    const path = foreignPath(text);
    if (path !== null) return path;
    this.problem(`${field} ${text} must begin at the root of its collection, as /a/b`);
    return '/';
  }

  /** The first of some fields that is a list. */
  list(input: JsonObject, fields: readonly string[]): Json[] | null {
    for (const field of fields) {
      const value = input[field];
      if (Array.isArray(value)) return value;
    }
    return null;
  }

  /** An object, or a problem and an empty one. */
  object(value: Json | undefined, what: string): JsonObject {
    if (isJsonObject(value)) return value;
    this.problem(`${what} must be an object`);
    return {};
  }
}

/** Neither missing nor null. */
export function isGiven(value: Json | undefined): value is NonNullable<Json> {
  return value !== undefined && value !== null;
}
