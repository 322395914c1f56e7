import { DomainError } from '@interpulse/domain/error.ts';
import type { CommandAnswer } from '../run-command.ts';

/** Words of PBS's commands that speak of the connection and not of the request. */
const silent = new RegExp(
  [
    'cannot connect to server',
    'Connection (refused|timed out|reset)',
    'No route to host',
    'Unauthorized Request.*credential',
    'authentication',
    'munge',
    'server shutting down',
    'End of File',
    'Premature end of message',
    'Communication failure',
    'Unknown Host',
    'pbs_iff',
    'Internal server error',
    'Server is busy',
  ].join('|'),
  'i',
);

/** Words that speak of a limit which we have reached for the moment. */
const full = new RegExp(
  [
    'would exceed .*(limit|queued)',
    'Maximum number of jobs already in',
    'exceeds? .*limit on (number|resource)',
    'max_queued',
    'limit .*(reached|exceeded)',
  ].join('|'),
  'i',
);

/** Turns a command of PBS's that failed into an error with PBS's words. */
export function pbsRefusal(
  purpose: string,
  program: string,
  { exitCode, stdout, stderr }: CommandAnswer,
): DomainError {
  const text = `${stderr}\n${stdout}`.trim();
  const words = text === '' ? 'nothing' : text.split('\n').slice(0, 4).join('; ').slice(0, 500);
  const said = `${purpose}: ${program} exited with ${exitCode} and said: ${words}`;
  if (text === '' || silent.test(text)) return new DomainError('unavailable', said);
  return new DomainError(full.test(text) ? 'exhausted' : 'invalid', said);
}
