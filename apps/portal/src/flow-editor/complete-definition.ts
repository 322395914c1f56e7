import { flowGraph, type FlowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { isJsonObject, type JsonObject, type JsonTrail } from '@interpulse/domain/json.ts';
import { fieldWords, typeWords } from './field-words.ts';
import { placeAt, readFlowText, type FlowText, type TextFormat } from './flow-text.ts';
import { producedPaths } from './produced-paths.ts';
import { keysOf, schemasAt, valuesOf } from './schema-at.ts';

/** One thing that may be written at the cursor. */
export interface Proposal {
  /** What is shown and searched. */
  label: string;
  /** In small print beside it. */
  detail: string;
  info: string;
  /** What is written in place of the word at the cursor. */
  insert: string;
  kind: 'key' | 'value' | 'state' | 'path';
}

/** What may be written at a position, in place of the text from `from` to `to`. */
export interface Proposals {
  from: number;
  to: number;
  items: Proposal[];
}

/** What completion knows beside the text. */
export interface Language {
  definition: JsonObject;
  /** Inputs of built-in actions by name. */
  actions: Record<string, JsonObject>;
  inputSchema: JsonObject;
  /** Names of errors that may be caught. */
  errors: readonly string[];
}

const marker = '\u00B6cursor\u00B6';
const wordCharacter = /[\w.$=:/[\]-]/;
/** Keys whose value is the name of a state beside. */
const stateKeys = new Set(['Next', 'Default', 'StartAt']);
/** Keys whose value is a JSONPath of what is there already. */
const pathKeys = /(\.\$|^Variable|^InputPath|^ItemsPath|Path)$/;

/** What may be written at a position of a text, however unfinished the text is. */
export function completeDefinition(
  text: string,
  format: TextFormat,
  position: number,
  language: Language,
): Proposals | null {
  const cursor = markCursor(text, format, position);
  const read = readFlowText(cursor.text, 'yaml');
  const at = cursor.text.indexOf(marker);
  const place = placeAt(read, at);
  if (place === null) return null;
  // Half a text may be no JSON but is still a tree.
  const value = read.value ?? treeOf(read.document);
  const whole = { from: cursor.from, to: cursor.to };
  const writer = { format, isQuoted: cursor.isQuoted, hasColon: cursor.hasColon };
  const trail = cleaned(place.at);
  if (place.isKey) {
    const around = trail.slice(0, -1);
    return { ...whole, items: keyProposals(around, value, language, writer) };
  }
  const items = valueProposals(trail, value, language, writer);
  if (items.length > 0) return { ...whole, items };
  // Where an object belongs and nothing stands yet, its keys are of use.
  const keys = format === 'yaml' ? keyProposals(trail, value, language, writer) : [];
  return keys.length === 0 ? null : { ...whole, items: keys };
}

interface Writer {
  format: TextFormat;
  /** Whether the cursor stands in quotes, which stay. */
  isQuoted: boolean;
  /** Whether a colon follows already. */
  hasColon: boolean;
}

interface MarkedCursor extends Writer {
  text: string;
  from: number;
  to: number;
}

/** Puts a name in place of the word at the cursor, so that the parser finds where it stands. */
function markCursor(text: string, format: TextFormat, position: number): MarkedCursor {
  let from = position;
  while (from > 0 && wordCharacter.test(text[from - 1] ?? '')) from -= 1;
  let to = position;
  while (to < text.length && /[\w.$[\]-]/.test(text[to] ?? '')) to += 1;
  const before = text.slice(0, from);
  const after = text.slice(to);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const isQuoted = (line.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;
  const hasColon = /^"?\s*:/.test(after);
  const mark = markWords({ before, after, line, isQuoted, hasColon, format });
  return { text: before + mark + after, from, to, format, isQuoted, hasColon };
}

function markWords(cursor: {
  before: string;
  after: string;
  line: string;
  isQuoted: boolean;
  hasColon: boolean;
  format: TextFormat;
}): string {
  const { before, after, line, isQuoted, hasColon, format } = cursor;
  if (isQuoted) return /^[^"\n]*"/.test(after) ? marker : `${marker}"`;
  if (format === 'json') {
    // Without the comma that is still to be written the parser would read one word.
    const needsComma = !/[{[,:]\s*$/.test(before);
    return `${needsComma ? ', ' : ''}"${marker}"`;
  }
  const startsLine = /^\s*$/.test(line);
  return startsLine && !hasColon && /^\s*(\n|$)/.test(after) ? `${marker}: ` : marker;
}

function cleaned(at: JsonTrail): JsonTrail {
  return at.filter((step) => step !== marker || at.at(-1) === marker);
}

/** The plain value of a document with errors, as far as it goes. */
function treeOf(document: FlowText['document']): unknown {
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch {
    return undefined;
  }
}

function keyProposals(
  around: JsonTrail,
  value: unknown,
  language: Language,
  writer: Writer,
): Proposal[] {
  const present = valueAt(value, around);
  const taken = new Set(isJsonObject(present) ? Object.keys(present) : []);
  const inputs = actionInputs(around, value, language);
  const schemas = inputs ?? schemasAt(language.definition, around, value);
  return keysOf(schemas)
    .filter(({ name }) => !taken.has(name) && !taken.has(`${name}.$`) && !taken.has(`${name}.=`))
    .flatMap(({ name, isRequired, schema }) => {
      const type = isJsonObject(schema) ? schema['type'] : undefined;
      const detail = `${isRequired ? 'needed, ' : ''}${typeof type === 'string' ? type : ''}`;
      const info = fieldWords[name] ?? '';
      const forms = inputs === null ? [name] : [name, `${name}.$`, `${name}.=`];
      return forms.map((label): Proposal => {
        const insert = keyText(label, schema, writer);
        return { label, detail: detail.replace(/, $/, ''), info, insert, kind: 'key' };
      });
    });
}

function keyText(name: string, schema: unknown, writer: Writer): string {
  if (writer.hasColon) return name;
  if (writer.format === 'yaml') return writer.isQuoted ? name : `${name}: `;
  if (writer.isQuoted) return name;
  const isObject = isJsonObject(schema) && schema['type'] === 'object';
  const isList = isJsonObject(schema) && schema['type'] === 'array';
  return `${JSON.stringify(name)}: ${isObject ? '{}' : isList ? '[]' : ''}`;
}

/** The schema of what a built-in action is given, when `around` is inside its Parameters. */
function actionInputs(around: JsonTrail, value: unknown, language: Language): JsonObject[] | null {
  const place = around.lastIndexOf('Parameters');
  if (place < 0) return null;
  const state = valueAt(value, around.slice(0, place));
  const url = isJsonObject(state) ? state['ActionUrl'] : undefined;
  if (typeof url !== 'string' || !url.startsWith('interpulse:')) return null;
  const schema = language.actions[url.slice('interpulse:'.length)];
  if (schema === undefined) return null;
  return schemasAt(schema, around.slice(place + 1), undefined);
}

function valueProposals(
  at: JsonTrail,
  value: unknown,
  language: Language,
  writer: Writer,
): Proposal[] {
  const key = at.at(-1);
  if (typeof key === 'string' && stateKeys.has(key)) {
    return stateProposals(at, value, writer);
  }
  if (at.at(-2) === 'ErrorEquals') {
    return language.errors.map((name) => proposal(name, 'an error', '', writer, 'value'));
  }
  if (key === 'ActionUrl' || key === 'Url') {
    return Object.keys(language.actions).map((name) =>
      proposal(`interpulse:${name}`, 'built in', '', writer, 'value'),
    );
  }
  if (key === 'RunAs') {
    return ['User', 'Flow'].map((name) =>
      proposal(name, '', fieldWords['RunAs'] ?? '', writer, 'value'),
    );
  }
  if (typeof key === 'string' && pathKeys.test(key)) {
    const graph = flowGraph(value);
    const own = stateAround(graph, at);
    const isResult = key === 'ResultPath';
    if (isResult) return resultPaths(own, writer);
    return producedPaths(value, graph, own, language.inputSchema).map(({ path, from }) =>
      proposal(path, from, '', writer, 'path'),
    );
  }
  const inputs = actionInputs(at, value, language);
  return valuesOf(inputs ?? schemasAt(language.definition, at, value)).map((each) => {
    const words = typeof each === 'string' ? each : JSON.stringify(each);
    const info = key === 'Type' ? (typeWords[words] ?? '') : '';
    return {
      label: words,
      detail: info,
      info: '',
      insert: typeof each === 'string' ? quoted(each, writer) : words,
      kind: 'value',
    };
  });
}

function resultPaths(state: string | null, writer: Writer): Proposal[] {
  const own = state === null ? [] : [`$.${state.replaceAll(/\W+/g, '_')}`];
  return own.map((path) => proposal(path, "this state's own", '', writer, 'path'));
}

function proposal(
  label: string,
  detail: string,
  info: string,
  writer: Writer,
  kind: Proposal['kind'],
): Proposal {
  return { label, detail, info, insert: quoted(label, writer), kind };
}

function quoted(text: string, { format, isQuoted }: Writer): string {
  if (isQuoted) return JSON.stringify(text).slice(1, -1);
  // In YAML a plain word may not begin like something else.
  const isPlain = format === 'yaml' && /^[\w$][\w$.:/ -]*$/.test(text) && !/: |\s$/.test(text);
  return isPlain ? text : JSON.stringify(text);
}

/** The states of the small flow that the cursor is in. */
function stateProposals(at: JsonTrail, value: unknown, writer: Writer): Proposal[] {
  const graph = flowGraph(value);
  const own = stateAround(graph, at);
  const place = at.lastIndexOf('States');
  const around = at.at(-1) === 'StartAt' ? at.slice(0, -1) : at.slice(0, Math.max(0, place));
  const states = valueAt(value, [...around, 'States']);
  const names = isJsonObject(states) ? Object.keys(states) : [];
  return names
    .filter((name) => name !== own && name !== marker)
    .map((name) => {
      const node = graph.nodes.find((each) => each.name === name);
      return proposal(name, node?.type ?? '', node?.comment ?? '', writer, 'state');
    });
}

/** The innermost state that a trail leads into. */
function stateAround(graph: FlowGraph, at: JsonTrail): string | null {
  const around = graph.nodes.filter(
    (node) => node.type !== 'missing' && node.at.every((step, index) => at[index] === step),
  );
  return around.toSorted((one, other) => other.at.length - one.at.length)[0]?.name ?? null;
}

function valueAt(document: unknown, at: JsonTrail): unknown {
  let value = document;
  for (const step of at) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
