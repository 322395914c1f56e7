import { z } from 'zod';
import { addSeconds } from '../../time.ts';
import type { Instant } from '../../time.ts';
import { isJsonObject } from '../../json.ts';
import type { Json, JsonObject } from '../../json.ts';
import { inputTypes, questionParameters, readQuestion } from '../../web-input/question.ts';
import type { Question } from '../../web-input/question.ts';
import { webInputLimits } from '../../web-input/web-input-limits.ts';
import { catcherSchema, inspectCatching } from '../catching.ts';
import { flowLimits } from '../flow-limits.ts';
import type { Shown } from '../flow-scope.ts';
import { parameterNames } from '../parameters.ts';
import { redact, redacted } from '../redact.ts';
import { errorNames } from '../state-error.ts';
import type { StateInspection } from '../state-inspection.ts';
import { raises } from '../state-kind.ts';
import type { StateKind, StateOutcome, StateVisit } from '../state-kind.ts';
import { timestampMilliseconds } from '../timestamp.ts';
import { objectSchema, transitionShape } from './state-fields.ts';
import { inspectStateInput, stateInput } from './state-input.ts';

const createWebInputSchema = z.strictObject({
  Type: z.literal('CreateWebInput'),
  ...transitionShape,
  Parameters: objectSchema.optional(),
  InputPath: z.string().optional(),
  ResultPath: z.string().optional(),
  Catch: z.array(catcherSchema).optional(),
});

/** A state of type CreateWebInput, as parsed. */
export type CreateWebInputState = z.infer<typeof createWebInputSchema>;

/** When it expires and who may answer, beside the question itself. */
const callSchema = z.object({
  RespondentUrns: z
    .union([z.string().transform((urn) => [urn]), z.array(z.string().max(300))])
    .default([]),
  ExpiresAfterSeconds: z
    .number()
    .positive()
    .max(flowLimits.waitSeconds)
    .default(webInputLimits.expiresAfterSeconds),
  ExpiresAtDeadline: z.boolean().default(false),
});

/** Asks people a question and goes on at once; its result names the question. */
export const createWebInputState: StateKind<CreateWebInputState> = {
  schema: createWebInputSchema,
  blocks: false,
  globus: true,
  inspect(state, inspection) {
    inspection.transition(state);
    inspection.oneOf(state, ['Parameters', 'InputPath'], true);
    inspectStateInput(state, inspection);
    if (state.Parameters !== undefined) inspectQuestion(state.Parameters, inspection);
    inspection.writePath(['ResultPath'], state.ResultPath ?? '$');
    inspectCatching(state, inspection);
  },
  enter(state, visit) {
    const input = stateInput(state, visit.scope);
    const { state: name, step } = visit.branch;
    const call = callSchema.safeParse(input.value);
    if (!call.success) {
      const [issue] = call.error.issues;
      return unasked(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
    }
    const question = questionOf(input, name);
    if ('problem' in question) return unasked(question.problem);
    const {
      RespondentUrns: respondentUrns,
      ExpiresAfterSeconds: seconds,
      ExpiresAtDeadline: atDeadline,
    } = call.data;
    const expiresAt = earlier(addSeconds(visit.now, seconds), atDeadline ? deadline(visit) : null);
    const respondentsPrivate = input.privatePaths.some(
      ([first]) => first === undefined || first === 'RespondentUrns',
    );
    return {
      kind: 'block',
      wait: { kind: 'webInput', webInputId: null, title: question.title, expiresAt },
      effects: [
        {
          kind: 'createWebInput',
          step,
          state: name,
          question,
          respondentUrns,
          respondentsPrivate,
          expiresAt,
        },
      ],
      input,
    };
  },
  receive(state, { branch }, event) {
    if (branch.wait?.kind !== 'webInput') {
      return { kind: 'refuse', reason: 'otherStep', message: 'no question is being asked' };
    }
    if (event.kind === 'webInputRefused') return unasked(event.reason);
    if (event.kind !== 'webInputCreated') {
      return { kind: 'refuse', reason: 'otherStep', message: 'the step waits for its question' };
    }
    const { webInputId } = event;
    const value: JsonObject = {
      web_input_id: webInputId,
      expires_at: branch.wait.expiresAt,
      path: `/questions/${webInputId}`,
    };
    const resultPath = state.ResultPath ?? '$';
    return { kind: 'done', output: { value, privatePaths: [] }, resultPath, input: null };
  },
};

function unasked(why: string): StateOutcome {
  return raises(errorNames.webInput, why);
}

function inspectQuestion(parameters: JsonObject, inspection: StateInspection): void {
  const at = ['Parameters'];
  const names = parameterNames(parameters);
  const { InputType: type } = parameters;
  const types = Object.keys(inputTypes);
  if (!names.includes('InputType')) {
    inspection.fault(at, 'missing', `InputType is required: ${types.join(', ')}`);
  } else if (type !== undefined && !(typeof type === 'string' && types.includes(type))) {
    inspection.fault([...at, 'InputType'], 'enum', `there are ${types.join(', ')}`);
  }
  const needed = type === 'Form' ? 'Schema' : 'Options';
  if (type !== undefined && !names.includes(needed)) {
    inspection.fault(at, 'missing', `${needed} is required`);
  }
  if (type === 'Form' || type === 'Table') {
    inspection.warn(at, 'extension', `${type} is an extension that Globus does not know`);
  }
  const known = [...questionParameters, ...Object.keys(callSchema.shape)];
  for (const name of names) {
    if (!known.includes(name)) inspection.warn(at, 'ignored', `${name} has no meaning here`);
  }
}

/** Private facts are hidden from those who are asked; options cannot be. */
function questionOf({ value, privatePaths }: Shown, state: string): Question | { problem: string } {
  const hidden = privatePaths.filter(([first]) => first !== 'RespondentUrns');
  const other = hidden.find(([first]) => first !== 'Context');
  if (other !== undefined) {
    const name = other[0] ?? 'the whole question';
    return { problem: `${name} is private, and people cannot choose what they do not see` };
  }
  if (hidden.length === 0) return readQuestion(value, state);
  const shown = redact(value, hidden);
  return readQuestion(isJsonObject(shown) ? withReadableContext(shown) : shown, state);
}

/** Where an object or a list is hidden as a whole there stands a word. */
function withReadableContext(parameters: JsonObject): JsonObject {
  const { Context: context } = parameters;
  if (!isJsonObject(context)) return { ...parameters, Context: {} };
  const rows = Array.isArray(context['Rows']) ? context['Rows'] : [];
  const hiddenRow = { Field: redacted, Value: redacted };
  const Rows = rows.map((row) => (isJsonObject(row) ? row : hiddenRow));
  return { ...parameters, Context: { ...context, Rows } };
}

function deadline({ scope }: StateVisit): Instant | null {
  const context: Json = scope.document['_context'] ?? null;
  const facts: Json = isJsonObject(context) ? (context['deadline'] ?? null) : null;
  const at = isJsonObject(facts) ? facts['at'] : null;
  return typeof at === 'string' && timestampMilliseconds(at) !== null ? at : null;
}

function earlier(one: Instant, other: Instant | null): Instant {
  return other !== null && other < one ? other : one;
}
