import { DomainError, type ErrorKind } from '@interpulse/domain/error.ts';

/** What a command that failed leaves behind. */
export interface Failure {
  exitCode: number;
  /** For standard error; empty when everything has been said. */
  text: string;
}

/** By kind: 1 failed, 2 bad usage or input, 3 not found, 4 not allowed, 5 unavailable. */
const exitCodes: Record<ErrorKind, number> = {
  invalid: 2,
  unauthenticated: 4,
  forbidden: 4,
  notFound: 3,
  conflict: 1,
  exhausted: 5,
  unavailable: 5,
};

const hints: Partial<Record<ErrorKind, string>> = {
  unauthenticated: 'sign in with: interpulse login URL --token TOKEN',
  unavailable: 'see what is wrong with: interpulse doctor',
};

/** Turns any error into one line (or one JSON document) and an exit code. */
export function describeFailure(error: unknown, isJson: boolean): Failure {
  if (isCommanderError(error)) {
    // Help and version end with a throw too; commander has printed what there is to say.
    return { exitCode: error.exitCode === 0 ? 0 : 2, text: '' };
  }
  if (error instanceof DomainError) {
    const exitCode = exitCodes[error.kind];
    const hint = error.message.includes('interpulse ') ? undefined : hints[error.kind];
    if (isJson) {
      const { kind, message, faults } = error;
      return { exitCode, text: JSON.stringify({ error: { kind, message, faults, hint } }) };
    }
    const faults = error.faults.map(({ loc, msg }) => `  ${loc.join('.') || 'input'}: ${msg}`);
    const message = error.message.replace(/^(?:params|query|body)\./, '');
    const lines = [`interpulse: ${message}`, ...(error.faults.length > 1 ? faults : [])];
    return { exitCode, text: [...lines, ...(hint ? [`  ${hint}`] : [])].join('\n') };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isJson) return { exitCode: 1, text: JSON.stringify({ error: { kind: 'failed', message } }) };
  return { exitCode: 1, text: `interpulse: ${message}` };
}

function isCommanderError(error: unknown): error is Error & { exitCode: number } {
  return (
    error instanceof Error &&
    'exitCode' in error &&
    'code' in error &&
    String(error.code).startsWith('commander.')
  );
}
