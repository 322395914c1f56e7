import type { Json, JsonObject } from '../../json.ts';
import { isGiven } from './foreign-reader.ts';
import type { ForeignReader } from './foreign-reader.ts';

const endpoint = ['endpoint_id', 'endpoint'];

/** Globus' ls as the input of `interpulse:list`. */
export function adaptList(input: JsonObject, reader: ForeignReader): JsonObject {
  const { limit, path_only: itself } = input;
  return {
    location: locationOf(input, reader),
    answerAs: 'globus',
    ...(isGiven(limit) ? { limit } : {}),
    ...(itself === true ? { itself } : {}),
  };
}

/** Globus' stat as the input of `interpulse:stat`. */
export function adaptStat(input: JsonObject, reader: ForeignReader): JsonObject {
  return { location: locationOf(input, reader), answerAs: 'globus' };
}

/** Globus' mkdir as the input of `interpulse:mkdir`. */
export function adaptMkdir(input: JsonObject, reader: ForeignReader): JsonObject {
  return { location: locationOf(input, reader) };
}

/** Globus' delete, either dialect, as the input of `interpulse:delete`. */
export function adaptDelete(input: JsonObject, reader: ForeignReader): JsonObject {
  const collection = reader.name('collections', input, endpoint);
  const items = reader.list(input, ['DATA', 'items']);
  if (items === null) reader.problem('DATA or items must be a list');
  const { recursive, ignore_missing: ignoreMissing } = input;
  return {
    locations: (items ?? []).map((item) => `${collection}:${pathOfItem(item, reader)}`),
    ...(isGiven(recursive) ? { recursive } : {}),
    ...(isGiven(ignoreMissing) ? { ignoreMissing } : {}),
  };
}

/** Globus' collection_info as the input of `interpulse:collection`. */
export function adaptCollection(input: JsonObject, reader: ForeignReader): JsonObject {
  return { collection: reader.name('collections', input, ['collection_id', ...endpoint]) };
}

function locationOf(input: JsonObject, reader: ForeignReader): string {
  const collection = reader.name('collections', input, endpoint);
  const path = isGiven(input['path']) ? reader.path(input, 'path') : '/';
  return `${collection}:${path}`;
}

/** The older dialect lists paths, the newer one objects with a path. */
function pathOfItem(item: Json, reader: ForeignReader): string {
  const object = typeof item === 'string' ? { path: item } : reader.object(item, 'an item');
  return reader.path(object, 'path');
}
