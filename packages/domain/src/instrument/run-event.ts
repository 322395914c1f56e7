import { z } from 'zod';
import { jsonObjectSchema, measureJson, type Json, type JsonObject } from '../json.ts';
import { instantSchema } from '../time.ts';
import { runLimits } from './run-limits.ts';

/** What an instrument's control system may say of a run. */
export const runEventKinds = [
  'runStarted',
  'runEnded',
  'parametersSet',
  'shotTaken',
  'nextShotDue',
] as const;

/** One of {@link runEventKinds}. */
export type RunEventKind = (typeof runEventKinds)[number];

const parametersSchema = jsonObjectSchema
  .refine((parameters) => Object.keys(parameters).length <= runLimits.parameters, {
    message: `at most ${runLimits.parameters} parameters`,
  })
  .refine((parameters) => Object.keys(parameters).every(isName), {
    message: `names of parameters have 1 to ${runLimits.nameLength} characters`,
  })
  .refine((parameters) => Object.values(parameters).every(isSmall), {
    message: `the value of a parameter has at most ${runLimits.valueBytes} bytes as JSON`,
  });

/**
 * A run started or ended, parameters were set, a shot was taken, or the next one is due. The same
 * event again (instrument, run, kind and id) changes nothing.
 */
export const runEventSchema = z.strictObject({
  kind: z.enum(runEventKinds),
  /** The number of the run or shot. */
  run: z.number().int().min(0),
  at: instantSchema,
  /**
   * Tells events of one kind and run apart. Left empty, a run starts, ends and is taken once, and
   * other events are told apart by their instants.
   */
  id: z.string().max(runLimits.nameLength).default(''),
  /** Values by name: all that changed. */
  parameters: parametersSchema.default({}),
  /** When the next shot is due; for `shotTaken` and `nextShotDue`. */
  nextShotAt: instantSchema.nullable().default(null),
});

/** See {@link runEventSchema}. */
export type RunEvent = z.infer<typeof runEventSchema>;

const oncePerRun: ReadonlySet<RunEventKind> = new Set(['runStarted', 'runEnded', 'shotTaken']);

/** What tells this event apart from others of its kind and run. */
export function identityOf(event: RunEvent): string {
  if (event.id !== '' || oncePerRun.has(event.kind)) return event.id;
  return event.kind === 'nextShotDue' ? (event.nextShotAt ?? event.at) : event.at;
}

/** A parameter of a run, with the instant at which it was set. */
export interface SetParameter {
  value: Json;
  at: string;
}

/**
 * Parameters with those of an event: of two values the later one counts, whichever came first, so
 * that events may come late and twice. Of two at one instant the one that sorts last counts.
 */
export function mergeParameters(
  kept: Readonly<Record<string, SetParameter>>,
  parameters: JsonObject,
  at: string,
): Record<string, SetParameter> {
  const set = Object.entries(parameters).flatMap(([name, value]) => {
    const old = Object.hasOwn(kept, name) ? kept[name] : undefined;
    const parameter = { value, at };
    return old === undefined || isLater(parameter, old) ? [[name, parameter] as const] : [];
  });
  return Object.fromEntries([...Object.entries(kept), ...set]);
}

function isLater(one: SetParameter, other: SetParameter): boolean {
  if (one.at !== other.at) return one.at > other.at;
  return JSON.stringify(one.value) > JSON.stringify(other.value);
}

function isName(name: string): boolean {
  return name.length > 0 && name.length <= runLimits.nameLength;
}

function isSmall(value: Json): boolean {
  return measureJson(value, runLimits.valueBytes, 16).sizeBytes <= runLimits.valueBytes;
}
