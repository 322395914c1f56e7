import { evaluateExpression } from '../flow/expression/evaluate-expression.ts';
import { isTrue } from '../flow/expression/expression-values.ts';
import { evaluateParameters, splitKey } from '../flow/parameters.ts';
import type { FlowScope } from '../flow/flow-scope.ts';
import { errorNames, StateError } from '../flow/state-error.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { limits } from '../limits.ts';
import { addSeconds, fromMilliseconds, type Instant } from '../time.ts';
import type { Trigger } from './trigger.ts';
import type { TriggerEvent } from './trigger-event.ts';
import { triggerLimits } from './trigger-limits.ts';

/** What decides about an event at a trigger. */
export type TriggerRules = Pick<Trigger, 'input' | 'label' | 'when' | 'dedupKey' | 'deadline'>;

/** What an event asks of a trigger that matches it. `key` is the same for the same event. */
export type TriggerVerdict =
  | {
      kind: 'start';
      key: string;
      input: JsonObject;
      label: string;
      deadlineAt: Instant | null;
      /** The deadline is the next shot, and moves when that does. */
      followsShotClock: boolean;
    }
  | { kind: 'filtered'; key: string; reason: string }
  | { kind: 'failed'; key: string; reason: string };

/** What a trigger makes of an event: its key, whether it counts, and how the flow is started. */
export function evaluateTrigger(trigger: TriggerRules, event: TriggerEvent): TriggerVerdict {
  const scope: FlowScope = { document: event.document, privatePaths: [] };
  let key = event.key;
  let part = 'dedupKey';
  try {
    if (trigger.dedupKey !== null) key = keyText(evaluateExpression(trigger.dedupKey, scope).value);
    part = 'when';
    if (trigger.when !== null && !isTrue(evaluateExpression(trigger.when, scope).value)) {
      return { kind: 'filtered', key, reason: `"${shorten(trigger.when)}" is not true for it` };
    }
    part = 'input';
    const input = inputOf(trigger, event, scope);
    part = 'label';
    const label = labelOf(trigger, event, scope);
    part = 'deadline';
    const deadlineAt = deadlineOf(trigger, event, scope);
    const followsShotClock = trigger.deadline === 'nextShot' && event.instrument !== null;
    return { kind: 'start', key, input, label, deadlineAt, followsShotClock };
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return { kind: 'failed', key, reason: `its ${part}: ${error.message}` };
  }
}

/** Whether an input has keys in the language's forms, at any depth. */
export function hasMapping(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasMapping);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(
    ([key, inner]) => splitKey(key).form !== null || hasMapping(inner),
  );
}

function inputOf({ input }: TriggerRules, event: TriggerEvent, scope: FlowScope): JsonObject {
  if (!hasMapping(input)) return { input: { ...input, ...event.basics } };
  const { value } = evaluateParameters(input, scope);
  return isJsonObject(value) ? value : {};
}

function labelOf({ label }: TriggerRules, event: TriggerEvent, scope: FlowScope): string {
  const text = label === null ? event.label : textOf(evaluateExpression(label, scope).value);
  return text.slice(0, limits.nameLength);
}

function deadlineOf(
  { deadline }: TriggerRules,
  event: TriggerEvent,
  scope: FlowScope,
): Instant | null {
  if (deadline === 'none') return null;
  if (typeof deadline === 'number') return addSeconds(event.at, deadline);
  if (typeof deadline === 'object') {
    const expression = deadline['at.='];
    return instantOf(evaluateExpression(expression, scope).value, expression);
  }
  if (event.instrument === null) return null;
  const { nextShotAt, periodSeconds, lastShotNumber } = event.instrument;
  // The clock may already have moved on to a later shot while this file was being written.
  if (nextShotAt !== null && lastShotNumber === event.shotNumber) return nextShotAt;
  return periodSeconds === null ? null : addSeconds(event.at, periodSeconds);
}

/** An instant as text, or as seconds since 1970, the two forms that control systems send. */
function instantOf(value: Json, expression: string): Instant | null {
  if (value === null) return null;
  const isText = typeof value === 'string' && /\d{4}-\d\d-\d\d[T ]/.test(value);
  const isNumber = typeof value === 'number';
  const at = isText ? Date.parse(value) : isNumber ? value * 1000 : Number.NaN;
  // Years of four digits: what lies beyond cannot be stored as an instant.
  if (at > 0 && at < 253_402_300_800_000) return fromMilliseconds(Math.round(at));
  throw new StateError(
    errorNames.expression,
    `${shorten(expression)} is ${shorten(JSON.stringify(value))}, not an instant: ` +
      'give ISO 8601 text or seconds since 1970',
  );
}

function keyText(value: Json): string {
  const text = textOf(value);
  if (value !== null && text !== '' && text.length <= triggerLimits.keyLength) return text;
  const why = text.length > triggerLimits.keyLength ? 'too long' : 'empty';
  throw new StateError(errorNames.expression, `the key is ${why}: ${shorten(text)}`);
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
