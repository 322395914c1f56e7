/** The closed set of ways in which a request can fail; one file in the hub maps them to HTTP. */
export const errorKinds = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'notFound',
  'conflict',
  'exhausted',
  'unavailable',
] as const;

/** One of {@link errorKinds}. */
export type ErrorKind = (typeof errorKinds)[number];

/** One fault in an input, with the path to it (`loc`), in the form editors can mark. */
export interface Fault {
  loc: (string | number)[];
  msg: string;
  type: string;
}

/** What a {@link DomainError} may carry besides its kind and message. */
export interface DomainErrorDetails {
  cause?: unknown;
  faults?: Fault[];
}

/**
 * An error that knows nothing of transports. The message says what was being done to what, and
 * what to do next. What the caller may not see is `notFound`.
 */
export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly faults: Fault[];

  constructor(kind: ErrorKind, message: string, details: DomainErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'DomainError';
    this.kind = kind;
    this.faults = details.faults ?? [];
  }
}
