import { isJsonObject } from '../../json.ts';
import type { Json, JsonObject } from '../../json.ts';
import { adaptCompute } from './adapt-compute.ts';
import { adaptCollection, adaptDelete, adaptList, adaptMkdir, adaptStat } from './adapt-files.ts';
import { adaptEvaluate, adaptHello, adaptIngest, adaptNotify } from './adapt-others.ts';
import { adaptPermission } from './adapt-permission.ts';
import { adaptTransfer } from './adapt-transfer.ts';
import { foreignFields } from './foreign-dialects.ts';
import type { ForeignAction, ForeignMapping } from './foreign-mapping.ts';
import { ForeignReader } from './foreign-reader.ts';

/** The input of our action, or every reason why there is none. */
export type AdaptedInput = { input: JsonObject } | { problems: string[] };

type Adapter = (input: JsonObject, reader: ForeignReader) => JsonObject;

const adapters: Readonly<Record<ForeignAction, Adapter>> = {
  'interpulse:transfer': adaptTransfer,
  'interpulse:compute': adaptCompute,
  'interpulse:list': adaptList,
  'interpulse:stat': adaptStat,
  'interpulse:mkdir': adaptMkdir,
  'interpulse:delete': adaptDelete,
  'interpulse:collection': adaptCollection,
  'interpulse:access': adaptPermission,
  'interpulse:ingest': adaptIngest,
  'interpulse:notify': adaptNotify,
  'interpulse:evaluate': adaptEvaluate,
  'interpulse:hello': adaptHello,
  'interpulse:skip': () => ({}),
};

/** Turns the input of one of Globus' actions, in any of its dialects, into that of ours. */
export function adaptForeignInput(
  action: ForeignAction,
  input: Json,
  mapping: ForeignMapping,
): AdaptedInput {
  if (!isJsonObject(input)) return { problems: ['the input is no object'] };
  const reader = new ForeignReader(mapping);
  const fields = foreignFields[action];
  for (const name of Object.keys(input)) {
    if (action === 'interpulse:skip' || Object.hasOwn(fields, name)) continue;
    reader.problem(`${name} has no meaning for ${action}`);
  }
  const adapted = adapters[action](input, reader);
  return reader.problems.length > 0 ? { problems: reader.problems } : { input: adapted };
}
