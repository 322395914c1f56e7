import { isJsonObject } from '../../json.ts';
import type { Json, JsonObject } from '../../json.ts';
import { foreignFields } from './foreign-dialects.ts';
import { mappedName } from './foreign-mapping.ts';
import type { ForeignAction, ForeignKind, ForeignMapping } from './foreign-mapping.ts';

/** The input of our action, or every reason why there is none. */
export type AdaptedInput = { input: JsonObject } | { problems: string[] };

/** Turns the input of one of Globus' actions, in either dialect, into that of ours. */
export function adaptForeignInput(
  action: ForeignAction,
  input: Json,
  mapping: ForeignMapping,
): AdaptedInput {
  if (!isJsonObject(input)) return { problems: ['the input is no object'] };
  const reader = new Reader(mapping);
  const fields = foreignFields[action];
  for (const name of Object.keys(input)) {
    if (Object.hasOwn(fields, name)) continue;
    reader.problem(`${name} has no meaning for ${action}`);
  }
  const adapted =
    action === 'interpulse:transfer' ? transfer(input, reader) : compute(input, reader);
  return reader.problems.length > 0 ? { problems: reader.problems } : { input: adapted };
}

/** Reads fields, and collects what is wrong with them. */
class Reader {
  readonly problems: string[] = [];
  readonly #mapping: ForeignMapping;

  constructor(mapping: ForeignMapping) {
    this.#mapping = mapping;
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  /** Our name for the id in the first of some fields that is given. */
  name(kind: ForeignKind, input: JsonObject, fields: readonly string[]): string {
    const field = fields.find((each) => given(input[each]));
    const id = field === undefined ? undefined : input[field];
    if (typeof id !== 'string') {
      this.problem(`${fields.join(' or ')} must be an id`);
      return '';
    }
    const name = mappedName(kind, id, this.#mapping);
    if (name === null) {
      this.problem(`${field} ${id} is not known here; add it to mapping.${kind} of the hub`);
    }
    return name ?? '';
  }

  text(input: JsonObject, field: string): string {
    const value = input[field];
    if (typeof value === 'string') return value;
    this.problem(`${field} must be text`);
    return '';
  }
}

function transfer(input: JsonObject, reader: Reader): JsonObject {
  const source = reader.name('collections', input, ['source_endpoint_id', 'source_endpoint']);
  const destination = reader.name('collections', input, [
    'destination_endpoint_id',
    'destination_endpoint',
  ]);
  const items = listOf(input['transfer_items']) ?? listOf(input['DATA']);
  if (items === null) reader.problem('transfer_items or DATA must be a list');
  return {
    items: (items ?? []).map((item) => {
      if (!isJsonObject(item)) {
        reader.problem('an item of a transfer must be an object');
        return null;
      }
      const [from, to] = ['source_path', 'destination_path'].map((field) => {
        const path = reader.text(item, field);
        if (!path.startsWith('/') || path.startsWith('/~')) {
          reader.problem(`${field} ${path} must begin at the root of its collection, as /a/b`);
        }
        return path;
      });
      const { recursive } = item;
      return {
        source: `${source}:${from}`,
        destination: `${destination}:${to}`,
        ...(given(recursive) ? { recursive } : {}),
      };
    }),
    ...labelOf(input),
  };
}

function compute(input: JsonObject, reader: Reader): JsonObject {
  const tasks = listOf(input['tasks']) ?? [input];
  if (tasks.length !== 1) reader.problem(`one action runs one task here, not ${tasks.length}`);
  const task = isJsonObject(tasks[0]) ? tasks[0] : {};
  const args = task['args'] ?? [];
  if (!Array.isArray(args) || args.length > 0) {
    reader.problem('args have no names; apps take named parameters: give them as kwargs');
  }
  const kwargs = task['kwargs'] ?? {};
  if (!isJsonObject(kwargs)) reader.problem('kwargs must be an object');
  return {
    app: reader.name('apps', task, ['function', 'function_id']),
    site: reader.name('sites', input, ['endpoint', 'endpoint_id']),
    parameters: kwargs,
    ...labelOf(input),
  };
}

function labelOf({ label }: JsonObject): JsonObject {
  return typeof label === 'string' ? { label } : {};
}

function listOf(value: Json | undefined): Json[] | null {
  return Array.isArray(value) ? value : null;
}

function given(value: Json | undefined): value is NonNullable<Json> {
  return value !== undefined && value !== null;
}
