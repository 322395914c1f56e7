import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';

/** Where an action is at its provider. */
export type ProviderStatusWord = 'ACTIVE' | 'INACTIVE' | 'SUCCEEDED' | 'FAILED';

/** A provider's answer about an action, as far as it can be trusted. */
export interface ProviderStatus {
  actionId: string;
  status: ProviderStatusWord;
  /** What it says of itself, for people. */
  words: string;
  document: JsonObject;
}

const words: readonly string[] = ['ACTIVE', 'INACTIVE', 'SUCCEEDED', 'FAILED'];

/** Members of the contract's status; what a provider says besides stays outside the flow run. */
const members = [
  'action_id',
  'status',
  'display_status',
  'details',
  'creator_id',
  'label',
  'start_time',
  'completion_time',
  'release_after',
  'monitor_by',
  'manage_by',
];

/** Reads a status document; a sentence when it is none, or that of another action. */
export function readProviderStatus(
  json: JsonObject | undefined,
  expectedId: string | null,
): ProviderStatus | string {
  if (json === undefined) return 'its answer is no JSON object';
  const { action_id: actionId, status, details, display_status: shown } = json;
  if (typeof actionId !== 'string' || actionId === '' || actionId.length > 500) {
    return 'its answer has no action_id';
  }
  if (expectedId !== null && actionId !== expectedId) {
    return `it was asked about ${expectedId} and answered about ${actionId}`;
  }
  if (!isStatusWord(status)) return `it calls the status ${JSON.stringify(status) ?? 'nothing'}`;
  const known = Object.entries(json).filter(([key]) => members.includes(key));
  const document: JsonObject = { ...Object.fromEntries(known), details: details ?? {} };
  const said = typeof shown === 'string' && shown !== '' ? shown : status;
  return { actionId, status, words: withReason(status, said, details), document };
}

function isStatusWord(value: unknown): value is ProviderStatusWord {
  return typeof value === 'string' && words.includes(value);
}

/** What a person needs to know who must see to it. */
function withReason(status: string, said: string, details: unknown): string {
  if (status !== 'INACTIVE' || !isJsonObject(details)) return said;
  const reason = [details['description'], details['reason'], details['message'], details['code']];
  const text = reason.find((part) => typeof part === 'string' && part !== '' && part !== said);
  return typeof text === 'string' ? `${said}: ${text}` : said;
}
