import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of a file of the tomography data that may lie beside the repository. */
export function tomoData(name: string): string {
  return fileURLToPath(new URL(`../../../../../../shared/data/tomo/${name}`, import.meta.url));
}

/** `{ skip }` for a test that needs a file: a reason where the file is missing, else false. */
export function needsTomoData(name: string): { skip: string | false } {
  return { skip: existsSync(tomoData(name)) ? false : `../shared/data/tomo/${name} is not here` };
}
