import { isJsonObject } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { isGiven } from './foreign-reader.ts';
import type { ForeignReader } from './foreign-reader.ts';

/** Globus' transfer, either dialect, as the input of `interpulse:transfer`. */
export function adaptTransfer(input: JsonObject, reader: ForeignReader): JsonObject {
  const source = reader.name('collections', input, ['source_endpoint_id', 'source_endpoint']);
  const destination = reader.name('collections', input, [
    'destination_endpoint_id',
    'destination_endpoint',
  ]);
  const items = reader.list(input, ['transfer_items', 'DATA']);
  if (items === null) reader.problem('transfer_items or DATA must be a list');
  return {
    items: (items ?? []).map((item) => {
      if (!isJsonObject(item)) {
        reader.problem('an item of a transfer must be an object');
        return null;
      }
      const { recursive } = item;
      return {
        source: `${source}:${reader.path(item, 'source_path')}`,
        destination: `${destination}:${reader.path(item, 'destination_path')}`,
        ...(isGiven(recursive) ? { recursive } : {}),
      };
    }),
    ...(typeof input['label'] === 'string' ? { label: input['label'] } : {}),
  };
}
