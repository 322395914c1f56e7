import { flowLimits } from './flow-limits.ts';
import type { FlowProgress } from './flow-progress.ts';
import { privateWithin } from './flow-scope.ts';
import type { Shown } from './flow-scope.ts';
import { isJsonObject, measureJson } from '../json.ts';
import { parseJsonPath } from './json-path.ts';
import { writeResultPath } from './result-path.ts';
import { errorNames, StateError } from './state-error.ts';

/**
 * A run with a state's result in its state document, and account kept of what is private in it.
 * Throws a `StateError` when the path cannot be written or the document would grow past a limit.
 */
export function writeResult(run: FlowProgress, output: Shown, resultPath: string): FlowProgress {
  checkSize(output.value, 'the result');
  const data = writeResultPath(run.data, resultPath, output.value);
  checkSize(data, 'the state document');
  const parsed = parseJsonPath(resultPath);
  const trail = 'trail' in parsed ? parsed.trail : [];
  const kept = run.privatePaths.filter(
    (path) => path.length < trail.length || privateWithin(trail, [path]).length === 0,
  );
  const added = output.privatePaths.map((path) => [...trail, ...path]);
  return { ...run, data, privatePaths: [...kept, ...added] };
}

/** Why a value cannot be the input of a flow run, or null. */
export function problemOfInput(input: unknown): string | null {
  if (!isJsonObject(input)) return 'not an object';
  return Object.hasOwn(input, '_context') ? '_context is read-only' : sizeProblem(input);
}

function checkSize(value: unknown, what: string): void {
  const problem = sizeProblem(value);
  if (problem !== null) throw new StateError(errorNames.limit, `${what}: ${problem}`);
}

function sizeProblem(value: unknown): string | null {
  const { stateBytes, stateDepth } = flowLimits;
  const { sizeBytes, depth } = measureJson(value, stateBytes, stateDepth);
  if (sizeBytes > stateBytes) return `larger than ${stateBytes} bytes; pass locations, not data`;
  return depth > stateDepth ? `nested deeper than ${stateDepth}` : null;
}
