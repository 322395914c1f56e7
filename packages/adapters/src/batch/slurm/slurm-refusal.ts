import { DomainError } from '@interpulse/domain/error.ts';
import type { CommandAnswer } from '../run-command.ts';

/** Words of Slurm's commands that speak of the connection and not of the request. */
const silent = new RegExp(
  [
    'Unable to contact slurm controller',
    'Socket timed out',
    'Connection (refused|timed out|reset)',
    'Transport endpoint',
    'Zero Bytes were transmitted',
    'communication',
    'Protocol (authentication|version)',
    'authentication (plugin|error)',
    'munge',
    'talking to (the )?database',
    'slurmdbd',
    'configuration source',
    'backup controller',
    'in standby',
  ].join('|'),
  'i',
);

/** Words that speak of a limit which others, or we ourselves, have reached for the moment. */
const full = new RegExp(
  [
    'Max(Submit)?Jobs?\\w*(Per\\w*)?Limit',
    'MaxSubmit',
    'temporarily unable to accept',
    'job submit limit',
    'Job count limit',
    'too many jobs',
    'Resource temporarily unavailable',
  ].join('|'),
  'i',
);

/** A limit that this request will always be over. */
const perJob = /(Assoc|QOS)\w*PerJob(Limit)?\b/;

/** Turns a command of Slurm's that failed into an error with Slurm's words. */
export function slurmRefusal(
  purpose: string,
  program: string,
  { exitCode, stdout, stderr }: CommandAnswer,
): DomainError {
  const text = `${stderr}\n${stdout}`.trim();
  const words = text === '' ? 'nothing' : text.split('\n').slice(0, 4).join('; ').slice(0, 500);
  const said = `${purpose}: ${program} exited with ${exitCode} and said: ${words}`;
  if (silent.test(text)) return new DomainError('unavailable', said);
  if (full.test(text) && !perJob.test(text)) return new DomainError('exhausted', said);
  return new DomainError(text === '' ? 'unavailable' : 'invalid', said);
}
