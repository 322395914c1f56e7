import { DomainError } from '@interpulse/domain/error.ts';
import type { ErrorKind } from '@interpulse/domain/error.ts';

const faults: Record<string, [ErrorKind, string]> = {
  ENOENT: ['notFound', 'it is not there'],
  EACCES: ['forbidden', 'permission denied; ask the owner of the folder'],
  EPERM: ['forbidden', 'operation not permitted; ask the owner of the folder'],
  EROFS: ['forbidden', 'the file system is read-only'],
  ENOSPC: ['exhausted', 'no space left; free some and try again'],
  EDQUOT: ['exhausted', 'quota used up; free some space and try again'],
  EFBIG: ['exhausted', 'larger than the file system allows'],
  EMFILE: ['exhausted', 'too many open files; raise the limit of the agent'],
  ENFILE: ['exhausted', 'too many open files on this machine'],
  ENAMETOOLONG: ['invalid', 'the name is too long for this file system'],
  EILSEQ: ['invalid', 'the name cannot be written on this file system'],
  EINVAL: ['invalid', 'the file system refuses it'],
  EISDIR: ['conflict', 'a folder of that name is in the way'],
  ENOTDIR: ['conflict', 'a file stands where a folder is needed'],
  EEXIST: ['conflict', 'something of that name is in the way'],
  ENOTEMPTY: ['conflict', 'a folder of that name is in the way'],
  ELOOP: ['invalid', 'it is a link, and links are not followed'],
};

/**
 * The error of a file operation in our words: what was being done to which path, and why not.
 * Passes a `DomainError` through; what the table does not know is `unavailable`.
 */
export function fileFault(error: unknown, doing: string, path: string): DomainError {
  if (error instanceof DomainError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [kind, why] = faults[code] ?? [
    'unavailable',
    error instanceof Error ? error.message : String(error),
  ];
  return new DomainError(kind, `${doing} ${path}: ${why}`, { cause: error });
}
