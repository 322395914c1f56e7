import { DomainError } from '@interpulse/domain/error.ts';
import type { CommandAnswer } from '../run-command.ts';

/**
 * The job's id in the answer of `sbatch --parsable`: `123` or `123;cluster`, which a site's own
 * greeting may precede.
 *
 * @throws DomainError `unavailable`, with the first line.
 */
export function readSubmitted(purpose: string, { stdout }: CommandAnswer): string {
  const lines = stdout.split('\n').map((line) => line.trim());
  const id = lines.map((line) => /^(\d+)(?:;\S*)?$/.exec(line)?.[1]).findLast((found) => found);
  if (id !== undefined) return id;
  const said = JSON.stringify(lines.find((line) => line !== '')?.slice(0, 200) ?? '');
  throw new DomainError('unavailable', `${purpose}: sbatch said ${said} and no job id`);
}
