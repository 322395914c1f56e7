import { flowLimits } from './flow-limits.ts';
import type { FlowProgress } from './flow-progress.ts';
import { privateWithin } from './flow-scope.ts';
import type { Shown } from './flow-scope.ts';
import { isJsonObject, measureJson } from '../json.ts';
import type { JsonMeasure, JsonObject } from '../json.ts';
import { parseJsonPath } from './json-path.ts';
import { writeResultPath } from './result-path.ts';
import { errorNames, StateError } from './state-error.ts';

/** A state document, of a run or of a branch, and where in it the private values are. */
export type StateDocument = Pick<FlowProgress, 'data' | 'privatePaths' | 'sizeBytes'>;

/**
 * A state document with a state's result in it, and account kept of what is private in it.
 * Throws a `StateError` when the path cannot be written or the document would grow past a limit.
 */
function writeResult(before: StateDocument, output: Shown, resultPath: string): StateDocument {
  checkSize(output.value, 'the result');
  const data = writeResultPath(before.data, resultPath, output.value);
  const parsed = parseJsonPath(resultPath);
  const trail = 'trail' in parsed ? parsed.trail : [];
  const sizeBytes = sizeAfter(before, data, trail[0]);
  const kept = before.privatePaths.filter(
    (path) => path.length < trail.length || privateWithin(trail, [path]).length === 0,
  );
  const added = output.privatePaths.map((path) => [...trail, ...path]);
  return { data, privatePaths: [...kept, ...added], sizeBytes };
}

/** Only the member that was written is measured: the others may be megabytes, and are as before. */
function sizeAfter(before: StateDocument, data: JsonObject, member?: string | number): number {
  const what = 'the state document';
  if (member === undefined) return checkSize(data, what);
  const part = (of: JsonObject): JsonObject =>
    Object.hasOwn(of, member) ? { [member]: of[member] ?? null } : {};
  const measured = checkSize(part(data), what) - checkSize(part(before.data), what);
  const sizeBytes = before.sizeBytes + measured;
  const problem = problemOfMeasure({ sizeBytes, depth: 0 });
  if (problem !== null) throw new StateError(errorNames.limit, `${what}: ${problem}`);
  return sizeBytes;
}

/** Like {@link writeResult}; the `StateError` is its answer, not thrown. */
export function tryWriteResult(
  before: StateDocument,
  output: Shown,
  resultPath: string,
): ReturnType<typeof writeResult> | StateError {
  try {
    return writeResult(before, output, resultPath);
  } catch (error) {
    if (error instanceof StateError) return error;
    throw error;
  }
}

/** Why a value cannot be the input of a flow run, or null. */
export function problemOfInput(input: unknown): string | null {
  if (!isJsonObject(input)) return 'not an object';
  return Object.hasOwn(input, '_context') ? '_context is read-only' : sizeProblem(input);
}

/** The size of a value in bytes. Throws a `StateError` when it passes the limits of a state. */
export function checkSize(value: unknown, what: string): number {
  const { stateBytes, stateDepth } = flowLimits;
  const measure = measureJson(value, stateBytes, stateDepth);
  const problem = problemOfMeasure(measure);
  if (problem !== null) throw new StateError(errorNames.limit, `${what}: ${problem}`);
  return measure.sizeBytes;
}

function sizeProblem(value: unknown): string | null {
  const { stateBytes, stateDepth } = flowLimits;
  return problemOfMeasure(measureJson(value, stateBytes, stateDepth));
}

function problemOfMeasure({ sizeBytes, depth }: JsonMeasure): string | null {
  const { stateBytes, stateDepth } = flowLimits;
  if (sizeBytes > stateBytes) return `larger than ${stateBytes} bytes; pass locations, not data`;
  return depth > stateDepth ? `nested deeper than ${stateDepth}` : null;
}
