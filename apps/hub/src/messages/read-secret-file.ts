import { readFile } from 'node:fs/promises';
import { DomainError } from '@interpulse/domain/error.ts';

/**
 * The first line of a file that holds a secret.
 * @throws DomainError `unavailable`, without the file's content or path, when it cannot be read.
 */
export async function readSecretFile(path: string, what: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => null);
  const line = text?.split('\n')[0]?.trim() ?? '';
  if (line !== '') return line;
  const message = `${what}: the file that the hub's configuration names has none`;
  throw new DomainError('unavailable', message);
}
