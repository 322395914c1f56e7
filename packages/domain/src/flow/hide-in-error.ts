import { hideWords, hideWordsIn, wordsAt } from '../hide-words.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { FlowScope } from './flow-scope.ts';
import { evaluateParameters, privateNames, splitKey } from './parameters.ts';
import { StateError } from './state-error.ts';
import type { FlowState } from './states/state-kinds.ts';

/**
 * A state's error without the private values that the state could read or was given: messages and
 * providers repeat what they do not understand.
 */
export function hideInError(error: StateError, state: FlowState, scope: FlowScope): StateError {
  const words = privateWordsOf(state, scope);
  if (words.length === 0) return error;
  const output = hideWordsIn(error.output, words) as JsonObject;
  return new StateError(error.errorName, hideWords(error.message, words), output);
}

/** The same for a sentence that people read while the state waits. */
export function hideInSentence(sentence: string, state: FlowState, scope: FlowScope): string {
  return hideWords(sentence, privateWordsOf(state, scope));
}

/** The private values that a state could read or was given, as they may be found in texts. */
function privateWordsOf(state: FlowState, scope: FlowScope): string[] {
  const { document, privatePaths } = scope;
  const given =
    'Parameters' in state && state.Parameters ? wordsGiven(state.Parameters, scope) : [];
  const all = new Set([...wordsAt(document, privatePaths), ...given]);
  return [...all].toSorted((a, b) => b.length - a.length);
}

/** Where parameters cannot be evaluated, what is written in them. */
function wordsGiven(parameters: JsonObject, scope: FlowScope): string[] {
  try {
    const { value, privatePaths } = evaluateParameters(parameters, scope);
    return wordsAt(value, privatePaths);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return wordsWritten(parameters);
  }
}

function wordsWritten(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsWritten);
  if (!isJsonObject(value)) return [];
  const names = privateNames(value);
  return Object.entries(value).flatMap(([key, inner]) =>
    names.includes(splitKey(key).name) ? wordsAt(inner, [[]]) : wordsWritten(inner),
  );
}
