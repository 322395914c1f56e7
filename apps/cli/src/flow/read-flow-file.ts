import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Fault } from '@interpulse/domain/error.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { tryDocument } from '../read-document.ts';
import type { Place } from './locate-fault.ts';

/** A definition as it was found in a file, in any of the forms that people keep them in. */
export interface FlowFile {
  file: string;
  name: string;
  title: string;
  description: string;
  definition: unknown;
  inputSchema: JsonObject;
  /** The file holds the definition alone. */
  isBare: boolean;
  /** What the input schema is called in the file. */
  schemaKey: string;
  /** The other fields of the file, such as `project` or `starters`. */
  more: JsonObject;
  /** Why the file cannot be read; empty when it can. */
  faults: Fault[];
  /** Where it stops being JSON or YAML; null where it does not. */
  brokenAt: Place | null;
}

/**
 * Reads a definition from JSON or YAML: bare, or as `{definition, input_schema}`. Beside
 * `NAME.definition.json` its `NAME.input-schema.json` is read too, when it is there.
 */
export function readFlowFile(file: string): FlowFile {
  const empty = {
    ...{ file, name: nameOf(file), title: '', description: '', inputSchema: {} },
    ...{ isBare: true, schemaKey: 'inputSchema', more: {}, brokenAt: null },
  };
  const read = readWhole(file);
  if ('fault' in read) {
    return { ...empty, definition: null, faults: [read.fault], brokenAt: read.brokenAt };
  }
  const { document } = read;
  if (!isJsonObject(document) || !('definition' in document)) {
    const beside = schemaBeside(file);
    const faults = beside.faults.map((fault) => ({ ...fault, loc: ['inputSchema', ...fault.loc] }));
    return { ...empty, definition: document, inputSchema: beside.schema, faults };
  }
  const { definition, title, description, name, ...others } = document;
  const schemaKey = 'input_schema' in document ? 'input_schema' : 'inputSchema';
  const schema = document[schemaKey] ?? {};
  const { input_schema: _, inputSchema: __, ...more } = others;
  const fault = { loc: ['inputSchema'], msg: 'must be an object', type: 'invalid_type' };
  return {
    ...empty,
    ...(typeof name === 'string' ? { name } : {}),
    ...{ isBare: false, schemaKey, more },
    title: typeof title === 'string' ? title : '',
    description: typeof description === 'string' ? description : '',
    definition,
    inputSchema: isJsonObject(schema) ? schema : {},
    faults: isJsonObject(schema) ? [] : [fault],
  };
}

function schemaBeside(file: string): { schema: JsonObject; faults: Fault[] } {
  const path = file.replace(/\.definition\.(json|ya?ml)$/, '.input-schema.$1');
  if (path === file || !existsSync(path)) return { schema: {}, faults: [] };
  const read = readWhole(path);
  if ('fault' in read) {
    const where = read.brokenAt === null ? '' : `${path}:${read.brokenAt.line}: `;
    return { schema: {}, faults: [{ ...read.fault, msg: `${where}${read.fault.msg}` }] };
  }
  if (isJsonObject(read.document)) return { schema: read.document, faults: [] };
  const fault = { loc: [], msg: `${path} does not hold an object`, type: 'invalid_type' };
  return { schema: {}, faults: [fault] };
}

function readWhole(file: string): { document: unknown } | Broken {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  // A schema may be as long as the definition.
  if (size > 2 * flowLimits.definitionBytes) return broken(`${file} is too long`, 'too_big', null);
  const read = tryDocument(file);
  if ('document' in read) return read;
  return broken(read.problem, read.place === null ? 'unreadable' : 'syntax', read.place);
}

/** A file in which nothing can be looked at. */
interface Broken {
  fault: Fault;
  brokenAt: Place | null;
}

function broken(msg: string, type: string, brokenAt: Place | null): Broken {
  return { fault: { loc: [], msg, type }, brokenAt };
}

/** `Tar Transfer.definition.json` gives `tar-transfer`. */
function nameOf(file: string): string {
  const plain = basename(file).replace(/(\.(definition|flow))?\.(json|ya?ml)$/i, '');
  const name = plain.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-');
  return name.replace(/^[^a-z0-9]+/, '').slice(0, 63) || 'flow';
}
