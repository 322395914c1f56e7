import { z } from 'zod';

/** Prefixes of ids, one per thing. */
export const idPrefixes = [
  'user',
  'project',
  'token',
  'agent',
  'site',
  'instrument',
  'job',
  'ensemble',
  'pilot',
  'transfer',
  'flow',
  'flowrun',
  'flowbatch',
  'trigger',
  'dataset',
  'maintenance',
  'action',
  'webinput',
  'notice',
] as const;

/** One of {@link idPrefixes}. */
export type IdPrefix = (typeof idPrefixes)[number];

/** An id such as `job_01k9z3…`: a readable prefix, then 26 lower-case base32 characters. */
export type Id<P extends IdPrefix> = `${P}_${string}`;

/** Names a user or service account. */
export type UserId = Id<'user'>;
/** Names an agent. */
export type AgentId = Id<'agent'>;
/** Names a site. */
export type SiteId = Id<'site'>;
/** Names an instrument. */
export type InstrumentId = Id<'instrument'>;
/** Names a job. */
export type JobId = Id<'job'>;
/** Names an ensemble: jobs that were submitted as one request. */
export type EnsembleId = Id<'ensemble'>;
/** Names a pilot; also the name of its batch job. */
export type PilotId = Id<'pilot'>;
/** Names a transfer. */
export type TransferId = Id<'transfer'>;
/** Names a flow. */
export type FlowId = Id<'flow'>;
/** Names a flow run. */
export type FlowRunId = Id<'flowrun'>;
/** Names a bulk start of flow runs. */
export type FlowBatchId = Id<'flowbatch'>;
/** Names a trigger. */
export type TriggerId = Id<'trigger'>;
/** Names a dataset. */
export type DatasetId = Id<'dataset'>;
/** Names a maintenance window of a site. */
export type MaintenanceId = Id<'maintenance'>;
/** Names an action that the hub carries out, of its own or of a provider elsewhere. */
export type ActionId = Id<'action'>;
/** Names a question to a person, asked by a flow run. */
export type WebInputId = Id<'webinput'>;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** The schema of ids with one prefix. */
export function idSchema<P extends IdPrefix>(prefix: P) {
  const error = `an id of this kind begins with ${prefix}_ and has 26 more letters and digits`;
  return z.templateLiteral([prefix, '_', z.string().regex(/^[0-9a-hjkmnp-tv-z]{26}$/)], { error });
}

/**
 * Makes an id that sorts by time: 48 bits of milliseconds, then 80 random bits, in Crockford's
 * base32. The clock and the randomness come from outside.
 */
export function makeId<P extends IdPrefix>(
  prefix: P,
  milliseconds: number,
  random: Uint8Array,
): Id<P> {
  if (random.length < 10) throw new RangeError('makeId needs 10 random bytes');
  const time = base32(Math.floor(milliseconds) % 2 ** 48, 10);
  return `${prefix}_${time}${base32(fiveBytes(random, 0), 8)}${base32(fiveBytes(random, 5), 8)}`;
}

/** 40 bits fit into a number, and are eight digits of five bits. */
function fiveBytes(bytes: Uint8Array, start: number): number {
  let bits = 0;
  for (let index = start; index < start + 5; index += 1) bits = bits * 256 + (bytes[index] ?? 0);
  return bits;
}

function base32(bits: number, digits: number): string {
  let text = '';
  let rest = bits;
  for (let digit = 0; digit < digits; digit += 1) {
    text = `${alphabet[rest % 32]}${text}`;
    rest = Math.floor(rest / 32);
  }
  return text;
}
