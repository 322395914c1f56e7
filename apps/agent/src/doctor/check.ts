import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** One thing that must be in order for an agent to work. */
export interface Check {
  name: string;
  ok: boolean;
  /** What was found. */
  detail: string;
  /** What to do when it is not in order. */
  fix: string;
}

/** Looks at one thing; what `look` throws is what was found. */
export async function check(
  name: string,
  fix: string,
  look: () => Promise<string>,
): Promise<Check> {
  try {
    return { name, ok: true, detail: await look(), fix };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const detail = cause instanceof Error ? cause.message : String(cause);
    return { name, ok: false, detail, fix };
  }
}

/** Where a program is. @throws Error when it is in none of the folders. */
export async function findProgram(name: string, folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`${name} was not found`);
}
