import { statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The path of a program as `execvp` would find it on `searchPath`; relative ones with a slash stay
 * as they are.
 *
 * @throws Error with the code `ENOENT` or `EACCES`.
 */
export function findProgram(program: string, searchPath: string | undefined): string {
  if (program.includes('/')) return program;
  let code = 'ENOENT';
  for (const folder of (searchPath ?? '/usr/local/bin:/usr/bin:/bin').split(':')) {
    const path = join(folder === '' ? '.' : folder, program);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) continue;
    if ((stats.mode & 0o111) !== 0) return folder === '' ? `./${path}` : path;
    code = 'EACCES';
  }
  throw Object.assign(new Error(`${program}: ${code}`), { code });
}
