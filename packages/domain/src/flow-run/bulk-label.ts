import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { limits } from '../limits.ts';
import { baseName, locationSchema } from '../location.ts';

/** What one flow run of a bulk start is about. */
export interface BulkItem {
  /** Counted from 0. */
  position: number;
  input: JsonObject;
  /** Of the dataset that it is started for. */
  title: string | null;
  /** Of the flow run that it does again. */
  redoneLabel: string | null;
}

/**
 * What a flow run of a bulk start is called, so that it can be told from the others: the label of
 * the bulk start with what it is about, which is the flow run that it does again, the dataset, the
 * first file that its input names, or else its number.
 */
export function bulkLabel(batch: { label: string; flowName: string }, item: BulkItem): string {
  if (batch.label === '' && item.redoneLabel) return item.redoneLabel;
  const about = item.redoneLabel || item.title || fileName(item.input);
  const rest = about === null ? ` ${item.position + 1}` : `: ${about}`;
  const end = rest.slice(0, limits.nameLength / 2);
  return (batch.label || batch.flowName).slice(0, limits.nameLength - end.length) + end;
}

/** The name of the first location among the members of the input, or of its `input`. */
function fileName(input: JsonObject): string | null {
  const inner = isJsonObject(input['input']) ? Object.values(input['input']) : [];
  const location = [...Object.values(input), ...inner].find(isFile);
  return location === undefined ? null : baseName(location) || null;
}

function isFile(value: Json): value is string {
  return typeof value === 'string' && locationSchema.safeParse(value).success;
}
