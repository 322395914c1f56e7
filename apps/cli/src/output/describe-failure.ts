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
  unauthenticated:
    'sign in with a token of yours (portal: Settings): interpulse login URL --token TOKEN',
  unavailable: 'see what is wrong with: interpulse doctor',
};

/** By what messages call a thing: the noun of the command that lists them. */
const lists: Record<string, string> = {
  app: 'app',
  collection: 'collection',
  flow: 'flow',
  instrument: 'instrument',
  project: 'project',
  'service account': 'user',
  site: 'site',
  trigger: 'trigger',
  user: 'user',
  'user or service account': 'user',
};

/** Turns any error into one line (or one JSON document) and an exit code. */
export function describeFailure(error: unknown, isJson: boolean): Failure {
  if (isCommanderError(error)) {
    // Help and version end with a throw too; commander has printed what there is to say.
    return { exitCode: error.exitCode === 0 ? 0 : 2, text: '' };
  }
  if (error instanceof DomainError) {
    const exitCode = exitCodes[error.kind];
    const hint = hintOf(error);
    if (isJson) {
      const { kind, message, faults } = error;
      return { exitCode, text: JSON.stringify({ error: { kind, message, faults, hint } }) };
    }
    const message = error.message.replace(/^(?:params|query|body)\./, '');
    const lines = [`interpulse: ${message}`, ...(error.faults.length > 1 ? linesOf(error) : [])];
    return { exitCode, text: [...lines, ...(hint ? [`  ${hint}`] : [])].join('\n') };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isJson) return { exitCode: 1, text: JSON.stringify({ error: { kind: 'failed', message } }) };
  return { exitCode: 1, text: `interpulse: ${message}` };
}

function hintOf({ kind, message }: DomainError): string | undefined {
  if (message.includes('interpulse ') && kind !== 'unauthenticated') return undefined;
  const [, noun = ''] = /there is no ([a-z ]+) "/.exec(message) ?? [];
  const list = lists[noun];
  return list === undefined ? hints[kind] : `see: interpulse ${list} list`;
}

/** Faults with their places; of those that say the same, one line. */
function linesOf({ faults }: DomainError): string[] {
  const places = new Map<string, string[]>();
  for (const { loc, msg } of faults) {
    places.set(msg, [...(places.get(msg) ?? []), loc.join('.') || 'input']);
  }
  return [...places].map(([msg, [first = '', ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more, to ${others.at(-1)}`;
    return `  ${first}${more}: ${msg}`;
  });
}

function isCommanderError(error: unknown): error is Error & { exitCode: number } {
  return (
    error instanceof Error &&
    'exitCode' in error &&
    'code' in error &&
    String(error.code).startsWith('commander.')
  );
}
