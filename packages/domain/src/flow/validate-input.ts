import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Fault } from '../error.ts';
import { flowLimits } from './flow-limits.ts';
import { compilingProblem, countedSchema, SchemaWork, sizeOf, TooMuchWork } from './schema-work.ts';
import { measureJson } from '../json.ts';
import type { JsonObject, JsonTrail } from '../json.ts';
import { formFormats, ownNameFormat, ownNamePattern, withOwnNames } from './with-own-names.ts';

/** Hints for forms that Globus' input schemas carry beside draft-07. */
const formKeywords = ['propertyOrder'];

/** Checks that an input schema is one of JSON Schema draft-07. Its faults, or none. */
export function checkInputSchema(schema: JsonObject): Fault[] {
  const compiled = compile(schema);
  return 'faults' in compiled ? compiled.faults : [];
}

/**
 * Checks the input of a flow run, or the parameters of an app, against a JSON Schema (draft-07):
 * all faults, each with its path. A schema that is none gives its own faults, under `input_schema`.
 */
export function validateInput(schema: JsonObject, input: unknown): Fault[] {
  const { stateBytes, stateDepth } = flowLimits;
  const { sizeBytes, depth } = measureJson(input, stateBytes, stateDepth);
  if (sizeBytes > stateBytes || depth > stateDepth) {
    const msg = `the input is larger than ${stateBytes} bytes or nested deeper than ${stateDepth}`;
    return [{ loc: [], msg, type: 'too_big' }];
  }
  const compiled = compile(schema);
  if ('faults' in compiled) {
    return compiled.faults.map((fault) => ({ ...fault, loc: ['input_schema', ...fault.loc] }));
  }
  return compiled.check(input, sizeBytes);
}

type Check = (input: unknown, sizeBytes: number) => Fault[];
type Compiled = { check: Check } | { faults: Fault[] };

/** Compiling takes some ten milliseconds, and every run asks for a schema: they are kept. */
const compiledSchemas = new Map<string, Compiled>();
/** Thousands of jobs of one request are checked against the same object. */
const compiledObjects = new WeakMap<JsonObject, Compiled>();

function compile(schema: JsonObject): Compiled {
  const known = compiledObjects.get(schema) ?? compileText(schema);
  compiledObjects.set(schema, known);
  return known;
}

function compileText(schema: JsonObject): Compiled {
  const { definitionBytes, definitionDepth } = flowLimits;
  const { sizeBytes, depth } = measureJson(schema, definitionBytes, definitionDepth);
  // Before anything else that walks it: what is nested deeply enough ends the stack.
  if (sizeBytes > definitionBytes || depth > definitionDepth) {
    return { faults: [{ loc: [], msg: 'the schema is too large', type: 'too_big' }] };
  }
  const problem = compilingProblem(schema);
  if (problem !== null) return { faults: [{ loc: [], msg: problem, type: 'too_big' }] };
  const key = JSON.stringify(schema);
  const known = compiledSchemas.get(key);
  if (known) return known;
  const compiled = compileAnew(schema);
  if (compiledSchemas.size >= flowLimits.compiledSchemas) {
    compiledSchemas.delete(compiledSchemas.keys().next().value ?? '');
  }
  compiledSchemas.set(key, compiled);
  return compiled;
}

/** A compiler of its own for every schema, since one would keep all that it has ever seen. */
function compileAnew(schema: JsonObject): Compiled {
  const { $schema: _, $id: __, ...rest } = schema;
  const work = new SchemaWork();
  const first = compilerOf(work, false);
  try {
    work.allow(flowLimits.schemaSteps);
    if (first.validateSchema(rest) !== true) return { faults: (first.errors ?? []).map(faultOf) };
    const counted = countedSchema(withOwnNames(rest));
    const finds = first.compile(counted);
    let findsAll: ValidateFunction | undefined;
    const check: Check = (input, bytes) => {
      const run = (validate: ValidateFunction): Fault[] => {
        work.allow(flowLimits.schemaSteps);
        work.spend((bytes * sizeOf(rest)) / 4096);
        return validate(input) ? [] : (validate.errors ?? []).map(faultOf);
      };
      const faults = runOrSay(() => run(finds));
      // All faults of a large input may be millions, and cost the square of that.
      if (faults.length === 0 || bytes > flowLimits.allFaultsBytes) return faults;
      const found = runOrSay(() => run((findsAll ??= compilerOf(work, true).compile(counted))));
      return found.some(({ type }) => type === tooMuch) ? faults : found;
    };
    return { check };
  } catch (error) {
    const msg = error instanceof Error ? error.message : String(error);
    return { faults: [{ loc: [], msg: `the schema cannot be used: ${msg}`, type: 'schema' }] };
  }
}

const tooMuch = 'too_much_work';

function runOrSay(run: () => Fault[]): Fault[] {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TooMuchWork || error instanceof RangeError)) throw error;
    // The stack ends where a schema refers to itself before it looks at anything deeper.
    const isSteps = error instanceof TooMuchWork;
    const why = isSteps ? error.message : 'the schema refers to itself without end';
    return [{ loc: [], msg: `${why}: simplify the schema`, type: tooMuch }];
  }
}

function compilerOf(work: SchemaWork, allErrors: boolean): Ajv {
  const regExp = Object.assign((source: string) => work.pattern(source), { code: 'safePattern' });
  const code = { regExp };
  const options = {
    strict: false,
    validateFormats: true,
    logger: false,
    inlineRefs: false,
    // Errors then carry the schema that says which names there are.
    verbose: true,
  } as const;
  const ajv = new Ajv({ ...options, allErrors, code });
  addFormats.default(ajv);
  work.addTo(ajv);
  for (const keyword of formKeywords) ajv.addKeyword(keyword);
  for (const format of formFormats) ajv.addFormat(format, true);
  ajv.addFormat(ownNameFormat, ownNamePattern);
  return ajv;
}

function faultOf(error: ErrorObject): Fault {
  const { instancePath, keyword, params } = error;
  const loc: JsonTrail = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const extra: unknown = params['missingProperty'] ?? params['additionalProperty'];
  if (typeof extra === 'string') loc.push(extra);
  return { loc, msg: wordsOf(error), type: keyword };
}

/** Names told of an object that knows more, and values of a list that has more. */
const namesTold = 20;
/** Characters told of the values that there are. */
const valuesToldCharacters = 1000;

function wordsOf({ keyword, message = 'is not valid', params, parentSchema }: ErrorObject): string {
  if (keyword === 'required') return 'this field is required';
  if (keyword === 'format' && params['format'] === ownNameFormat) {
    return 'must be a name of this hub, or a UUID that its mapping knows';
  }
  if (keyword === 'additionalProperties') {
    const known = Object.keys((parentSchema?.['properties'] ?? {}) as object).slice(0, namesTold);
    const there = known.length === 0 ? '' : `; there are ${known.join(', ')}`;
    return `there is no field ${String(params['additionalProperty'])} here${there}`;
  }
  const allowed = params['allowedValues'] as unknown;
  if (!Array.isArray(allowed)) return message;
  const told = allowed.slice(0, namesTold).map((value) => JSON.stringify(value));
  const more = allowed.length > namesTold ? [`and ${allowed.length - namesTold} more`] : [];
  return `${message}: ${[...told, ...more].join(', ').slice(0, valuesToldCharacters)}`;
}
