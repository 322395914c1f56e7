import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Answers of a real batch system that may lie beside the repository. */
export interface RecordedAnswers {
  /** The `skip` of a test: why they cannot be read, or false. */
  skip: string | false;
  read(name: string): string;
}

/** Answers recorded from one release, such as `slurm-22.05.8`. */
export function recordedAnswers(release: string): RecordedAnswers {
  const place = `../shared/data/samples/${release}`;
  const folder = fileURLToPath(new URL(`../../../../${place}/`, import.meta.url));
  return {
    skip: existsSync(folder) ? false : `${place} is not here`,
    read: (name) => readFileSync(`${folder}${name}`, 'utf8'),
  };
}
