import type { Fault } from '@interpulse/domain/error.ts';
import {
  actionInputJsonSchemas,
  definitionJsonSchema,
} from '@interpulse/domain/flow/definition-json-schema.ts';
import { parseDefinition } from '@interpulse/domain/flow/definition.ts';
import { flowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { anyError, errorNames } from '@interpulse/domain/flow/state-error.ts';
import { checkInputSchema } from '@interpulse/domain/flow/validate-input.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import type { EditorLanguage, TextMark } from './code-editor.tsx';
import { completeDefinition } from './complete-definition.ts';
import { fieldWords, typeWords } from './field-words.ts';
import { placeAt, rangeOf, readFlowText, type FlowText, type TextFormat } from './flow-text.ts';
import { stateSentence } from '../flow-diagram/state-words.ts';

/** A fault with its weight, as the checks of the language tell it. */
export type Problem = Fault & { severity: TextMark['severity'] };

const caughtErrors = [...new Set([anyError, ...Object.values(errorNames)])];
const schemas = { definition: definitionJsonSchema(), actions: actionInputJsonSchemas() };

/** What is wrong with a definition, and what is worth a look; the same function as the hub's. */
export function definitionProblems(value: unknown, inputSchema: JsonObject): Problem[] {
  const parsed = parseDefinition(value, inputSchema);
  if ('faults' in parsed) return parsed.faults.map((fault) => ({ ...fault, severity: 'error' }));
  return parsed.warnings.map(asWarning);
}

/** That Globus does not know a word of ours is good to know, and nothing to look after. */
export function asWarning(fault: Fault): Problem {
  return { ...fault, severity: fault.type === 'extension' ? 'info' : 'warning' };
}

/** Problems of a text, each at its place; a text that cannot be read has only that problem. */
export function marksOf(read: FlowText, problems: readonly Problem[]): TextMark[] {
  if (read.problems.length > 0)
    return read.problems.map((each) => ({ ...each, severity: 'error' }));
  return problems.map(({ loc, msg, severity, type }) => {
    const isWrongValue = type === 'unknown_state' || type === 'state_type' || type === 'json_path';
    return { ...rangeOf(read, loc, isWrongValue), msg, severity };
  });
}

/** The language of definitions for the editor. `further` are problems that the hub alone knows. */
export function definitionLanguage(
  format: TextFormat,
  inputSchema: JsonObject,
  further: readonly Problem[],
): EditorLanguage {
  const language = { ...schemas, inputSchema, errors: caughtErrors };
  return {
    marks: (text) => {
      const read = readFlowText(text, format);
      const own = read.value === undefined ? [] : definitionProblems(read.value, inputSchema);
      return marksOf(read, [...own, ...further]);
    },
    propose: (text, position) => completeDefinition(text, format, position, language),
    explain: (text, position) => explain(readFlowText(text, format), position),
  };
}

function explain(read: FlowText, position: number) {
  const place = placeAt(read, position);
  if (place === null) return null;
  const name = String(place.at.at(-1) ?? '');
  const around = place.at.at(-2);
  const graph = flowGraph(read.value);
  const stateOf = (wanted: unknown) => graph.nodes.find((node) => node.name === wanted);
  if (place.isKey && around === 'States') {
    const state = stateOf(name);
    return state === undefined ? null : { ...place.range, words: stateSentence(state, graph) };
  }
  if (place.isKey) {
    const words = fieldWords[name] ?? fieldWords[name.replace(/Path$/, '')];
    return words === undefined ? null : { ...place.range, words };
  }
  const value = valueAt(read.value, place.at);
  if (name === 'Type' && typeof value === 'string') {
    const words = typeWords[value];
    return words === undefined ? null : { ...place.range, words: `${value} ${words}.` };
  }
  const target = ['Next', 'Default', 'StartAt'].includes(name) ? stateOf(value) : undefined;
  return target === undefined ? null : { ...place.range, words: stateSentence(target, graph) };
}

/** The language of input schemas: JSON Schema draft-07 with hints for forms. */
export function inputSchemaLanguage(format: TextFormat): EditorLanguage {
  return {
    marks: (text) => {
      const read = readFlowText(text, format);
      return marksOf(read, inputSchemaProblems(read.value));
    },
    propose: (text, position) => proposeSchemaWords(text, format, position),
    explain: () => null,
  };
}

/** What is wrong with an input schema. */
export function inputSchemaProblems(value: unknown): Problem[] {
  if (value === undefined) return [];
  if (!isJsonObject(value)) {
    return [{ loc: [], msg: 'an input schema is an object', type: 'type', severity: 'error' }];
  }
  return checkInputSchema(value).map((fault) => ({ ...fault, severity: 'error' }));
}

const schemaShape: JsonObject = {
  type: 'object',
  properties: {
    type: { enum: ['object', 'string', 'number', 'integer', 'boolean', 'array', 'null'] },
    title: { type: 'string' },
    description: { type: 'string' },
    default: {},
    properties: { type: 'object', additionalProperties: { $ref: '#' } },
    required: { type: 'array', items: { type: 'string' } },
    additionalProperties: { type: 'boolean' },
    propertyOrder: { type: 'array', items: { type: 'string' } },
    items: { $ref: '#' },
    minItems: { type: 'integer' },
    maxItems: { type: 'integer' },
    enum: { type: 'array' },
    const: {},
    oneOf: { type: 'array', items: { $ref: '#' } },
    anyOf: { type: 'array', items: { $ref: '#' } },
    pattern: { type: 'string' },
    minLength: { type: 'integer' },
    maxLength: { type: 'integer' },
    minimum: { type: 'number' },
    maximum: { type: 'number' },
    format: {
      enum: ['date-time', 'uuid', 'interpulse-location', 'globus-collection', 'globus-principal'],
    },
  },
};

function proposeSchemaWords(text: string, format: TextFormat, position: number) {
  const language = { definition: schemaShape, actions: {}, inputSchema: {}, errors: [] };
  return completeDefinition(text, format, position, language);
}

function valueAt(document: unknown, at: (string | number)[]): unknown {
  let value = document;
  for (const step of at) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
