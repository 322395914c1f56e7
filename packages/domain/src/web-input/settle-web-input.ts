import type { ErrorKind, Fault } from '../error.ts';
import type { Json } from '../json.ts';
import type { Instant } from '../time.ts';
import { checkResponse } from './check-response.ts';
import type { Question } from './question.ts';
import type { WebInputStatus } from './web-input.ts';

/** What ends a question. `by` is the name of who did it. */
export type WebInputEnding =
  | { kind: 'answer'; by: string; response: Json; comment: string }
  | { kind: 'expire' }
  | { kind: 'close'; by: string | null; reason: string };

/** How a question ended. */
export interface WebInputEnd {
  status: Exclude<WebInputStatus, 'open'>;
  endedAt: Instant;
  endedBy: string | null;
  response: Json;
  comment: string;
}

/** Why a question was not ended so. */
export interface WebInputRefusal {
  kind: ErrorKind;
  message: string;
  faults?: Fault[];
}

/**
 * Ends an open question, or says why not. Whatever comes first wins: at the instant of its expiry
 * and after it no answer counts, before it no expiry does.
 *
 *     open ──answer (before expiresAt)──▶ answered
 *       ├────expire (from expiresAt on)─▶ expired
 *       └────close──────────────────────▶ closed
 */
export function settleWebInput(
  now: { status: WebInputStatus; expiresAt: Instant; question: Question },
  ending: WebInputEnding,
  at: Instant,
): { end: WebInputEnd } | { refusal: WebInputRefusal } {
  if (now.status !== 'open') return conflict(`the question is ${now.status} already`);
  const nobody = { endedAt: at, endedBy: null, response: null, comment: '' };
  const isOver = at >= now.expiresAt;
  switch (ending.kind) {
    case 'expire':
      if (!isOver) return conflict(`the question may be answered until ${now.expiresAt}`);
      return { end: { ...nobody, status: 'expired' } };
    case 'close': {
      const { by, reason } = ending;
      return { end: { ...nobody, status: 'closed', endedBy: by, comment: reason } };
    }
    case 'answer': {
      if (isOver) return conflict(`the question has expired at ${now.expiresAt}`);
      const { by, response, comment } = ending;
      const faults = checkResponse(now.question, response);
      const [first] = faults;
      if (first === undefined) {
        return { end: { status: 'answered', endedAt: at, endedBy: by, response, comment } };
      }
      const located = faults.map((fault) => ({ ...fault, loc: ['response', ...fault.loc] }));
      const message = `the answer does not fit the question: ${first.msg}`;
      return { refusal: { kind: 'invalid', message, faults: located } };
    }
  }
}

function conflict(message: string): { refusal: WebInputRefusal } {
  return { refusal: { kind: 'conflict', message } };
}
