import { ZodError } from 'zod';
import type { Problem } from '@interpulse/api/routes/contract.ts';
import { DomainError, type ErrorKind } from '@interpulse/domain/error.ts';
import { schemaFaults } from '@interpulse/domain/flow/schema-faults.ts';

const statuses: Record<ErrorKind, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  exhausted: 429,
  unavailable: 503,
};

const titles: Record<ErrorKind, string> = {
  invalid: 'The request is not valid',
  unauthenticated: 'Nobody is signed in',
  forbidden: 'This is not allowed',
  notFound: 'There is no such thing, or it may not be seen',
  conflict: 'This conflicts with what is there',
  exhausted: 'A limit is reached',
  unavailable: 'Something that is needed does not answer',
};

/** The one place where errors become HTTP: a problem document (RFC 9457) with its status. */
export function problemOf(error: unknown): Problem {
  const known = asKnown(error);
  if (known instanceof DomainError) {
    return {
      type: `/problems/${known.kind}`,
      title: titles[known.kind],
      status: statuses[known.kind],
      detail: known.message,
      ...(known.faults.length > 0 ? { errors: known.faults } : {}),
    };
  }
  const status = statusOf(known);
  if (status !== null) {
    const kind = status === 404 ? 'notFound' : status === 413 ? 'exhausted' : 'invalid';
    const detail = known instanceof Error ? known.message : titles[kind];
    return { type: `/problems/${kind}`, title: titles[kind], status, detail };
  }
  return {
    type: '/problems/internal',
    title: 'The hub failed',
    status: 500,
    detail: 'The hub failed in a way that it did not foresee; its log says more.',
  };
}

function asKnown(error: unknown): unknown {
  if (error instanceof ZodError) return fromZod(error);
  // What walks a value goes as deep as the value: only what came in can be as deep as the stack.
  const isTooDeep = error instanceof RangeError && error.message.includes('call stack');
  return isTooDeep
    ? new DomainError('invalid', 'the JSON of the request is nested too deeply', { cause: error })
    : error;
}

/** Faults of a parsed request, each with its path. */
export function fromZod(error: ZodError): DomainError {
  const faults = schemaFaults(error.issues.slice(0, 100));
  const [first] = faults;
  const where = first && first.loc.length > 0 ? `${first.loc.join('.')}: ` : '';
  return new DomainError('invalid', `${where}${first?.msg ?? 'not valid'}`, { faults });
}

/** Fastify's own refusals (bad JSON, too large, no such route) carry a status below 500. */
function statusOf(error: unknown): number | null {
  const code = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof code === 'number' && code >= 400 && code < 500 ? code : null;
}
