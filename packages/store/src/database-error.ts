import { DomainError } from '@interpulse/domain/error.ts';

const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '25P03', // idle_in_transaction_session_timeout
  '53300', // too_many_connections
]);

/** Numbers and instants for which there is no room: they will not fit the next time either. */
const rangeCodes = new Set(['22003', '22007', '22008']);

/** What pg and its pool say without a code. */
const lostMessages = new RegExp(
  [
    'Connection terminated',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error',
    'not queryable',
    'Cannot use a pool after calling end',
  ].join('|'),
);

const tryAgain = 'Try again.';

/** What pg's errors carry; `code` is an SQLSTATE or an error of the operating system. */
interface CodedError {
  code?: string;
}

/**
 * Gives an error of the driver one of our kinds where it has one: connection lost or refused,
 * deadlock and serialization failure are `unavailable`, a full disk is `exhausted`, text that
 * PostgreSQL cannot store is `invalid`, and so is a number or an instant out of range. All others
 * (a violated constraint, a mistake in our SQL) come back as they are.
 */
export function asDomainError(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof Error)) return error;
  const { code = '' } = error as CodedError;
  const details = { cause: error };
  if (lostCodes.has(code) || code.startsWith('08') || lostMessages.test(error.message)) {
    const message = `The database cannot be reached: ${error.message || code}. ${tryAgain}`;
    return new DomainError('unavailable', message, details);
  }
  if (code === '40001' || code === '40P01' || code === '55P03') {
    const message = `The database let another transaction go first. ${tryAgain}`;
    return new DomainError('unavailable', message, details);
  }
  if (code === '53100') {
    return new DomainError('exhausted', "The database's disk is full: free some space.", details);
  }
  if (rangeCodes.has(code)) {
    const message = `A value is beyond what can be stored: ${error.message}.`;
    return new DomainError('invalid', message, details);
  }
  if (code === '22021' || code === '22P05') {
    const message = 'A text holds a NUL or another character that cannot be stored. Remove it.';
    return new DomainError('invalid', message, details);
  }
  return error;
}
