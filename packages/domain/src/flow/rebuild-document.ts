import type { FlowLogEntry } from '../flow-run/flow-run.ts';
import { isJsonObject } from '../json.ts';
import type { Json, JsonObject, JsonTrail } from '../json.ts';
import { followTrail, parseJsonPath } from './json-path.ts';
import { redacted } from './redact.ts';
import { writeResultPath } from './result-path.ts';

/** What is stored of a flow run, and before which of its visits its document is wanted. */
export interface RebuildRequest {
  /** The document with which it began, with private values in clear. */
  start: JsonObject;
  /** Its whole log in order; values of it are hidden or left out where they must be. */
  log: readonly Pick<FlowLogEntry, 'code' | 'details'>[];
  /** The document as it is now or at the end, in clear. */
  last: JsonObject;
  /** The state of the flow itself, and which visit of it, from 1 on; the last one when null. */
  state: string;
  visit: number | null;
}

/** A state document as it was, and what of it is private. */
export interface RebuiltDocument {
  document: JsonObject;
  privatePaths: JsonTrail[];
  /** Paths of values that are nowhere stored any more. */
  missing: JsonTrail[];
}

/** A value that the log does not have. */
interface Gap {
  trail: JsonTrail;
  isPrivate: boolean;
}

/**
 * The state document as it was when a state was entered: the start, with what each state before
 * left written where it wrote it. What the log hides is taken from the last document, where no
 * later state wrote over it. Undefined when the state was not entered.
 */
export function rebuildDocument(request: RebuildRequest): RebuiltDocument | undefined {
  const lines = request.log.filter(({ details }) => pathOf(details) === null);
  const entries = lines.flatMap((line, index) =>
    line.code.endsWith('Started') && stateOf(line) === request.state ? [index] : [],
  );
  const at = request.visit === null ? entries.at(-1) : entries[request.visit - 1];
  if (at === undefined) return undefined;
  let document = request.start;
  let gaps: Gap[] = [];
  for (const write of lines.slice(0, at).flatMap(writeOf)) {
    document = writeResultPath(document, write.path, write.value);
    gaps = gaps.filter(({ trail }) => !covers(write.trail, trail));
    gaps.push(...gapsIn(write.value, write.trail));
  }
  const later = lines.slice(at).flatMap(writeOf);
  const missing: JsonTrail[] = [];
  for (const { trail } of gaps) {
    const changed = later.some((write) => covers(write.trail, trail) || covers(trail, write.trail));
    const found = followTrail(request.last, trail);
    if (changed || !found.found) missing.push(trail);
    else document = replaceAt(document, trail, found.value) as JsonObject;
  }
  const privatePaths = gaps.filter(({ isPrivate }) => isPrivate).map(({ trail }) => trail);
  return { document, privatePaths, missing };
}

interface Write {
  path: string;
  trail: JsonTrail;
  value: Json;
}

function writeOf({ code, details }: Pick<FlowLogEntry, 'code' | 'details'>): Write[] {
  if (!/(Completed|Caught)$/.test(code) || !isJsonObject(details)) return [];
  const { result_path: path, output: value } = details;
  if (typeof path !== 'string' || value === undefined) return [];
  const parsed = parseJsonPath(path);
  return 'trail' in parsed ? [{ path, trail: parsed.trail, value }] : [];
}

function pathOf(details: Json): Json | null {
  return isJsonObject(details) ? (details['path'] ?? null) : null;
}

function stateOf({ details }: Pick<FlowLogEntry, 'details'>): Json | undefined {
  return isJsonObject(details) ? details['state_name'] : undefined;
}

function gapsIn(value: Json, trail: JsonTrail): Gap[] {
  if (value === redacted) return [{ trail, isPrivate: true }];
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => gapsIn(inner, [...trail, index]));
  }
  if (!isJsonObject(value)) return [];
  const names = Object.keys(value);
  if (names.length === 2 && 'omitted' in value && 'limit_bytes' in value) {
    return [{ trail, isPrivate: false }];
  }
  return names.flatMap((name) => gapsIn(value[name] ?? null, [...trail, name]));
}

function covers(outer: JsonTrail, inner: JsonTrail): boolean {
  return outer.length <= inner.length && outer.every((step, index) => step === inner[index]);
}

function replaceAt(document: Json, [step, ...rest]: JsonTrail, value: Json): Json {
  if (step === undefined) return value;
  if (Array.isArray(document) && typeof step === 'number') {
    return document.with(step, replaceAt(document[step] ?? null, rest, value));
  }
  if (!isJsonObject(document)) return document;
  return { ...document, [step]: replaceAt(document[step] ?? null, rest, value) };
}
