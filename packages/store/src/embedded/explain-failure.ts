import { DomainError } from '@interpulse/domain/error.ts';

/** Which program said something, for which folder, and how it ended. */
export interface ServerFailure {
  program: 'postgres' | 'initdb';
  folder: string;
  stderr: string;
  /** Exit code or signal, or what the operating system said when it could not be started. */
  ending: string;
}

/** Turns what PostgreSQL wrote before it ended into one error that says what to do next. */
export function explainFailure({ program, folder, stderr, ending }: ServerFailure): DomainError {
  const cause = new Error(`${program} ended with ${ending}:\n${stderr.trim()}`);
  const details = { cause };
  const running = /lock file "postmaster\.pid" already exists[\s\S]*?PID (\d+)/.exec(stderr);
  if (running !== null) {
    return new DomainError(
      'conflict',
      `The database in ${folder} is already running as process ${running[1]}. Stop the ` +
        'Interpulse that uses it, or choose another folder.',
      details,
    );
  }
  if (/No space left on device|Disk quota exceeded/.test(stderr)) {
    const message = `The disk under ${folder} is full: the database cannot start. Free some space.`;
    return new DomainError('exhausted', message, details);
  }
  const versions = /initialized by PostgreSQL version (\S+),[\s\S]*?version (\d+\S*)/.exec(stderr);
  if (versions !== null) return wrongVersion(folder, versions[1] ?? '', versions[2] ?? '', cause);
  if (/could not create any (Unix-domain|TCP\/IP) sockets|lock file ".*\.s\.PGSQL/.test(stderr)) {
    const message =
      `The database in ${folder} cannot open its socket: another server uses it, or the ` +
      'folder may not be written. See the cause for what PostgreSQL said.';
    return new DomainError('conflict', message, details);
  }
  if (/Permission denied|invalid permissions|wrong ownership/.test(stderr)) {
    const message =
      `PostgreSQL may not use ${folder} or its own program files. The folder must belong to the ` +
      'user who starts Interpulse, with mode 0700.';
    return new DomainError('unavailable', message, details);
  }
  const last = stderr.trim().split('\n').slice(-3).join(' / ');
  const message = `PostgreSQL (${program}) for ${folder} ended with ${ending}: ${last}`;
  return new DomainError('unavailable', message, details);
}

/** The error for a data folder made by another major version than the programs are. */
export function wrongVersion(
  folder: string,
  made: string,
  programs: string,
  cause?: unknown,
): DomainError {
  return new DomainError(
    'conflict',
    `The database in ${folder} was made by PostgreSQL ${made}; the programs here are version ` +
      `${programs}. Dump it with version ${made} and load it into a new folder, or install ` +
      `version ${made} again.`,
    cause === undefined ? {} : { cause },
  );
}
